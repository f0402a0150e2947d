"""The links at the top of every page: a table that the top of the project fills in."""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass, replace
from typing import Any

from django.urls import NoReverseMatch, reverse

from spean.kernel import access
from spean.kernel.access import Actor, Purpose


@dataclass(frozen=True, slots=True)
class Link:
    """One link: its text (a msgid), its page, and who sees it (None: all who are signed in)."""

    label: str
    page: str
    permission: str | None = None
    purpose: Purpose | tuple[Purpose, ...] = Purpose.REGISTRATION

    def opens_for(self, by: Actor, *, area: str | None = None) -> bool:
        """Say whether the actor may follow the link, somewhere or in an area, for a purpose."""
        if self.permission is None:
            return True
        purposes = self.purpose if isinstance(self.purpose, tuple) else (self.purpose,)
        held = [a for p in purposes for a in access.areas(replace(by, purpose=p), self.permission)]
        return bool(held) if area is None else any(area.startswith(one) for one in held)


@dataclass(frozen=True, slots=True)
class Shown:
    """A link as it is shown on one page."""

    label: str
    url: str
    current: bool


_links: list[Link] = []
_about: dict[str, Sequence[Link]] = {}


def install(links: Sequence[Link]) -> None:
    """Make this the table of links."""
    _links[:] = links


def links() -> Sequence[Link]:
    """Give the table of links."""
    return tuple(_links)


def install_about(table: Mapping[str, Sequence[Link]]) -> None:
    """Make this the table of links about one thing (a household): pages of every module."""
    _about.clear()
    _about.update(table)


def about(kind: str, *, by: Actor, area: str) -> list[Link]:
    """Give the links about one thing that the actor may follow there, for whatever purpose."""
    return [link for link in _about.get(kind, ()) if link.opens_for(by, area=area)]


def shown_to(request: Any) -> list[Shown]:
    """Give the links that the visitor's roles let them follow, the current one marked."""
    actor = actor_of(request)
    if actor is None:
        return []
    found = [
        (link, url)
        for link in _links
        if link.opens_for(actor) and (url := _address(link.page)) is not None
    ]
    here = max((url for _, url in found if _under(request.path, url)), key=len, default=None)
    return [Shown(link.label, url, url == here) for link, url in found]


def actor_of(request: Any) -> Actor | None:
    """Give who is signed in, without asking the database twice."""
    user = getattr(request, "user", None)
    if user is None or not user.is_authenticated:
        return None
    if getattr(request, "actor", None) is None:
        request.actor = Actor.of(user, Purpose.ADMINISTRATION)
    actor: Actor = request.actor
    return actor


def _address(page: str) -> str | None:
    try:
        return reverse(page)
    except NoReverseMatch:
        return None


def _under(path: str, url: str) -> bool:
    return path == url or (url != "/" and path.startswith(url.rstrip("/") + "/"))
