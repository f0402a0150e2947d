"""What the kernel shows: users and their roles, the audit trail, what was assumed."""

from datetime import date

from django.db.models import F, OuterRef, Prefetch, Q, QuerySet, Subquery, Value
from django.db.models.functions import Coalesce, NullIf

from spean.kernel import access, audit
from spean.kernel.access import Actor
from spean.kernel.errors import NotFound
from spean.kernel.models import AuditEntry, RoleGrant, User


def users(*, by: Actor, text: str = "", on: date) -> QuerySet[User]:
    """Give the users whose name matches, with the roles that they hold on a day."""
    access.require(by, "kernel.manage_users", area="")
    held = RoleGrant.objects.filter(Q(end__isnull=True) | Q(end__gt=on)).order_by("role", "area")
    found = User.objects.prefetch_related(Prefetch("grants", held, to_attr="held")).order_by("id")
    if text:
        found = found.filter(Q(username__icontains=text) | Q(full_name__icontains=text))
    return found


def full_name(signed: str) -> Coalesce:
    """Give, for a list's statement, the full name of who signed each row in a column."""
    names = User.objects.filter(username=OuterRef(signed)).values("full_name")
    return Coalesce(NullIf(Subquery(names), Value("")), F(signed))


def user(user_id: int, *, by: Actor) -> User:
    """Give one user with every role ever held. Raises NotFound."""
    access.require(by, "kernel.manage_users", area="")
    found = User.objects.prefetch_related("grants").filter(pk=user_id).first()
    if found is None:
        raise NotFound
    return found


def grant(grant_id: int, *, user_id: int, by: Actor) -> RoleGrant:
    """Give one grant of one user. Raises NotFound."""
    access.require(by, "kernel.manage_users", area="")
    found = RoleGrant.objects.select_related("user").filter(pk=grant_id, user_id=user_id).first()
    if found is None:
        raise NotFound
    return found


def audit_entries(
    *, by: Actor, actor: str = "", subject: str = "", kind: str = ""
) -> QuerySet[AuditEntry]:
    """Give the audit lines of an actor or about a subject; reading them is itself audited."""
    access.require(by, "kernel.view_audit", area="")
    audit.read(
        by=by,
        action="kernel.audit_read",
        subject=("audit", "trail"),
        actor=actor,
        about=subject,
        kind=kind,
    )
    found = AuditEntry.objects.all()
    if actor:
        found = found.filter(actor=actor)
    if subject:
        found = found.filter(subject_id=subject)
    if kind:
        found = found.filter(kind=kind)
    return found
