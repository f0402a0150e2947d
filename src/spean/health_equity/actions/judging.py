"""The claims that wait are judged while one waits for the answer, or as long work if many."""

from collections.abc import Mapping
from datetime import date

from spean.health_equity.actions.adjudication import adjudicate_waiting
from spean.health_equity.queries.claims import JUDGE, Asked, waiting_claims
from spean.kernel import access, runs
from spean.kernel.access import Actor
from spean.kernel.models import LongRun

KIND = "claims"
IN_REQUEST = 500  # claims that are judged within a second or two


def judge_waiting(*, asked: Asked, by: Actor, on: date) -> Mapping[str, int] | LongRun:
    """Judge the claims that wait and are asked for: give how many of each outcome, or the run.

    Raises NotAllowed, RunsAlready.
    """
    access.require(by, JUDGE, area="")
    if waiting_claims(asked=asked).count() <= IN_REQUEST:
        return adjudicate_waiting(asked=asked, by=by, on=on)
    parameters = {
        "facility": asked.facility, "scheme": asked.scheme,
        "on": asked.month.isoformat() if asked.month else "",
    }  # fmt: skip
    given = {name: value for name, value in parameters.items() if value}
    return runs.start(kind=KIND, parameters=given, by=by)
