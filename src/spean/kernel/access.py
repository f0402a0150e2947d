"""Who may do what, where and for what purpose: decided here and nowhere else.

A *role* (the table in `spean.config.roles`) gives permissions, each for named purposes. A
`RoleGrant` gives a user a role in an *area*: a place code, which covers every code that starts
with it; "" is the nation. What is not given is refused.
"""

from collections.abc import Callable, Container, Iterable, Mapping
from dataclasses import dataclass, field, replace
from enum import StrEnum
from functools import wraps
from typing import Any, ParamSpec, TypeVar, cast

from django.contrib.auth.views import redirect_to_login
from django.db.models import Model, Q, QuerySet
from django.http import HttpRequest
from django.utils import timezone

from spean.kernel.errors import N_, NotAllowed, SpeanError
from spean.kernel.models import RoleGrant, User

OF_SYSTEM = "system:"  # what the name of a job of the system itself begins with
AREA = r"^([0-9]{2}){0,4}$"  # a place code of any level; "" is the nation
P = ParamSpec("P")
R = TypeVar("R")
M = TypeVar("M", bound=Model)


class Purpose(StrEnum):
    """Why personal data are used. Every route declares one."""

    REGISTRATION = "registration"
    TARGETING = "targeting"
    CARE = "care"
    OVERSIGHT = "oversight"
    ADMINISTRATION = "administration"
    STATISTICS = "statistics"
    PAYMENT = "payment"


@dataclass(frozen=True, slots=True)
class Role:
    """What one role may do: permission name to the purposes it is given for."""

    label: str
    permissions: Mapping[str, frozenset[Purpose]]


class NotSignedIn(SpeanError):
    """Refuse a request that does not say who makes it."""

    code = "kernel.not_signed_in"
    message = N_("Sign in first.")
    status = 401


@dataclass(frozen=True, slots=True)
class Actor:
    """Who acts, and for what purpose. A job acts as `Actor.system`."""

    user: User | None
    purpose: Purpose
    name: str
    grants: tuple[tuple[str, str], ...] = field(default=(), repr=False)

    @classmethod
    def of(cls, user: User, purpose: Purpose) -> "Actor":
        """Take the user's grants of today as this actor's rights."""
        today = timezone.localdate()
        held = RoleGrant.objects.filter(
            Q(end__isnull=True) | Q(end__gt=today), start__lte=today, user=user
        )
        return cls(user, purpose, user.username, tuple(held.values_list("role", "area")))

    @classmethod
    def system(cls, job: str, *, purpose: Purpose = Purpose.ADMINISTRATION) -> "Actor":
        """Act as a named job of the system itself, with every right, under its own name."""
        return cls(None, purpose, f"{OF_SYSTEM}{job}")


_roles: dict[str, Role] = {}


def install_roles(roles: Mapping[str, Role]) -> None:
    """Make this the table of roles."""
    _roles.clear()
    _roles.update(roles)


def roles() -> Mapping[str, Role]:
    """Give the table of roles."""
    return _roles


def areas(by: Actor, permission: str) -> tuple[str, ...]:
    """Give the areas in which the actor has the permission for their purpose; () for none."""
    if by.user is None:
        return ("",)
    held = {
        area
        for role, area in by.grants
        if role in _roles and by.purpose in _roles[role].permissions.get(permission, ())
    }
    return outermost(held)


def lies_in(area: str, areas: Container[str]) -> bool:
    """Say whether an area is one of these, or lies in one of them."""
    return any(area[:end] in areas for end in range(len(area) + 1))


def outermost(areas: Iterable[str]) -> tuple[str, ...]:
    """Give the areas that lie in no other of them, in order."""
    known = set(areas)
    return tuple(sorted(area for area in known if not area or not lies_in(area[:-1], known)))


def allows(by: Actor, permission: str, *, area: str) -> bool:
    """Say whether the actor has the permission in the whole of the area."""
    return any(area.startswith(held) for held in areas(by, permission))


def require(by: Actor, permission: str, *, area: str) -> None:
    """Refuse unless the actor has the permission in the whole of the area.

    Raises NotAllowed; the edge (`spean.kernel.edge`) writes the refusal into the audit trail, after
    the refused transaction is rolled back.
    """
    if not allows(by, permission, area=area):
        raise NotAllowed(permission=permission, area=area)


def within(
    rows: QuerySet[M], by: Actor, permission: str, *, code: str = "village__code"
) -> QuerySet[M]:
    """Keep the rows whose place code lies in the actor's areas for the permission."""
    held = areas(by, permission)
    if "" in held:
        return rows
    condition = Q(pk__in=[])
    for area in held:
        condition |= Q(**{f"{code}__startswith": area})
    return rows.filter(condition)


@dataclass(frozen=True, slots=True)
class Declared:
    """What a route declares: the permission and the purposes it serves, or that it is public."""

    permission: str | None
    purposes: tuple[Purpose, ...]


def public(view: Callable[P, R]) -> Callable[P, R]:
    """Declare a route open to everyone."""
    cast(Any, view).access = Declared(None, ())
    return view


def signed_in(purpose: Purpose) -> Callable[[Callable[P, R]], Callable[P, R]]:
    """Declare a route open to every user who is signed in (their own home, their own account)."""
    return _declare(None, purpose)


def declared(
    permission: str, *, purpose: Purpose | tuple[Purpose, ...]
) -> Callable[[Callable[P, R]], Callable[P, R]]:
    """Declare what a route needs; who has it nowhere is refused before the route runs.

    Of several purposes the actor's is the first for which they have the permission.
    """
    return _declare(permission, *(purpose if isinstance(purpose, tuple) else (purpose,)))


def _declare(
    permission: str | None, *purposes: Purpose
) -> Callable[[Callable[P, R]], Callable[P, R]]:
    def decorate(view: Callable[P, R]) -> Callable[P, R]:
        @wraps(view)
        def guarded(*args: P.args, **kwargs: P.kwargs) -> R:
            request = cast(Any, args[0])
            if not request.user.is_authenticated:
                return cast(R, _ask_to_sign_in(request))
            request.actor = _actor(request.user, permission, purposes)
            if permission is not None and not areas(request.actor, permission):
                raise NotAllowed(permission=permission, area="")
            return view(*args, **kwargs)

        cast(Any, guarded).access = Declared(permission, purposes)
        return guarded

    return decorate


def _actor(user: User, permission: str | None, purposes: tuple[Purpose, ...]) -> Actor:
    first = Actor.of(user, purposes[0])
    for purpose in purposes if permission else ():
        actor = replace(first, purpose=purpose)
        if areas(actor, cast(str, permission)):
            return actor
    return first


def _ask_to_sign_in(request: HttpRequest) -> object:
    if request.path.startswith("/api/"):
        raise NotSignedIn
    return redirect_to_login(request.get_full_path())
