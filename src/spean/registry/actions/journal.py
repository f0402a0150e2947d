"""Every row that a change writes, as it was before and after, so that the change can be undone."""

from datetime import date, datetime
from decimal import Decimal
from typing import Any, TypeVar, cast
from uuid import UUID

from django.apps import apps
from django.db import connection
from django.db.models import Field, Model, ProtectedError, Q

from spean.kernel.errors import N_, Conflict
from spean.registry.models import ChangeRequest, DuplicatePair, Household, Person

M = TypeVar("M", bound=Model)
Values = dict[str, Any]


class RowChanged(Conflict):
    """Refuse to undo a row that is no longer as the change left it."""

    code = "registry.row_changed_since"
    message = N_("A record was changed since. Reverse the later change first.")

    def __init__(self, model: str = "", pk: str = "") -> None:
        self.model, self.pk = model, pk
        super().__init__()


class RowInUse(Conflict):
    """Refuse to undo a row on which later records depend."""

    code = "registry.row_in_use"
    message = N_("This can't be undone any more: records made since depend on it (%(what)s).")


class Journal:
    """Writes rows, and keeps {model, pk, before, after} of each in the order written."""

    def __init__(self) -> None:
        self.effects: list[dict[str, Any]] = []

    def create(self, row: M) -> M:
        """Save a new row."""
        row.save(force_insert=True)
        self._note(row, None, written(row))
        return row

    def update(self, row: M, **values: object) -> M:
        """Change some fields of a row read in this transaction; nothing if they are so already."""
        changed = {name: value for name, value in values.items() if getattr(row, name) != value}
        if not changed:
            return row
        before = written(row)
        for name, value in changed.items():
            setattr(row, name, value)
        row.save(update_fields=list(changed))
        self._note(row, before, written(row))
        return row

    def delete(self, row: Model) -> None:
        """Delete a row; only its journal remembers it."""
        before = written(row)
        self._note(row, before, None)
        row.delete()

    def _note(self, row: Model, before: Values | None, after: Values | None) -> None:
        self.effects.append(
            {"model": row._meta.label_lower, "pk": str(row.pk), "before": before, "after": after}
        )


def written(row: Model) -> Values:
    """Give a row's stored fields as JSON can keep them."""
    return {field.attname: _plain(getattr(row, field.attname)) for field in _fields(type(row))}


def _fields(model: type[Model]) -> list[Any]:
    return [field for field in model._meta.concrete_fields if not cast(Any, field).generated]


def _plain(value: object) -> object:
    if isinstance(value, UUID):
        return str(value)
    if isinstance(value, datetime | date):
        return value.isoformat()
    return str(value) if isinstance(value, str | Decimal) else value


def moment() -> datetime:
    """Give the database's time at which this transaction began."""
    with connection.cursor() as cursor:
        cursor.execute("SELECT transaction_timestamp()")
        return cast(datetime, cursor.fetchone()[0])


def undo(effects: list[dict[str, Any]]) -> None:
    """Put every row back as it was, the last written first.

    Raises RowChanged where a row is no longer as it was left, RowInUse where others depend on it.
    """
    for effect in reversed(effects):
        model = apps.get_model(effect["model"])
        row = model._default_manager.select_for_update().filter(pk=effect["pk"]).first()
        if not _is_as(row, effect["after"]):
            raise RowChanged(effect["model"], effect["pk"])
        _restore(model, row, effect["before"])


def _is_as(row: Model | None, left: Values | None) -> bool:
    """Tell whether a row is as it was left; a column that came since isn't asked about."""
    if row is None or left is None:
        return row is None and left is None
    held = written(row)
    return {name: held.get(name) for name in left} == left


def _restore(model: type[Model], row: Model | None, before: Values | None) -> None:
    if before is None:
        _remove(row)
        return
    values = {
        field.attname: cast("Field[Any, Any]", field).to_python(before[field.attname])
        for field in _fields(model)
        if field.attname in before
    }
    if row is None:
        model(**values).save(force_insert=True)
        return
    for name, value in values.items():
        setattr(row, name, value)
    row.save(
        update_fields=[f.name for f in _fields(model) if f.attname in values and not f.primary_key]
    )


def _remove(row: Model | None) -> None:
    if row is None:
        raise RowChanged
    _let_go(row)
    try:
        row.delete()
    except ProtectedError as error:
        kinds = {str(held._meta.verbose_name) for held in error.protected_objects}
        raise RowInUse(what=", ".join(sorted(kinds))) from error


def _let_go(row: Model) -> None:
    """Loosen what never counted from a record that is about to be gone.

    Requests about it that came to nothing keep its id in their audit lines; likely duplicates
    that nobody has looked at are found again if the record comes back.
    """
    came_to_nothing = ChangeRequest.objects.filter(
        state__in=(
            ChangeRequest.State.REJECTED,
            ChangeRequest.State.WITHDRAWN,
            ChangeRequest.State.REVERSED,
        )
    )
    if isinstance(row, Household):
        came_to_nothing.filter(household=row).update(household=None)
    if isinstance(row, Person):
        came_to_nothing.filter(person=row).update(person=None)
        pairs = DuplicatePair.objects.filter(Q(first=row) | Q(second=row))
        pairs.filter(state=DuplicatePair.State.OPEN).delete()
