"""A month of claims judged by one slow, obvious reading of the rules, claim by claim."""

import re
from collections.abc import Mapping, Sequence
from dataclasses import dataclass, field
from datetime import date
from typing import Any

from spean.health_equity.models import DIAGNOSIS
from spean.health_equity.rules import SERVICES, Ground, Group, Outcome, covers
from spean.health_equity.rules.adjudication import RULES, Level
from spean.kernel.periods import age_on
from spean.kernel.policy import NotInForce, policy


@dataclass(frozen=True)
class Somebody:
    """A person as the registry has them, and their grounds of cover."""

    sex: str
    birth: date
    precision: str
    death: date | None
    grounds: Sequence[Ground]


@dataclass(frozen=True)
class Place:
    """A facility: its level, and when it was under contract (by scheme) and suspended."""

    level: str
    contracts: Sequence[str]
    suspended: Sequence[tuple[date, date]] = ()


@dataclass
class World:
    """Everybody and everywhere, by key; all facilities are open since long ago."""

    people: Mapping[str, Somebody] = field(default_factory=dict)
    places: Mapping[str, Place] = field(default_factory=dict)


Claim = dict[str, Any]
Judged = tuple[str, int | None, list[str], list[tuple[int, list[str], int, int]]]


def judge(claim: Claim, earlier: Sequence[Claim], world: World) -> Judged:
    """Give outcome, amount, codes, and (place, codes, quantity, riel) of each line."""
    who = world.people.get(claim["who"] or "")
    lines: list[tuple[int, list[str], int, int]] = []
    asked_for = 0
    for n, line in enumerate(claim["lines"]):
        before = [(c, other) for c in earlier for other in c["lines"]]
        before += [(claim, other) for other in claim["lines"][:n]]
        codes = [*_facility(claim, line, world), *_person(claim, line, who),
                 *_care(claim, line), *_history(claim, line, who, before)]  # fmt: skip
        found, quantity, paid = _money(claim, line, world, codes)
        lines.append((n + 1, codes + found, quantity, paid))
        asked_for += line["asked"]
    total = sum(paid for *_, paid in lines)
    codes, left = _ceilings(claim, earlier, who, total)
    cut: list[tuple[int, list[str], int, int]] = []
    for place, of_line, quantity, paid in lines:
        cut.append((place, of_line + codes, quantity, min(paid, left)))
        left -= min(paid, left)
    total = sum(paid for *_, paid in cut)
    holds = {"document_missing", "birth_date_differs", "sex_differs"}
    held = any(holds & set(of_line) and not _void(of_line) for _, of_line, *_ in cut)
    everything = {code for _, of_line, *_ in cut for code in of_line}
    outcome = ("rejected" if not total else "held" if held
               else "reduced" if total < asked_for else "accepted")  # fmt: skip
    shown = [(place, [c for c in RULES if c in of_line and RULES[c].level is Level.LINE], *rest)
             for place, of_line, *rest in cut]  # fmt: skip
    amount = None if outcome == "held" else total
    return outcome, amount, [code for code in RULES if code in everything], shown


def _void(codes: Sequence[str]) -> bool:
    return any(RULES[code].effect == "reject" for code in codes)


def _rows(key: str, on: date) -> Mapping[str, Mapping[str, Any]]:
    try:
        return policy.table(f"health_equity.{key}", on=on).rows
    except NotInForce:
        return {}


def _fees(claim: Claim, line: Claim) -> Mapping[str, Any]:
    table = "fees.hef" if claim["scheme"] == "hef" else "fees.social_security"
    return _rows(table, line["on"]).get(line["service"], {})


def _facility(claim: Claim, line: Claim, world: World) -> list[str]:
    place, on, fees = world.places[claim["where"]], line["on"], _fees(claim, line)
    codes = []
    if claim["scheme"] not in place.contracts:
        codes.append("not_contracted")
    if any(start <= on < end for start, end in place.suspended):
        codes.append("facility_suspended")
    if line["service"] not in SERVICES:
        codes.append("service_unknown")
    elif not fees:
        codes.append("not_in_package")
    elif place.level not in fees:
        codes.append("wrong_level")
    return codes


def _person(claim: Claim, line: Claim, who: Somebody | None) -> list[str]:
    on, service, codes = line["on"], line["service"], []
    birth = who.birth if who else claim["birth_date"]
    sex = who.sex if who else claim["sex"]
    if who is None:
        codes.append("person_unknown")
    else:
        codes += _cover(claim["scheme"], who, on)
        if who.death and on > who.death and service != "funeral":
            codes.append("after_death")
        said = claim["birth_date"]
        shown = {"exact": 10, "month": 7, "year": 4}.get(who.precision, 0)
        if said and said.isoformat()[:shown] != who.birth.isoformat()[:shown]:
            codes.append("birth_date_differs")
        if claim["sex"] and claim["sex"] != who.sex:
            codes.append("sex_differs")
    if birth and on < birth:
        codes.append("before_birth")
    if sex == "male" and _rows("women_only", on).get(service):
        codes.append("wrong_sex")
    ages = _rows("ages", on).get(service)
    if ages and birth and birth <= on:
        codes += ["too_young"] if age_on(birth, on) < ages["youngest"] else []
        codes += ["too_old"] if age_on(birth, on) > ages["oldest"] else []
    return codes


def _cover(scheme: str, who: Somebody, on: date) -> list[str]:
    found = covers(who.grounds, on=on)
    own = next((one for one in found if one.scheme == scheme), None)
    if own and own.outcome is Outcome.COVERED:
        return [] if found[0].scheme == scheme else ["other_payer_first"]
    if own and own.outcome is Outcome.EXPIRED:
        return ["cover_ended"]
    if own and own.outcome is Outcome.NOT_YET and own.group is Group.SELF_EMPLOYED:
        listed = any(g.group is own.group and g.start <= on for g in who.grounds)
        return ["waiting_period"] if listed else ["not_covered"]
    return ["not_covered"]


def _care(claim: Claim, line: Claim) -> list[str]:
    on, service, level, codes = line["on"], line["service"], claim["level"], []
    if claim["left_on"] < claim["came_on"]:
        codes.append("left_before_coming")
    if on < claim["came_on"] or (on > claim["left_on"] and service != "funeral"):
        codes.append("outside_stay")
    if on > claim["submitted_on"]:
        codes.append("in_future")
    if (claim["submitted_on"] - claim["left_on"]).days > 92:
        codes.append("late")
    if not claim["diagnoses"]:
        codes.append("diagnosis_missing")
    if not all(re.search(DIAGNOSIS, one) for one in claim["diagnoses"]):
        codes.append("diagnosis_not_a_code")
    asked = _rows("diagnoses", on).get(service)
    fits = any(one.lower().startswith(tuple(asked or ())) for one in claim["diagnoses"])
    if asked and claim["diagnoses"] and not fits:
        codes.append("diagnosis_not_for_service")
    if _rows("referrals", on).get(service, {}).get(level) and not claim["referred"]:
        codes.append("referral_missing")
    if set(_rows("documents", on).get(service, {})) - set(claim["documents"]):
        codes.append("document_missing")
    return codes


def _history(
    claim: Claim, line: Claim, who: Somebody | None, before: Sequence[tuple[Claim, Claim]]
) -> list[str]:
    known = SERVICES.get(line["service"])
    if who is None or known is None:
        return []
    his = [(c, other) for c, other in before
           if c["who"] == claim["who"] and other["service"] in SERVICES]  # fmt: skip
    same = [(c, other) for c, other in his if other["service"] == line["service"]]
    kind = [o for _, o in his if SERVICES[o["service"]].category == known.category]
    codes = []
    if any(c["where"] == claim["where"] and o["on"] == line["on"] for c, o in same):
        codes.append("duplicate")
    if known.inpatient and any(
        SERVICES[o["service"]].inpatient and c is not claim
        and c["came_on"] < claim["left_on"] and claim["came_on"] < c["left_on"]
        for c, o in his
    ):  # fmt: skip
        codes.append("overlapping_stay")
    limits = _rows("limits", line["on"])
    row = "delivery_care" if known.category == "delivery" else str(known.category)
    for code, limit, listed in (
        ("service_too_often", limits.get(line["service"], {}), [o for _, o in same]),
        ("care_too_often", limits.get(row, {}), kind),
    ):
        near = [o for o in listed if abs((o["on"] - line["on"]).days) < limit.get("days", 0)]
        if "times" in limit and len(near) >= limit["times"]:
            codes.append(code)
    return codes


def _money(
    claim: Claim, line: Claim, world: World, codes: Sequence[str]
) -> tuple[list[str], int, int]:
    fee = _fees(claim, line).get(world.places[claim["where"]].level)
    most = _rows("limits", line["on"]).get(line["service"], {}).get("quantity")
    asked, quantity, found = line["asked"], line["quantity"], []
    if not asked or not quantity:
        found.append("nothing_asked")
    if most is not None and quantity > most:
        found.append("quantity_over")
    if fee is not None and asked > fee * quantity:
        found.append("over_fee")
    if _void([*codes, *found]):
        return found, 0, 0
    if "quantity_over" in found:
        asked, quantity = asked * int(most or 0) // quantity, int(most or 0)
    return found, quantity, min(asked, int(fee or 0) * quantity)


def _ceilings(
    claim: Claim, earlier: Sequence[Claim], who: Somebody | None, total: int
) -> tuple[list[str], int]:
    row = _rows("ceilings", claim["left_on"])[claim["scheme"]]
    year = [
        c for c in earlier
        if who and c["who"] == claim["who"] and c["scheme"] == claim["scheme"]
        and c["left_on"].year == claim["left_on"].year
    ]  # fmt: skip
    claimed = sum(line["asked"] for c in year for line in c["lines"])
    left = max(int(row["year"]) - claimed, 0)
    codes = ["over_claim_ceiling"] if total > row["claim"] else []
    codes += ["over_year_ceiling"] if total > left else []
    return codes, min(int(row["claim"]), left)
