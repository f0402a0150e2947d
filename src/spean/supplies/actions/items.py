"""The list of items is brought into step with the one that comes with Spean."""

import csv
from importlib import resources

from django.db import transaction

from spean.kernel import access, audit
from spean.kernel.access import Actor
from spean.supplies.models import Item
from spean.supplies.queries import MANAGE

FIELDS = ("name_km", "name_en", "kind", "measure", "pack", "band", "tracer", "vaccine", "source")


@transaction.atomic
def load_items(*, by: Actor) -> int:
    """Add the items of the starter list and amend those that differ; give how many were written.

    An item that is not on the list stays. Raises NotAllowed.
    """
    access.require(by, MANAGE, area="")
    known = {item.code: item for item in Item.objects.all()}
    written = []
    text = resources.files("spean.supplies").joinpath("rules/items.csv").read_text("utf-8")
    for row in csv.DictReader(text.splitlines()):
        told = {name: row[name] for name in FIELDS} | {
            "pack": int(row["pack"]), "tracer": row["tracer"] == "yes",
        }  # fmt: skip
        item = known.get(row["code"]) or Item(code=row["code"])
        if any(getattr(item, name) != value for name, value in told.items()):
            for name, value in told.items():
                setattr(item, name, value)
            item.save()
            written.append(item.code)
    if written:
        audit.write(by=by, action="supplies.load_items", subject=("supplies.item", "list"),
                    written=written)  # fmt: skip
    return len(written)
