"""A plan run on the compiled shop, again and again, under the chances that the factory's rows describe."""
