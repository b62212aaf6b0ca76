"""Everything needed can come from somewhere: what the checks find, where, and what they leave in peace."""

from linewright.model import checks
from tests.model.checks.hand_made import found, job, lines, op, order, words


def test_a_bill_without_steps_takes_no_time():
    """An assembly without routing is told of at its row in materials; one that is bought is in order."""
    bill = lines("AB", "CD", "EF")
    materials = [{"material": name} for name in "ABCDEF"]
    bought = [{"material": "C", "supplier": "S"}]
    assert found(checks.made_without_steps, components=bill, sources=bought, operations=[op("E")]) == {
        "components": [0]
    }
    assert found(checks.made_without_steps, components=bill, materials=materials) == {"materials": [0, 2, 4]}
    assert found(checks.made_without_steps, work_orders=[job(), job("V", status="closed")]) == {"work_orders": [0]}


def test_an_order_that_nothing_supplies_is_assumed():
    """Orders for the same material are told of together; steps, stock, sources and purchases all supply."""
    orders = [order("1", "X"), order("2", "X"), order("3", "A"), order("4", "B"), order("5", "X", status="closed")]
    supply = {"operations": [op("A")], "stock": [{"material": "B", "quantity": 0.0}]}
    assert found(checks.ordered_without_supply, orders=orders, **supply) == {"orders": [0, 1]}
    assert "2 orders ask for X" in words(checks.ordered_without_supply, orders=orders, **supply)[0]


def test_a_component_that_nothing_supplies_is_assumed():
    """B has stock and C is made of D; only D comes from nowhere."""
    stock = [{"material": "B", "quantity": 1.0}]
    assert found(checks.component_without_supply, components=lines("AB", "AC", "CD"), stock=stock) == {
        "components": [2]
    }


def test_a_bought_material_needs_a_source_where_others_have_one():
    """Stock alone does not last."""
    tables = {
        "materials": [{"material": "B", "kind": "bought"}, {"material": "C", "kind": "bought"}],
        "components": lines("AB", "AC"),
        "stock": [{"material": "B", "quantity": 1.0}],
        "sources": [{"material": "C", "supplier": "S"}],
    }
    assert found(checks.bought_without_source, **tables) == {"materials": [0]}
    assert found(checks.bought_without_source, **{**tables, "sources": []}) == {}


def test_a_source_without_a_lead_time_is_told_of():
    """Paperwork or a lane are days, too; what takes no time at all is more likely a cell left blank."""
    sources = [
        {"material": "A", "supplier": "S"}, {"material": "B", "supplier": "S", "lead_days": 2.0},
        {"material": "C", "supplier": "S", "admin_days": 1.0}, {"material": "D", "supplier": "S", "lane": "L"},
    ]  # fmt: skip
    assert found(checks.source_without_lead, sources=sources) == {"sources": [0]}
    assert "A from S has no lead time" in words(checks.source_without_lead, sources=sources)[0]
