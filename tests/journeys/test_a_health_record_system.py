"""The walk through docs/how-to/connect-a-health-record-system.md, by curl, line by line."""

import os
import re
import shutil
import subprocess
from collections.abc import Callable
from datetime import timedelta
from pathlib import Path

import pytest
from django.core.cache import cache
from django.utils import timezone
from pytest_django.live_server_helper import LiveServer

from spean.kernel import actions
from spean.kernel.access import Actor
from spean.locations.models import Facility
from spean.registry.models import EquityCard, Household
from tests.health_equity.conftest import be_poor, facility_of  # noqa: F401
from tests.registry.conftest import card, family, new_member, own_keys  # noqa: F401

pytestmark = [
    pytest.mark.django_db(transaction=True),
    pytest.mark.skipif(shutil.which("curl") is None, reason="needs curl"),
]
PAGE = Path(__file__).parents[2] / "docs" / "how-to" / "connect-a-health-record-system.md"
SHOWN = [
    [],
    ['"total": 2', "សុខ ដារ៉ា", '"use": "official"'],
    ['"total": 1', '"birthDate": "1988-02-01"'],
    ["304"],
    ['"total": 2', "Sok Bopha"],
    ['"id": "1601"', '"alias": ["Ministry of Health"]'],
    ['"type": "batch-response"', '"status": "200"', '"name": "រតនគិរី"'],
    ['"inforce": true', '"disposition": "Covered.', '"value": 4000, "currency": "KHR"'],
    ['"total": 1', '"status": "active"', "Organization/scheme-hef"],
    ["201"],
    ['"outcome": "complete"', '"code": "over_fee"', "KHR", "ថ្លៃរបស់គម្រោង"],
    ['"total": 1', "200"],
    ['"doseNumberString": "hpv"', '"code": "overdue"', "press release on HPV"],
    ['"doseNumberString": "hpv"', '"lotNumber": "H12"', "200"],
    ["maternal_child.no_pregnancy", "Record the pregnancy first"],
    ['"type": "document"', '"code": "11369-6"', "no-allergy-info", '"code": "137"'],
]


def test_every_step_of_the_page_does_what_it_says(
    live_server: LiveServer, family: Household, card: EquityCard, system: Actor,  # noqa: F811
    facility_of: Callable[..., Facility],  # noqa: F811
) -> None:  # fmt: skip
    cache.clear()
    be_poor(family, "poor_1", until=timezone.localdate() + timedelta(days=365))
    user, client_id, secret = actions.create_system(name="hospital", by=system)
    actions.grant_role(
        user=user, role="health_record_system", area="16", by=system, on=timezone.localdate()
    )
    blocks = re.findall(r"```sh\n(.*?)```", PAGE.read_text(), flags=re.DOTALL)
    settings, *steps = blocks
    assert settings.split()[0] == "export"

    done = subprocess.run(
        ["bash", "-eu", "-o", "pipefail", "-c", "echo; echo NEXT STEP\n".join(steps)],
        env=os.environ | {
            "SITE": live_server.url, "ID": client_id, "SECRET": secret, "CARD": card.number,
            "FACILITY": facility_of().code,
        },
        capture_output=True, text=True, timeout=120, check=True,
    )  # fmt: skip

    shown = done.stdout.split("NEXT STEP\n")
    assert len(shown) == len(SHOWN)
    for step, expected, given in zip(steps, SHOWN, shown, strict=True):
        assert [text for text in expected if text not in given] == [], f"{step}\n{given}"


@pytest.mark.usefixtures("places")
def test_a_scope_that_nobody_knows_is_not_given(live_server: LiveServer, system: Actor) -> None:
    cache.clear()
    _, client_id, secret = actions.create_system(name="hospital", by=system)

    def asked(scope: str) -> str:
        return subprocess.run(
            ["curl", "-s", "-u", f"{client_id}:{secret}", f"{live_server.url}/oauth2/token",
             "-d", "grant_type=client_credentials", "-d", f"scope={scope}"],
            capture_output=True, text=True, timeout=60, check=True,
        ).stdout  # fmt: skip

    assert '"scope": "system/*.read"' in asked("system/*.read")
    assert "system/" not in asked("")
    for unknown in ("system/Nothing.rs", "system/Patient.sr", "patient/Patient.rs"):
        assert "invalid_scope" in asked(unknown)
