"""One row of a table, or the error that says there is none."""

from typing import TypeVar

from django.db.models import Model, QuerySet

from spean.kernel.errors import NotFound

M = TypeVar("M", bound=Model)


def only(rows: QuerySet[M], *, lock: bool = False) -> M:
    """Give the first of some rows, locked until the transaction ends if asked. Raises NotFound."""
    found = (rows.select_for_update(of=("self",)) if lock else rows).first()
    if found is None:
        raise NotFound
    return found
