"""What others may hear of locations."""

from dataclasses import dataclass
from datetime import date


@dataclass(frozen=True, slots=True)
class PlacesMerged:
    """Places ceased, and their people and duties passed to another."""

    predecessors: tuple[str, ...]
    successor: str
    day: date
