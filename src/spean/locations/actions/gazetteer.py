"""Bringing the stored gazetteer into step with the published list."""

from dataclasses import dataclass, field
from datetime import date, timedelta

from django.db import transaction

from spean.kernel import access, audit
from spean.kernel.access import Actor
from spean.locations import rules
from spean.locations.models import Place, Succession


@dataclass(slots=True)
class LoadReport:
    """What a load changed, and the rows of the list that it could not take."""

    unchanged: int = 0
    added: list[str] = field(default_factory=list)
    closed: list[str] = field(default_factory=list)
    renamed: list[dict[str, str]] = field(default_factory=list)
    defects: tuple[rules.Defect, ...] = ()

    @property
    def changes(self) -> bool:
        """Whether anything was written."""
        return bool(self.added or self.closed or self.renamed)

    def __str__(self) -> str:
        return (
            f"{len(self.added)} added, {len(self.renamed)} renamed, {len(self.closed)} closed, "
            f"{self.unchanged} unchanged, {len(self.defects)} rows left out as defective"
        )


@transaction.atomic
def load_gazetteer(*, by: Actor, on: date, only: str | None = None) -> LoadReport:
    """Bring the places into step with the published list (of the area `only`, if given).

    New codes open on the first day of the list when the level was empty before, else on `on`; codes
    that the list dropped close on `on`; a code that a dated act closed stays closed, whatever the
    list says. A changed name is amended in place: the code is the place's identity, records
    point to it, and the audit line keeps the old name. A code that the list has, but with a
    defect, is left as it is. A second run changes nothing.
    """
    access.require(by, "locations.import", area=only or "")
    listed = rules.published().under(only or "")
    stored = {
        place.code: place
        for place in Place.objects.filter(end__isnull=True, code__startswith=only or "")
    }
    report = LoadReport(defects=listed.defects)
    _amend(listed, stored, report)
    _add(listed, on, report)
    _close(listed, stored, on, report)
    if report.changes:
        audit.write(
            by=by,
            action="locations.load_gazetteer",
            subject=("locations.gazetteer", rules.SOURCE[-4:]),
            area=only or "",
            source=rules.SOURCE,
            added=len(report.added),
            closed=report.closed,
            renamed=report.renamed,
            left_out=[{"code": d.row.code, "fault": d.fault} for d in report.defects],
        )
    return report


def _amend(listed: rules.Gazetteer, stored: dict[str, Place], report: LoadReport) -> None:
    renamed = []
    for row in listed.places:
        place = stored.get(row.code)
        if place is None:
            continue
        if (place.name_km, place.name_en) == (row.name_km, row.name_en):
            report.unchanged += 1
            continue
        report.renamed.append(
            {"code": row.code, "name_km": place.name_km, "name_en": place.name_en}
        )
        place.name_km, place.name_en = row.name_km, row.name_en
        renamed.append(place)
    Place.objects.bulk_update(renamed, ["name_km", "name_en"], batch_size=1000)


def _add(listed: rules.Gazetteer, on: date, report: LoadReport) -> None:
    """Add level by level, for a child needs its parent's key."""
    ended = set(Succession.objects.values_list("predecessor__code", flat=True))
    for level in rules.DIGITS:
        parents = dict(Place.objects.filter(end__isnull=True).values_list("code", "pk"))
        first = not Place.objects.filter(level=level).exists()
        new = [
            Place(
                code=row.code,
                level=level,
                name_km=row.name_km,
                name_en=row.name_en,
                parent_id=parents.get(row.parent_code),
                start=rules.FIRST_DAY if first else on,
            )
            for row in listed.places
            if row.level == level
            and row.code not in parents
            and row.code not in ended
            and (level == "province" or row.parent_code in parents)
        ]
        Place.objects.bulk_create(new, batch_size=2000)
        report.added += [place.code for place in new]


def _close(listed: rules.Gazetteer, stored: dict[str, Place], on: date, report: LoadReport) -> None:
    kept = {row.code for row in listed.places} | {defect.row.code for defect in listed.defects}
    gone = [place for code, place in stored.items() if code not in kept]
    for place in gone:
        place.end = max(on, place.start + timedelta(days=1))
    Place.objects.bulk_update(gone, ["end"], batch_size=1000)
    report.closed += [place.code for place in gone]
