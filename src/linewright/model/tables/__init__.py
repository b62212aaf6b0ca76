"""The tables of a factory, in the order in which a person would fill them."""

from linewright.model.tables.demand import Customer, Demand, Forecast, Order, WorkOrder
from linewright.model.tables.equipment import FailureMode, Machine, RepairCrew, Tool, WorkCenter
from linewright.model.tables.history import Actual, Receipt
from linewright.model.tables.materials import Component, Material, Stock, Substitute
from linewright.model.tables.people import Person, Skill
from linewright.model.tables.place import CalendarException, Settings, Shift, Site
from linewright.model.tables.routing import Changeover, Operation, OperationCrew, OperationMachine, OperationTool
from linewright.model.tables.supply import Hazard, Lane, Purchase, Shield, Source, Supplier, Tariff

#: Every table in the order in which a person would fill them.
TABLES = (
    "settings", "sites", "shifts", "calendar_exceptions",
    "work_centers", "machines", "repair_crews", "failure_modes", "tools", "people", "skills",
    "materials", "components", "substitutes", "stock",
    "operations", "operation_machines", "operation_crews", "operation_tools", "changeovers",
    "customers", "orders", "work_orders", "demand_history", "forecast",
    "suppliers", "lanes", "sources", "purchases", "hazards", "shields", "tariffs", "actuals", "receipts",
)  # fmt: skip

__all__ = [
    "TABLES",
    "Actual",
    "CalendarException",
    "Changeover",
    "Component",
    "Customer",
    "Demand",
    "FailureMode",
    "Forecast",
    "Hazard",
    "Lane",
    "Machine",
    "Material",
    "Operation",
    "OperationCrew",
    "OperationMachine",
    "OperationTool",
    "Order",
    "Person",
    "Purchase",
    "Receipt",
    "RepairCrew",
    "Settings",
    "Shield",
    "Shift",
    "Site",
    "Skill",
    "Source",
    "Stock",
    "Substitute",
    "Supplier",
    "Tariff",
    "Tool",
    "WorkCenter",
    "WorkOrder",
]
