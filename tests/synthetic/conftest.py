"""A country at one part in a hundred, and a part of one district, each drawn once."""

import csv
from collections.abc import Callable, Iterator
from contextlib import contextmanager
from dataclasses import dataclass
from datetime import date
from pathlib import Path
from typing import Any

import pytest
from django.db import transaction

from spean.kernel.access import Actor
from spean.locations import actions as locations
from spean.synthetic import actions
from spean.synthetic.rules.fit import Line

TODAY = date(2026, 11, 23)
DISTRICT = "1602"
VILLAGE = "16010101"


@dataclass(frozen=True, slots=True)
class Drawn:
    """The folder of a draw, and how it fits."""

    folder: Path
    lines: list[Line]

    def rows(self, kind: str) -> list[dict[str, str]]:
        """Read all rows of one kind of file: households, interviews, truth."""
        found = []
        for path in sorted(self.folder.glob(f"{kind}-*.csv")):
            with path.open(encoding="utf-8", newline="") as file:
                found += list(csv.DictReader(file))
        return found

    def bytes(self) -> dict[str, bytes]:
        """Read every file as it stands."""
        return {path.name: path.read_bytes() for path in sorted(self.folder.iterdir())}


def load(area: str) -> None:
    """Load the gazetteer of an area."""
    locations.load_gazetteer(by=Actor.system("test"), on=TODAY, only=area or None)


@contextmanager
def gazetteer(blocker: Any, area: str) -> Iterator[None]:
    """Hold the gazetteer of an area for a while, outside any test."""
    with blocker.unblock(), transaction.atomic():
        load(area)
        yield
        transaction.set_rollback(True)


def draw(folder: Path, *, scale: float, area: str = "", seed: int = 1) -> Drawn:
    """Draw into a folder."""
    lines = actions.generate(folder=folder, scale=scale, seed=seed, on=TODAY, area=area)
    return Drawn(folder, lines)


@pytest.fixture(scope="session")
def country(
    django_db_setup: None, django_db_blocker: Any, tmp_path_factory: pytest.TempPathFactory
) -> Drawn:
    """Give the country at one part in a hundred."""
    with gazetteer(django_db_blocker, ""):
        return draw(tmp_path_factory.mktemp("country"), scale=0.01)


@pytest.fixture(scope="session")
def district(
    django_db_setup: None, django_db_blocker: Any, tmp_path_factory: pytest.TempPathFactory
) -> Drawn:
    """Give a part of one district."""
    with gazetteer(django_db_blocker, DISTRICT):
        return draw(tmp_path_factory.mktemp("district"), scale=0.06, area=DISTRICT)


@pytest.fixture
def provinces(db: None) -> None:
    """Load the gazetteer of two small provinces."""
    for code in ("16", "24"):
        load(code)


@pytest.fixture
def drawing(provinces: None, tmp_path: Path) -> Callable[..., Drawn]:
    """Draw in those provinces: `drawing("name", scale=0.1, area="1601")`."""

    def draw_to(name: str, **options: Any) -> Drawn:
        return draw(tmp_path / name, **options)

    return draw_to
