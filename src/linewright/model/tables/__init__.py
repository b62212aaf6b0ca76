"""The tables of a factory, in the order in which a person would fill them."""

from linewright.model.tables.demand import Customer, Demand, Forecast, Order, WorkOrder
from linewright.model.tables.equipment import Machine, Tool, WorkCenter
from linewright.model.tables.history import Actual
from linewright.model.tables.materials import Component, Material, Stock
from linewright.model.tables.people import Person, Skill
from linewright.model.tables.place import CalendarException, Settings, Shift, Site
from linewright.model.tables.routing import Changeover, Operation, OperationCrew, OperationMachine, OperationTool
from linewright.model.tables.supply import Lane, Purchase, Source, Supplier, Tariff

#: Every table in the order in which a person would fill them.
TABLES = (
    "settings", "sites", "shifts", "calendar_exceptions",
    "work_centers", "machines", "tools", "people", "skills",
    "materials", "components", "stock",
    "operations", "operation_machines", "operation_crews", "operation_tools", "changeovers",
    "customers", "orders", "work_orders", "demand_history", "forecast",
    "suppliers", "lanes", "sources", "purchases", "tariffs", "actuals",
)  # fmt: skip

__all__ = [
    "TABLES",
    "Actual",
    "CalendarException",
    "Changeover",
    "Component",
    "Customer",
    "Demand",
    "Forecast",
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
    "Settings",
    "Shift",
    "Site",
    "Skill",
    "Source",
    "Stock",
    "Supplier",
    "Tariff",
    "Tool",
    "WorkCenter",
    "WorkOrder",
]
