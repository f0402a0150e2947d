"""`spean seed_demo`: users of every role, and a district with families at every stage."""

from collections.abc import Callable
from datetime import date, timedelta
from io import BytesIO
from random import Random
from typing import Any

from django.core.management import BaseCommand, call_command
from django.db import transaction
from django.utils import timezone

from spean.config import demo, demo_mothers, demo_supplies, demo_transport
from spean.health_equity import actions as schemes
from spean.health_equity import queries as care
from spean.kernel import actions as kernel
from spean.kernel import runs
from spean.kernel.access import Actor, Purpose
from spean.kernel.models import User
from spean.kernel.periods import age_on
from spean.locations import actions as area
from spean.locations import queries as places
from spean.programmes import actions as programmes
from spean.programmes.queries import ready
from spean.registry import actions as registry
from spean.registry import queries as households
from spean.targeting import actions as targeting
from spean.targeting import queries as cases

SYSTEM = Actor.system("seed_demo")
TARGETING, REGISTRATION = Purpose.TARGETING, Purpose.REGISTRATION
# How far each family has come, the furthest most often.
BEFORE = ("none", "requested", "interviewed", "reviewed", "displayed", "decided")
STAGES = (*BEFORE, *["confirmed"] * 6)


class Command(BaseCommand):
    """Seed the demo once; a second run changes nothing."""

    help = "Seed the demo district with invented people and users of every role."

    def handle(self, *args: Any, **options: Any) -> None:
        """Make the users, then the families."""
        today = timezone.localdate()
        with transaction.atomic():
            made = self._users(today)
            call_command("load_demo_facilities", stdout=self.stdout)
            self._class_area(today)
            self._contracts(today)
        if made and not households.households(by=_actor("district", REGISTRATION)).exists():
            count = self._families(today)
            self.stdout.write(f"Demo district {demo.DISTRICT}: {count} invented families.")
            self._visits(today)
            self._mothers(today)
            for part in (demo_supplies.stock, demo_supplies.cold_chain, demo_supplies.units):
                part(by=SYSTEM, on=today)
            for work in ("snapshot", "entitlements", "indicators"):
                runs.carry_out(runs.start(kind=work, parameters={}, by=SYSTEM).pk)
            self._enrol(today)
            self._transport(today)

    def _enrol(self, today: date) -> None:
        """Put who is owed something on the programmes' lists; enrol one commune's families."""
        owed = [code for code, totals in ready()[1].items() if totals["households"]]
        for programme in owed:
            programmes.find_candidates(programme=programme, by=SYSTEM, on=today)
            programmes.enrol_candidates(programme=programme, area=demo.COMMUNE, by=SYSTEM, on=today)

    def _transport(self, today: date) -> None:
        """Let some people of the demo be brought to care by its vehicles."""
        homes = list(households.households(by=SYSTEM))
        members = households.people_in(home.pk for home in homes)
        people = [members[home.pk][-1].person for home in homes if home.pk in members]
        brought = demo_transport.seed(people, now=timezone.now())
        self.stdout.write(f"Referrals: {brought}, by {len(demo_transport.FLEET)} vehicles.")

    def _users(self, today: date) -> bool:
        for one in demo.USERS:
            if User.objects.filter(username=one.username).exists():
                continue
            user = kernel.create_user(
                username=one.username,
                full_name=one.full_name,
                password=demo.PASSWORD,
                language="km",
                by=SYSTEM,
            )
            kernel.grant_role(
                user=user, role=one.role, area=one.area, by=SYSTEM, on=today - timedelta(days=400)
            )
        return True

    def _class_area(self, today: date) -> None:
        if places.area_class(demo.DISTRICT, today) is None:
            area.classify_area(
                place=places.place(demo.DISTRICT, today), kind="rural", act=demo.AREA_ACT,
                by=SYSTEM, on=date(2020, 1, 1),
            )  # fmt: skip

    def _contracts(self, today: date) -> None:
        for facility, held, _ in care.contracts(by=SYSTEM, on=today):
            for scheme in () if held else ("hef", "workers"):
                schemes.make_contract(
                    facility=facility.code, scheme=scheme, act=demo.CONTRACT_ACT,
                    start=date(2020, 1, 1), by=SYSTEM, on=today,
                )  # fmt: skip

    def _visits(self, today: date) -> None:
        """Place the villages, and let people come for care: the less, the farther they live."""
        road = [one for commune in demo.CENTRES for one in self._villages(commune, today)]
        rows = [f"{one.code},13.7,{107 + 0.028 * (n % 4):.3f}" for n, one in enumerate(road)]
        rows += [f"{one.code},13.74,106.98" for one in self._villages(demo.TOWN, today)]
        file = BytesIO("\n".join(("village_code,latitude,longitude", *rows)).encode())
        area.place_villages(file=file, name="points.csv", source=demo.POINTS, by=SYSTEM)
        chance = Random(1602)  # noqa: S311 - invented visits, the same on every machine
        for n, village in enumerate(road):
            for home in households.households(by=SYSTEM).filter(village=village):
                for member in households.members_of(home, on=today):
                    if chance.random() < 0.9 - 0.25 * (n % 4):
                        _visit(member.person, demo.CENTRES[village.code[:6]], chance, today)

    def _mothers(self, today: date) -> None:
        """Let half the women give birth in the last year, and see the small children."""
        chance = Random(1603)  # noqa: S311 - invented care, the same on every machine
        by = _actor("midwife", Purpose.CARE)
        for home in households.households(by=SYSTEM).order_by("pk"):
            members = households.members_of(home, on=today)
            given: dict[str, Any] = {"since": home.registered_on, "by": by, "today": today}
            with transaction.atomic():
                for one in members:
                    if age_on(one.person.birth_date, today) < 2:
                        demo_mothers.look_after(one.person, chance, **given)
                for woman in demo_mothers.women_of(members):
                    if chance.random() < 0.5:
                        demo_mothers.bear(woman, chance, **given)

    def _villages(self, commune: str, today: date) -> list[Any]:
        return list(places.places("village", parent=commune, on=today)[:4])

    def _families(self, today: date) -> int:
        chance = Random(1601)  # noqa: S311 - invented people, the same on every machine
        villages = [one for commune in demo.CENTRES for one in self._villages(commune, today)]
        for number in range(demo.FAMILIES):
            village = villages[number % len(villages)]
            on = today - timedelta(days=chance.randint(45, 330))
            with transaction.atomic():
                _family(village, chance, on, STAGES[number % len(STAGES)])
        return demo.FAMILIES


def _actor(username: str, purpose: Purpose) -> Actor:
    return Actor.of(User.objects.get(username=username), purpose)


def _family(village: Any, chance: Random, on: date, stage: str) -> None:
    clerk = "clerk" if village.code.startswith(demo.COMMUNE) else "clerk2"
    household = registry.register_household(
        village=village,
        address=f"ផ្ទះលេខ {chance.randint(1, 180)}",
        phone=chance.choice(("", f"+85512{chance.randint(100000, 999999)}")),
        members=demo.family(chance, on),
        by=_actor(clerk, REGISTRATION),
        on=on,
        not_duplicates=True,
    )
    if stage == "none":
        return
    case = targeting.request_assessment(
        household_id=household.pk, channel="village_chief", by=_actor(clerk, TARGETING), on=on
    )
    for name, days, step in _steps(chance, clerk):
        if stage == "requested":
            return
        case = step(assessment_id=case.pk, version=case.version, on=on + timedelta(days=days))
        if name == stage:
            return


@transaction.atomic
def _visit(person: Any, facility: str, chance: Random, today: date) -> None:
    """Let a person come to a facility once, for one thing."""
    by, day = _actor("midwife", Purpose.CARE), today - timedelta(days=chance.randint(1, 40))
    woman = person.sex == "female" and 15 <= age_on(person.birth_date, day) < 45
    care_for = chance.choice(demo.CARE) if woman else "outpatient"
    handle = care.handle_of(person.pk, by=by)
    came = schemes.open_visit(
        handle=handle, facility=facility, came=schemes.Came(day), by=by, on=day
    )
    given = schemes.Given(care_for, day)
    schemes.give_service(visit_id=came.pk, given=given, by=by, on=day)
    left = schemes.Left(day, "cured", diagnoses=("Z00.0",))
    schemes.close_visit(visit_id=came.pk, left=left, by=by, on=day, at=timezone.now())


def _steps(chance: Random, clerk: str) -> list[tuple[str, int, Callable[..., Any]]]:
    """Give each step with its day after the request; other communes' parts are the system's."""
    home = clerk == "clerk"
    system = Actor.system("seed_demo", purpose=TARGETING)
    council = _actor("council", TARGETING) if home else Actor.system("council", purpose=TARGETING)

    def interview(**given: Any) -> Any:
        answers = demo.answers(chance, cases.scorecard(on=given["on"]))
        return targeting.record_interview(answers=answers, by=_actor(clerk, TARGETING), **given)

    def review(**given: Any) -> Any:
        return targeting.review_in_village(opinion="agrees", by=system, **given)

    def display(**given: Any) -> Any:
        return targeting.put_on_display(by=_actor(clerk, TARGETING), **given)

    def decide(**given: Any) -> Any:
        level = cases.assessment(given["assessment_id"], by=system).scored_level
        return targeting.decide(level=level, by=council, **given)

    def check(**given: Any) -> Any:
        return targeting.check(outcome="confirmed", by=_actor("district", TARGETING), **given)

    return [
        ("interviewed", 6, interview),
        ("reviewed", 11, review),
        ("displayed", 13, display),
        ("decided", 22, decide),
        ("confirmed", 29, check),
    ]
