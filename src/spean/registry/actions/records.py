"""What is recorded of a person or a household is put right, or added to."""

from datetime import date
from typing import Any, ClassVar
from uuid import UUID

from django.db.models import Max, Q

from spean.kernel.errors import N_, Conflict, NotFound
from spean.registry.actions.checking import (
    FUNCTIONS,
    NAME_CHECKS,
    PERSONAL_IDENTIFIERS,
    YOUNGEST_PREGNANT,
    CannotBePregnant,
    FunctioningHalfAnswered,
    NotAnAnswer,
    Notes,
    check_birth_date,
    check_facts,
    check_identifiers_free,
    is_answered,
    may_be_pregnant,
)
from spean.registry.actions.journal import Journal
from spean.registry.actions.members import DeathDateWrong
from spean.registry.actions.proposals import Case, NothingChanges, Proposal
from spean.registry.actions.registration import check_address
from spean.registry.actions.versions import (
    PERSON_FACTS,
    amend_household,
    amend_person,
    require_not_before,
)
from spean.registry.events import HouseholdCorrected, PersonChanged
from spean.registry.models import FunctionAssessment, Identifier, Person, Pregnancy
from spean.registry.models.people import BirthDatePrecision, Sex
from spean.registry.rules import identifiers
from spean.registry.rules.people import check_phone


class CorrectPerson(Proposal):
    """Other names, sex, birth date or phone; what isn't given stays as it is."""

    kind: ClassVar[str] = "correct_person"
    needs_person: ClassVar[bool] = True

    family_name_km: str = ""
    given_name_km: str = ""
    family_name_latin: str = ""
    given_name_latin: str = ""
    sex: str = ""
    birth_date: date | None = None
    birth_date_precision: str = "exact"
    phone: str = ""

    def seen(self, case: Case) -> dict[str, Any]:
        held = {name: getattr(case.who, name) for name in sorted(self.model_fields_set)}
        return {k: v.isoformat() if isinstance(v, date) else v for k, v in held.items()}

    def check(self, case: Case) -> None:
        require_not_before(case.day, case.who.since)
        facts = self._facts(case)
        if all(getattr(case.who, name) == value for name, value in facts.items()):
            raise NothingChanges

    def apply(self, case: Case, journal: Journal) -> list[Any]:
        amend_person(journal, case.who, case.day, **self._facts(case))
        return [PersonChanged(case.who.pk, self.kind, case.day)]

    def _facts(self, case: Case) -> dict[str, Any]:
        """Give the corrected facts tidied. Raises Problems."""
        person = case.who
        given = {name: getattr(self, name) for name in self.model_fields_set}
        whole = {name: getattr(person, name) for name in PERSON_FACTS} | given
        notes = Notes()
        tidy = check_facts(
            {name: whole[name] for name in (*NAME_CHECKS, "phone")}, at=None, notes=notes
        )
        if whole["sex"] not in Sex.values:
            notes.add(None, "sex", NotAnAnswer(answers=", ".join(Sex.values)))
        if whole["birth_date_precision"] not in BirthDatePrecision.values:
            wanted = ", ".join(BirthDatePrecision.values)
            notes.add(None, "birth_date_precision", NotAnAnswer(answers=wanted))
        self._check_birth(whole, case, notes)
        notes.raise_any()
        return {name: tidy.get(name, value) for name, value in given.items()}

    def _check_birth(self, whole: dict[str, Any], case: Case, notes: Notes) -> None:
        born = whole["birth_date"]
        if born is None:
            notes.add(None, "birth_date", NotAnAnswer(answers="YYYY-MM-DD"))
            return
        died = case.who.death_date
        check_birth_date(born, at=None, on=case.day, notes=notes)
        if died is not None and born > died:
            notes.add(None, "birth_date", DeathDateWrong(day=died.isoformat()))


class CorrectHousehold(Proposal):
    """Another address or phone of a household that stays in its village."""

    kind: ClassVar[str] = "correct_household"
    needs_household: ClassVar[bool] = True

    address: str = ""
    phone: str = ""

    def seen(self, case: Case) -> dict[str, Any]:
        return {name: getattr(case.home, name) for name in sorted(self.model_fields_set)}

    def check(self, case: Case) -> None:
        require_not_before(case.day, case.home.since)
        if all(getattr(case.home, name) == value for name, value in self._facts().items()):
            raise NothingChanges

    def apply(self, case: Case, journal: Journal) -> list[Any]:
        amend_household(journal, case.home, case.day, **self._facts())
        return [HouseholdCorrected(case.home.pk, case.day)]

    def _facts(self) -> dict[str, str]:
        checks = {"address": check_address, "phone": check_phone}
        notes = Notes()
        facts = {
            name: notes.read(None, name, checks[name], getattr(self, name))
            for name in self.model_fields_set
        }
        notes.raise_any()
        return facts


class RecordIdentifier(Proposal):
    """A number that another office gave the person, or that was entered by mistake (`mistaken`)."""

    kind: ClassVar[str] = "record_identifier"
    needs_person: ClassVar[bool] = True

    number_kind: str
    number: str = ""
    issued_on: date | None = None
    expires_on: date | None = None
    mistaken: UUID | None = None

    def check(self, case: Case) -> None:
        if self.mistaken is not None:
            self._mistaken(case.who)
        if self.number_kind not in PERSONAL_IDENTIFIERS:
            raise NotAnAnswer(answers=", ".join(PERSONAL_IDENTIFIERS))
        if self.number == "" and self.mistaken is not None:
            return
        number = identifiers.check(self.number_kind, self.number)
        notes = Notes()
        check_identifiers_free([(None, self.number_kind, number)], by=case.by, notes=notes)
        start = self.issued_on or case.day
        if start > case.day or (self.expires_on is not None and self.expires_on <= start):
            notes.add(None, "issued_on", IdentifierDatesWrong())
        notes.raise_any()

    def apply(self, case: Case, journal: Journal) -> list[Any]:
        if self.mistaken is not None:
            journal.update(self._mistaken(case.who), withdrawn=True)
        if self.number:
            journal.create(
                Identifier(
                    kind=self.number_kind, value=identifiers.check(self.number_kind, self.number),
                    person=case.who, start=self.issued_on or case.day, end=self.expires_on,
                )
            )  # fmt: skip
        return [PersonChanged(case.who.pk, self.kind, case.day)]

    def _mistaken(self, person: Person) -> Identifier:
        found = Identifier.objects.filter(
            pk__in=[self.mistaken], person=person, withdrawn=False
        ).first()
        if found is None:
            raise NotFound
        return found


class IdentifierDatesWrong(Conflict):
    """Refuse a number that is issued in the future, or ends before it begins."""

    code = "registry.identifier_dates_wrong"
    message = N_("The number is issued on the day of the change or before, and expires after that.")
    status = 422


class NotPregnant(Conflict):
    """Refuse to end a pregnancy that is not recorded."""

    code = "registry.not_pregnant"
    message = N_("No pregnancy is recorded for this person on this day.")


class RecordPregnancy(Proposal):
    """A pregnancy is known from the effective day on, or (`ended`) ended on that day."""

    kind: ClassVar[str] = "record_pregnancy"
    needs_person: ClassVar[bool] = True

    expected_on: date | None = None
    ended: bool = False

    def seen(self, case: Case) -> dict[str, Any]:
        row = self._open(case.who)
        return {"pregnancy": str(row.pk) if row else None}

    def check(self, case: Case) -> None:
        require_not_before(case.day, _last_day(Pregnancy, case.who))
        row = self._open(case.who)
        if self.ended and (row is None or row.start == case.day):
            raise NotPregnant
        if not self.ended and row is not None and row.expected_on == self.expected_on:
            raise NothingChanges
        if not may_be_pregnant(case.who.sex, case.who.birth_date, case.day):
            raise CannotBePregnant(years=YOUNGEST_PREGNANT)

    def apply(self, case: Case, journal: Journal) -> list[Any]:
        row = self._open(case.who)
        if self.ended and row is not None:
            journal.update(row, end=case.day)
        elif row is not None:
            journal.update(row, expected_on=self.expected_on)
        else:
            journal.create(Pregnancy(person=case.who, start=case.day, expected_on=self.expected_on))
        return [PersonChanged(case.who.pk, self.kind, case.day)]

    def _open(self, person: Person) -> Pregnancy | None:
        return Pregnancy.objects.filter(person=person, end__isnull=True).first()


def _last_day(model: type[Pregnancy | FunctionAssessment], person: Person) -> date | None:
    rows = model._default_manager.filter(Q(person=person))
    last = rows.aggregate(start=Max("start"), end=Max("end"))
    return max((day for day in last.values() if day is not None), default=None)


class RecordFunctioning(Proposal):
    """Answers to the Washington Group short set, from the day they were given."""

    kind: ClassVar[str] = "record_functioning"
    needs_person: ClassVar[bool] = True

    seeing: int
    hearing: int
    walking: int
    remembering: int
    self_care: int
    communicating: int

    def seen(self, case: Case) -> dict[str, Any]:
        row = self._open(case.who)
        return {"functioning": str(row.pk) if row else None}

    def check(self, case: Case) -> None:
        if not is_answered(self.model_dump()):
            raise FunctioningHalfAnswered
        require_not_before(case.day, _last_day(FunctionAssessment, case.who))
        row = self._open(case.who)
        if row is not None and all(getattr(row, q) == getattr(self, q) for q in FUNCTIONS):
            raise NothingChanges

    def apply(self, case: Case, journal: Journal) -> list[Any]:
        row = self._open(case.who)
        if row is not None and row.start == case.day:
            journal.update(row, **self.model_dump())
        else:
            if row is not None:
                journal.update(row, end=case.day)
            journal.create(FunctionAssessment(person=case.who, start=case.day, **self.model_dump()))
        return [PersonChanged(case.who.pk, self.kind, case.day)]

    def _open(self, person: Person) -> FunctionAssessment | None:
        return FunctionAssessment.objects.filter(person=person, end__isnull=True).first()
