"""What is kept of supplies."""

from spean.supplies.models.equipment import (
    COOLS,
    Equipment,
    EquipmentEvent,
    EquipmentKind,
    EquipmentState,
    Quarantine,
    Reading,
)
from spean.supplies.models.items import Band, Batch, Item, ItemKind, Measure
from spean.supplies.models.ledger import (
    Balance,
    Count,
    Destination,
    LossReason,
    Movement,
    MovementKind,
    Waiting,
)
from spean.supplies.models.orders import Order, OrderLine, Shipment, ShipmentLine
from spean.supplies.models.units import Beds, Cadre, Census, Duty, Shift, Staff, Unit, UnitKind

__all__ = [
    "COOLS",
    "Balance",
    "Band",
    "Batch",
    "Beds",
    "Cadre",
    "Census",
    "Count",
    "Destination",
    "Duty",
    "Equipment",
    "EquipmentEvent",
    "EquipmentKind",
    "EquipmentState",
    "Item",
    "ItemKind",
    "LossReason",
    "Measure",
    "Movement",
    "MovementKind",
    "Order",
    "OrderLine",
    "Quarantine",
    "Reading",
    "Shift",
    "Shipment",
    "ShipmentLine",
    "Staff",
    "Unit",
    "UnitKind",
    "Waiting",
]
