"""Product numbers, which people know, instead of product keys."""

from __future__ import annotations

import polars as pl


def named(frame: pl.DataFrame, products: pl.DataFrame, key: str, field: str) -> pl.DataFrame:
    """Add a field with the product number that a key stands for; a key that no product has stays as it is."""
    names = products.select(pl.col("ProductID").alias(key), pl.col("ProductNumber").alias(field))
    number = pl.coalesce(pl.col(field), pl.col(key).cast(pl.String))
    return frame.join(names.unique(key), on=key, how="left", maintain_order="left").with_columns(number.alias(field))
