"""What the kernel writes: decisions for other modules; users, systems and their roles."""

from datetime import date
from typing import TYPE_CHECKING

from django.contrib.auth.password_validation import validate_password
from django.core.exceptions import ValidationError
from django.db import IntegrityError, transaction
from django.db.models import Model
from oauth2_provider.generators import generate_client_secret
from oauth2_provider.models import get_application_model

from spean.kernel import access, audit
from spean.kernel.access import Actor
from spean.kernel.errors import N_, Conflict, SpeanError
from spean.kernel.models import RoleGrant, StoredDecision, User

if TYPE_CHECKING:
    from spean.kernel.decisions import Decision


class UsernameTaken(Conflict):
    """Refuse a second account under one name."""

    code = "kernel.username_taken"
    message = N_("The name “%(username)s” is taken. Choose another.")
    field = "username"


class WeakPassword(SpeanError):
    """Refuse a password that is easily guessed."""

    code = "kernel.weak_password"
    message = N_("This password is too easy to guess. Choose a longer one, of several words.")
    field = "password"


class UnknownRole(SpeanError):
    """Refuse a role that the table of roles doesn't hold."""

    code = "kernel.unknown_role"
    message = N_("There is no such role. Choose one from the list.")
    field = "role"


class RoleHeldAlready(Conflict):
    """Refuse to give a role twice for the same time and area."""

    code = "kernel.role_held_already"
    message = N_("This user has the role in this area already.")
    field = "role"


class NotToOneself(SpeanError):
    """Refuse to widen or narrow one's own rights."""

    code = "kernel.not_to_oneself"
    message = N_("Nobody changes their own roles. Ask another administrator.")
    status = 403


class GrantEnded(Conflict):
    """Refuse to end a grant that has ended, or before it began."""

    code = "kernel.grant_ended"
    message = N_("This role has ended already, or has not begun. Look at the list again.")


def store_decision(decision: "Decision", *, subject: Model, by: Actor) -> StoredDecision:
    """Keep a decision with its facts, criteria and policy values, as it was taken."""
    return StoredDecision.objects.create(
        kind=decision.kind,
        subject_type=subject._meta.label_lower,
        subject_id=str(subject.pk),
        outcome=decision.outcome,
        decided_on=decision.on,
        body=decision.as_json(),
        stored_by=by.name,
    )


@transaction.atomic
def create_user(*, username: str, full_name: str, password: str, language: str, by: Actor) -> User:
    """Open an account for a person; it can do nothing until a role is granted.

    Raises NotAllowed, UsernameTaken, WeakPassword.
    """
    access.require(by, "kernel.manage_users", area="")
    user = User(username=username, full_name=full_name, language=language)
    try:
        validate_password(password, user)
    except ValidationError as error:
        raise WeakPassword from error
    user.set_password(password)
    _save_new(user)
    audit.write(by=by, action="kernel.user_created", subject=user, username=username)
    return user


@transaction.atomic
def create_system(*, name: str, by: Actor) -> tuple[User, str, str]:
    """Register another system; give its user, client id and secret. The secret is shown once.

    Raises NotAllowed, UsernameTaken.
    """
    access.require(by, "kernel.manage_users", area="")
    user = User(username=name, full_name=name, is_system=True)
    user.set_unusable_password()
    _save_new(user)
    secret = generate_client_secret()
    application = get_application_model().objects.create(
        name=name,
        user=user,
        client_type="confidential",
        authorization_grant_type="client-credentials",
        client_secret=secret,
    )
    audit.write(by=by, action="kernel.system_created", subject=user)
    return user, application.client_id, secret


def _save_new(user: User) -> None:
    try:
        with transaction.atomic():
            user.save(force_insert=True)
    except IntegrityError as error:
        raise UsernameTaken(username=user.username) from error


@transaction.atomic
def grant_role(*, user: User, role: str, area: str, by: Actor, on: date) -> RoleGrant:
    """Give a user a role in an area from a day on.

    Raises NotAllowed, NotToOneself, UnknownRole, RoleHeldAlready.
    """
    access.require(by, "kernel.manage_users", area="")
    if by.user == user:
        raise NotToOneself
    if role not in access.roles():
        raise UnknownRole
    try:
        with transaction.atomic():
            grant = RoleGrant.objects.create(user=user, role=role, area=area, start=on)
    except IntegrityError as error:
        raise RoleHeldAlready from error
    audit.write(by=by, action="kernel.role_granted", subject=user, area=area, role=role)
    return grant


@transaction.atomic
def end_grant(*, grant: RoleGrant, by: Actor, on: date) -> RoleGrant:
    """Take a role away from a day on; the grant stays on record.

    Raises NotAllowed, NotToOneself, GrantEnded.
    """
    access.require(by, "kernel.manage_users", area="")
    if by.user == grant.user:
        raise NotToOneself
    grant = RoleGrant.objects.select_for_update().get(pk=grant.pk)
    if grant.end is not None or grant.start >= on:
        raise GrantEnded
    grant.end = on
    grant.save(update_fields=["end"])
    audit.write(
        by=by, action="kernel.role_ended", subject=grant.user, area=grant.area, role=grant.role
    )
    return grant
