"""How a facility is supplied, in the reader's words."""

from django.utils.translation import gettext_lazy as _

from spean.supplies.rules import Status

STATUS_NAMES = {
    Status.STOCKED_OUT: _("Out of stock"),
    Status.BELOW_MIN: _("Below the least"),
    Status.OVERSTOCK: _("Too much"),
    Status.UNKNOWN: _("Consumption not known"),
    Status.UNUSED: _("Not used"),
    Status.ADEQUATE: _("Enough"),
}
STATUS_COLOURS = {
    Status.STOCKED_OUT: "red",
    Status.BELOW_MIN: "orange",
    Status.OVERSTOCK: "purple",
    Status.ADEQUATE: "green",
}
