"""Keys of names, worked out once for each distinct name and not for each person."""

from typing import Any

import pyarrow as pa

from spean.registry.rules.names import fold, sound_key

NAMES = ("family_name_km", "given_name_km", "family_name_latin", "given_name_latin")


def make_name_keys(connection: Any, people: str, table: str) -> None:
    """Write a table of the distinct names: name, plain (folded letters) and key (of its sound).

    A name of several words has one key, so that Sok Na and Sokna are the same.
    """
    union = " UNION ".join(
        f"SELECT DISTINCT {name} AS name FROM {people} WHERE {name} <> ''" for name in NAMES
    )
    names = [name for (name,) in connection.execute(f"{union} ORDER BY name").fetchall()]
    plain = [fold(name).replace(" ", "") for name in names]
    keys = [sound_key(text) for text in plain]
    made = pa.table(
        {
            "name": pa.array(names, pa.string()),
            "plain": pa.array([text or None for text in plain], pa.string()),
            "key": pa.array([key or None for key in keys], pa.string()),
        }
    )
    connection.register("linkage_made_keys", made)
    connection.execute(f"CREATE OR REPLACE TABLE {table} AS SELECT * FROM linkage_made_keys")
    connection.unregister("linkage_made_keys")
