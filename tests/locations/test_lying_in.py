"""The test that a row's village lies in some places, as SQL for the columnar engine."""

import duckdb
import pytest

from spean.locations.queries import lying_in


@pytest.mark.parametrize(
    ("places", "held"),
    [
        ([""], ["16010101", "16020101", "17010101"]),
        (["16"], ["16010101", "16020101"]),
        (["1602", "17010101"], ["16020101", "17010101"]),
        ([], []),
    ],
)
def test_places_of_any_level_are_held_against_the_village(
    places: list[str], held: list[str]
) -> None:
    rows = "(VALUES ('16010101'), ('16020101'), ('17010101')) AS homes (village)"
    statement = f"SELECT village FROM {rows} WHERE {lying_in(places)} ORDER BY 1"

    with duckdb.connect() as engine:
        assert [row[0] for row in engine.execute(statement).fetchall()] == held


@pytest.mark.parametrize("code", ["16' OR 1=1 --", "១៦", "x"])
def test_what_is_no_code_is_never_written_into_a_statement(code: str) -> None:
    with pytest.raises(ValueError, match=".+"):
        lying_in([code])
