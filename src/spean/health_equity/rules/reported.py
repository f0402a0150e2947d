"""What care recorded for mothers is as a case: which service, and which diagnoses, by policy."""

from collections.abc import Iterable, Sequence
from dataclasses import dataclass
from datetime import date

from spean.health_equity.rules.fees import fee
from spean.kernel.policy import Policy, policy

SERVICES_OF, DIAGNOSES_OF = "health_equity.reported_services", "health_equity.reported_diagnoses"


@dataclass(frozen=True, slots=True)
class Case:
    """The services that a report may be, the first to be claimed first, and its diagnoses."""

    services: Sequence[str]
    diagnoses: Sequence[str]


def case_of(kind: str, *, on: date, also: Iterable[str] = (), rules: Policy = policy) -> Case:
    """Give the case of a kind of report; `also` are the complications, which have diagnoses too.

    No services where a report of the kind is no case of its own. Raises NotInForce.
    """
    services = rules.table(SERVICES_OF, on=on).rows.get(kind, {})
    diagnoses = rules.table(DIAGNOSES_OF, on=on).rows
    codes = [code for row in (kind, *also) for code in diagnoses.get(row, {})]
    return Case(
        sorted(services, key=lambda code: services[code]),
        [code.upper() for code in dict.fromkeys(codes)],
    )


def case_of_birth(
    mode: str, complications: Sequence[str], *, on: date, rules: Policy = policy
) -> Case:
    """Give the case of a birth: what went wrong makes another service of it. Raises NotInForce."""
    kind = f"birth_{mode}"
    found = case_of(kind, on=on, also=complications, rules=rules)
    if not complications or mode == "caesarean":
        return found
    return Case(case_of("birth_complicated", on=on, rules=rules).services, found.diagnoses)


def payable(case: Case, scheme: str, level: str, *, on: date, rules: Policy = policy) -> str | None:
    """Give the first of a case's services that a scheme pays at a level; None if it pays none."""
    return next((one for one in case.services if fee(scheme, one, level, on=on, rules=rules)), None)
