"""Accounts and roles are given by an administrator, to others, and never vanish from the record."""

from collections.abc import Callable
from datetime import date, timedelta

import pytest
from django.utils import timezone

from spean.kernel import actions
from spean.kernel.access import Actor, Purpose
from spean.kernel.errors import NotAllowed
from spean.kernel.models import AuditEntry, User

DAY = date(2026, 11, 2)


@pytest.fixture
def administrator(actor: Callable[..., Actor]) -> Actor:
    return actor("administrator", "", Purpose.ADMINISTRATION)


def _new_user(by: Actor, username: str = "sokha") -> User:
    return actions.create_user(
        username=username, full_name="សុខា", password="bridge-over-sekong", language="km", by=by
    )


def test_a_new_user_can_do_nothing_until_a_role_is_granted(administrator: Actor) -> None:
    user = _new_user(administrator)

    assert Actor.of(user, Purpose.REGISTRATION).grants == ()
    assert user.password.startswith("argon2")


def test_a_name_that_is_taken_is_refused(administrator: Actor) -> None:
    _new_user(administrator)

    with pytest.raises(actions.UsernameTaken, match="“sokha” is taken"):
        _new_user(administrator)


def test_a_password_that_is_easily_guessed_is_refused(administrator: Actor) -> None:
    with pytest.raises(actions.WeakPassword):
        actions.create_user(
            username="sokha", full_name="", password="password1", language="km", by=administrator
        )


def test_a_role_is_granted_and_ended_with_an_audit_line_each(administrator: Actor) -> None:
    user = _new_user(administrator)
    today = timezone.localdate()
    grant = actions.grant_role(
        user=user, role="commune_clerk", area="160101", by=administrator, on=today - timedelta(2)
    )
    assert Actor.of(user, Purpose.REGISTRATION).grants == (("commune_clerk", "160101"),)

    actions.end_grant(grant=grant, by=administrator, on=today)

    assert Actor.of(user, Purpose.REGISTRATION).grants == ()
    lines = AuditEntry.objects.filter(subject_id=str(user.pk)).order_by("id")
    assert [line.action for line in lines] == [
        "kernel.user_created",
        "kernel.role_granted",
        "kernel.role_ended",
    ]


def test_a_role_is_not_granted_twice(administrator: Actor) -> None:
    user = _new_user(administrator)
    give = {"user": user, "role": "analyst", "area": "16", "by": administrator, "on": DAY}
    actions.grant_role(**give)

    with pytest.raises(actions.RoleHeldAlready):
        actions.grant_role(**give)


def test_a_role_that_does_not_exist_is_refused(administrator: Actor) -> None:
    with pytest.raises(actions.UnknownRole):
        actions.grant_role(
            user=_new_user(administrator), role="king", area="", by=administrator, on=DAY
        )


def test_nobody_changes_their_own_roles(administrator: Actor) -> None:
    assert administrator.user is not None

    with pytest.raises(actions.NotToOneself):
        actions.grant_role(
            user=administrator.user, role="auditor", area="", by=administrator, on=DAY
        )
    with pytest.raises(actions.NotToOneself):
        grant = administrator.user.grants.get()
        actions.end_grant(grant=grant, by=administrator, on=DAY)


def test_only_an_administrator_opens_accounts(actor: Callable[..., Actor]) -> None:
    with pytest.raises(NotAllowed):
        _new_user(actor("district_officer", "1601", Purpose.ADMINISTRATION))


def test_another_system_gets_an_id_and_a_secret_kept_only_as_a_hash(administrator: Actor) -> None:
    user, client_id, secret = actions.create_system(name="moh-records", by=administrator)

    application = user.oauth2_provider_application.get()
    assert application.client_id == client_id
    assert application.client_secret != secret
    assert not user.has_usable_password()
