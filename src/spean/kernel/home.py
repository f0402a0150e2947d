"""One line of a person's first page: so many things of one kind wait for them."""

from dataclasses import dataclass


@dataclass(frozen=True, slots=True)
class HomeItem:
    """What waits: a title (already in the reader's language), how many, and where to do it."""

    title: str
    count: int
    url: str
    urgent: bool = False
