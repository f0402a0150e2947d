"""The demo district: invented people and users of every role, for a laptop only."""

from dataclasses import dataclass
from datetime import date, timedelta
from random import Random

from spean.kernel.policy import Scorecard
from spean.registry.actions import NewMember

DISTRICT, COMMUNE, VILLAGE = "1601", "160101", "16010101"
NEXT_COMMUNE = "160103"
CONTRACT_ACT = "ASSUMED: the demo facilities are under contract"
AREA_ACT = "ASSUMED: the demo district counts as rural"
PASSWORD = "tonle-san-bridge"  # noqa: S105 - printed at every start; it protects invented people
FAMILIES = 60
POINTS = "ASSUMED: invented, a village every 3 km along a road"
CENTRES = {COMMUNE: "DEMO-0101", NEXT_COMMUNE: "DEMO-0103"}
TOWN = "160202"  # where the hospital is
# What people come for, the usual most often.
CARE = (*["outpatient"] * 7, "antenatal_visit", "minor_surgery", "delivery")


@dataclass(frozen=True, slots=True)
class DemoUser:
    """One sign-in: what it may do and where."""

    username: str
    full_name: str
    role: str
    area: str
    does: str


USERS = (
    DemoUser("clerk", "ស៊ិន សុភា", "commune_clerk", COMMUNE, "commune clerk, Malik"),
    DemoUser(
        "clerk2", "ឡុង វិចិត្រ", "commune_clerk", NEXT_COMMUNE, "clerk of the next commune, Nhang"
    ),
    DemoUser("enumerator", "សៀង បូរ៉ា", "enumerator", COMMUNE, "enumerator, Malik"),
    DemoUser("village", "ចាន់ ម៉ាលី", "village_representative", VILLAGE, "village representative"),
    DemoUser("council", "ហេង រតនា", "commune_council", COMMUNE, "commune council"),
    DemoUser(
        "district", "កែវ ពិសិដ្ឋ", "district_officer", DISTRICT, "district officer, Andoung Meas"
    ),
    DemoUser(
        "volunteer", "ឡាំ ស៊ីណា", "village_health_volunteer", VILLAGE, "village health volunteer"
    ),
    DemoUser("midwife", "នួន ស្រីពៅ", "health_worker", DISTRICT, "midwife at the health centre"),
    DemoUser("dispatcher", "ធន់ សុវត្ថិ", "transport_dispatcher", "16", "dispatcher of the province"),
    DemoUser(
        "healthofficer", "អ៊ុំ ច័ន្ទរស្មី", "health_district_officer", "16", "health district officer"
    ),
    DemoUser("reception", "ប៉ែន ស្រីនាង", "facility_clerk", "16", "clerk of the hospital"),
    DemoUser("chief", "សុខ សុវណ្ណារិទ្ធ", "facility_chief", "16", "chief of the hospital"),
    DemoUser("reviewer", "ផាន់ សុធារី", "claims_reviewer", "", "reviewer of claims"),
    DemoUser("certifier", "ឃឹម វិបុល", "certification_chief", "", "chief of payment certification"),
    DemoUser("verifier", "ទី ស្រីណែត", "claims_verifier", "", "verifier of claims"),
    DemoUser("assessor", "នូ ចាន់ដារ៉ា", "quality_assessor", "16", "assessor of quality"),
    DemoUser("healthpayer", "យឹម សុផាត", "scheme_payer", "", "payer of the health schemes"),
    DemoUser("schemes", "ឯម សុភ័ក្ត្រ", "scheme_officer", "", "officer of the health schemes"),
    DemoUser("school", "ទូច វាសនា", "school_officer", COMMUNE, "officer of the school, Malik"),
    DemoUser("counsellor", "ណុប ស្រីមុំ", "support_counsellor", DISTRICT, "counsellor of the hospital"),
    DemoUser(
        "national", "ឃុន សុជាតា", "national_registry_officer", "", "registry officer, the nation"
    ),
    DemoUser("programme", "ជា សុខុម", "programme_officer", "", "programme officer, the nation"),
    DemoUser("approver", "ប៊ុន ចាន់ថា", "payment_approver", "", "approver of payments"),
    DemoUser("approver2", "វង្ស ដាលីន", "payment_approver", "", "second approver of payments"),
    DemoUser("payer", "រស់ គឹមលី", "payment_officer", "", "payment officer, the nation"),
    DemoUser("budget", "សេង មុន្នី", "budget_officer", "", "budget officer, the nation"),
    DemoUser("analyst", "លី សុវណ្ណ", "analyst", "16", "analyst of the province"),
    DemoUser("auditor", "មាស វណ្ណា", "auditor", "", "auditor, the nation"),
    DemoUser("admin", "ទេព សំណាង", "administrator", "", "administrator"),
)

FAMILY_NAMES = (
    ("សុខ", "Sok"), ("ចាន់", "Chan"), ("ហេង", "Heng"), ("លី", "Ly"), ("កែវ", "Keo"), ("ជា", "Chea"),
    ("ឈុន", "Chhun"), ("ទេព", "Tep"), ("នួន", "Nuon"), ("ប៊ុន", "Bun"), ("ប្រាក់", "Prak"),
    ("ភួង", "Phuong"), ("មាស", "Meas"), ("យឹម", "Yim"), ("រស់", "Ros"), ("វង្ស", "Vong"),
    ("ស៊ឹម", "Sim"), ("អ៊ុក", "Uk"), ("ឡុង", "Long"), ("សេង", "Seng"),
)  # fmt: skip
WOMEN = (
    ("សុភា", "Sophea"), ("វណ្ណា", "Vanna"), ("បុប្ផា", "Bopha"), ("ស្រីពៅ", "Sreypov"),
    ("ម៉ាលី", "Maly"), ("ធីតា", "Thida"), ("ស្រីមុំ", "Sreymom"), ("ចន្ថា", "Chantha"),
    ("សុជាតា", "Socheata"), ("កល្យាណ", "Kalyan"), ("នារី", "Neary"), ("ពិសី", "Pisey"),
    ("សុធា", "Sothea"), ("មករា", "Makara"), ("រតនា", "Ratana"),
)  # fmt: skip
MEN = (
    ("ដារ៉ា", "Dara"), ("សំណាង", "Samnang"), ("ពិសិដ្ឋ", "Piseth"), ("សុវណ្ណ", "Sovann"),
    ("វិចិត្រ", "Vichet"), ("វុទ្ធី", "Vuthy"), ("កុសល", "Kosal"), ("សុផល", "Sophal"),
    ("រិទ្ធី", "Rithy"), ("បូរ៉ា", "Bora"), ("វិបុល", "Vibol"), ("សារ៉ាត់", "Sarath"),
    ("ភិរម្យ", "Phirom"), ("ចាន់ធូ", "Chanthou"), ("រដ្ឋា", "Ratha"),
)  # fmt: skip


def family(chance: Random, on: date) -> list[NewMember]:
    """Invent a family: a head, mostly a spouse, children, sometimes a grandparent."""
    name = chance.choice(FAMILY_NAMES)
    head_is_woman = chance.random() < 0.25
    age = chance.randint(22, 64)
    members = [_person(chance, name, "head", head_is_woman, age, on)]
    if not head_is_woman and chance.random() < 0.9:
        other = chance.choice(FAMILY_NAMES)
        wife_age = max(18, age - chance.randint(0, 6))
        members.append(_person(chance, other, "spouse", True, wife_age, on))
    for _ in range(chance.choice((0, 1, 2, 2, 3, 4))):
        child_age = chance.randint(0, max(0, min(age - 18, 22)))
        members.append(_person(chance, name, "child", chance.random() < 0.5, child_age, on))
    if chance.random() < 0.2:
        members.append(_person(chance, name, "parent", True, min(95, age + 24), on))
    return members


def _person(
    chance: Random, family_name: tuple[str, str], relation: str, woman: bool, age: int, on: date
) -> NewMember:
    given_km, given_latin = chance.choice(WOMEN if woman else MEN)
    born = on - timedelta(days=age * 365 + age // 4 + chance.randint(1, 360))
    return NewMember(
        family_name_km=family_name[0],
        given_name_km=given_km,
        family_name_latin=family_name[1],
        given_name_latin=given_latin,
        sex="female" if woman else "male",
        birth_date=born,
        birth_date_precision="exact" if age < 60 else "year",
        relation=relation,
        functioning=_functioning(chance, age),
        pregnant=woman and relation == "spouse" and age < 40 and chance.random() < 0.15,
    )


def _functioning(chance: Random, age: int) -> dict[str, int] | None:
    """Answer the six questions; difficulties grow with age."""
    if age < 5:
        return None
    hard = 0.02 + (0.15 if age >= 60 else 0)
    return {
        domain: 3 if chance.random() < hard / 6 else 1
        for domain in ("seeing", "hearing", "walking", "remembering", "self_care", "communicating")
    }


def answers(chance: Random, card: Scorecard) -> dict[str, str]:
    """Answer an interview: a poorer family leans towards the answers with more points."""
    need = chance.random()
    given = {}
    for question in card.questions:
        if not question.derived:
            ranked = sorted(question.answers, key=lambda answer: -answer.points)
            place = min(len(ranked) - 1, int(max(0, chance.gauss(1 - need, 0.25)) * len(ranked)))
            given[question.code] = ranked[place].code
    return given
