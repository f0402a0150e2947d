"""How well pairs were found, where the truth is known."""

from dataclasses import dataclass
from typing import Any


@dataclass(frozen=True, slots=True)
class Quality:
    """Pairs found, pairs that there are, and those that are in both."""

    found: int
    true: int
    right: int

    @property
    def precision(self) -> float:
        """Give the share of the found pairs that are right; 1 of none found."""
        return self.right / self.found if self.found else 1.0

    @property
    def recall(self) -> float:
        """Give the share of the true pairs that are found; 1 of none to find."""
        return self.right / self.true if self.true else 1.0

    @property
    def f1(self) -> float:
        """Give the harmonic mean of precision and recall."""
        both = self.precision + self.recall
        return 2 * self.precision * self.recall / both if both else 0.0


def quality(connection: Any, pairs: str, truth: str) -> Quality:
    """Compare the pairs with the truth, a table of person (of a record) and true_person.

    Two records are a true pair when they have the same true_person.
    """
    found, right = connection.execute(
        f"""SELECT count(*), count(*) FILTER (WHERE a.true_person = b.true_person)
        FROM {pairs} p
        JOIN {truth} a ON a.person = p.first
        JOIN {truth} b ON b.person = p.second"""
    ).fetchone()
    ((true,),) = connection.execute(
        f"""SELECT coalesce(sum(n * (n - 1) / 2), 0)
        FROM (SELECT count(*) AS n FROM {truth} GROUP BY true_person)"""
    ).fetchall()
    return Quality(found=found, true=int(true), right=right)
