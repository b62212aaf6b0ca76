"""Plans and faults as plain values."""

import json
from dataclasses import replace

import polars as pl

from linewright.kit.facts import fault_facts, headline, late_causes, plan_facts


def test_the_facts_are_json_and_hold_the_plans_numbers(plan):
    """What the screen shows a machine can read too."""
    facts = json.loads(json.dumps(plan_facts(plan)))
    assert facts["counts"]["operations"] == plan.operations.height
    assert facts["costs"] == dict(plan.costs)
    assert [row["order"] for row in facts["late_orders"]] == plan.late_orders["order"].to_list()
    assert facts["unplanned_orders"][0]["reason"] == "no machine may do step 20 of GEAR-99"
    assert facts["gap"] == plan.gap


def test_the_causes_of_late_orders_add_up(plan):
    """Every late order is counted once, and the dearest cause comes first."""
    causes = late_causes(plan)
    assert sum(one["orders"] for one in causes) == plan.late_orders.height
    assert abs(sum(one["late_cost"] for one in causes) - plan.late_orders["late_cost"].sum()) < 1e-6
    assert causes == sorted(causes, key=lambda one: -one["late_cost"])


def test_the_headline_says_what_is_late_and_what_is_missing(plan):
    """One sentence for somebody who reads nothing else."""
    late = plan.late_orders
    assert headline(plan).startswith(f"{late.height} of {plan.orders.height} orders will be late, the worst (")
    assert headline(plan).endswith("1 order could not be planned.")


def test_the_headline_of_a_plan_in_time(plan):
    """Good news is short."""
    in_time = plan.orders.filter(pl.col("late_days") == 0)
    assert headline(replace(plan, orders=in_time)) == f"All {in_time.height} orders will be in time."
    undated = in_time.with_columns(due=pl.lit(None, dtype=in_time["due"].dtype))
    assert headline(replace(plan, orders=undated)).endswith("; none has a due date.")
    assert headline(replace(plan, orders=plan.orders.clear())) == "There are no orders with a date to keep."


def test_faults_keep_place_cure_and_harm(plan):
    """Nothing of a fault is lost on the way to JSON."""
    first = json.loads(json.dumps(fault_facts(plan.faults)))[0]
    assert (first["where"], first["cure"], first["orders"]) == ("operations!D1362", "did you mean CNC-8?", 14)
