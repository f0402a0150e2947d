"""Addresses of supplies."""

from django.urls import path

from spean.supplies.pages import entries, equipment, orders, shipments, stock, units

app_name = "supplies"
urlpatterns = [
    path("supplies", stock.area, name="area"),
    path("supplies/waiting", entries.waiting, name="waiting"),
    path("supplies/waiting/<uuid:waiting_id>/set-aside", entries.set_aside, name="set_aside"),
    path("supplies/movements/<uuid:movement_id>/undo", entries.undo, name="undo"),
    path("supplies/orders", orders.orders, name="orders"),
    path("supplies/orders/<uuid:order_id>", orders.order, name="order"),
    path("supplies/orders/<uuid:order_id>/approve", orders.approve, name="approve"),
    path("supplies/orders/<uuid:order_id>/refuse", orders.refuse, name="refuse"),
    path("supplies/orders/<uuid:order_id>/send", orders.send, name="send"),
    path("supplies/shipments/<uuid:shipment_id>", shipments.shipment, name="shipment"),
    path("supplies/shipments/<uuid:shipment_id>/receive", shipments.receive, name="receive"),
    path("supplies/held-back", equipment.quarantines, name="quarantines"),
    path("supplies/held-back/<uuid:quarantine_id>", equipment.decide, name="decide"),
    path("supplies/equipment/<uuid:equipment_id>", equipment.equipment, name="equipment"),
    path("supplies/equipment/<uuid:equipment_id>/note", equipment.note, name="note_equipment"),
    path("supplies/equipment/<uuid:equipment_id>/read", equipment.read, name="read"),
    path("supplies/equipment/<uuid:equipment_id>/load", equipment.load, name="load"),
    path("supplies/units/<int:unit_id>/beds", units.beds, name="beds"),
    path("supplies/units/<int:unit_id>/census", units.census, name="census"),
    path("supplies/units/<int:unit_id>/close", units.close, name="close_unit"),
    path("supplies/staff/<int:staff_id>/leave", units.leave, name="leave"),
    path("supplies/duties/<int:duty_id>/take-off", units.take_off, name="take_off"),
    path("supplies/at/<str:code>/equipment", equipment.equipment_of, name="equipment_of"),
    path("supplies/at/<str:code>/equipment/add", equipment.add, name="add_equipment"),
    path("supplies/at/<str:code>/units", units.units, name="units"),
    path("supplies/at/<str:code>/units/open", units.open_unit, name="open_unit"),
    path("supplies/at/<str:code>/staff/add", units.enter, name="enter_staff"),
    path("supplies/at/<str:code>/duty", units.plan, name="plan"),
    path("supplies/at/<str:code>/order", orders.propose, name="propose"),
    path("supplies/at/<str:code>/give", shipments.transfer, name="transfer"),
    path("supplies/at/<str:code>", stock.facility, name="facility"),
    path("supplies/at/<str:code>/items/<str:item_code>", stock.item, name="item"),
    path("supplies/at/<str:code>/items/<str:item_code>/<str:kind>", entries.record, name="record"),
]
