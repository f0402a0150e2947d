"""The embedded PostgreSQL: a new one is suited to the machine, and an old one left as it is."""

from pathlib import Path

import psycopg

from spean.kernel import postgres


def settings(uri: str) -> dict[str, str]:
    """Give what the server's own file of settings says, in force or from the next start on."""
    asked = "SELECT name, setting FROM pg_file_settings WHERE sourcefile LIKE '%auto.conf'"
    with psycopg.connect(uri, autocommit=True) as connection:
        return dict(connection.execute(asked).fetchall())


def test_a_new_server_is_suited_to_the_machine_and_an_administrators_change_stays(
    tmp_path: Path,
) -> None:
    uri = postgres.start(tmp_path / "postgres")
    found = settings(uri)
    assert found["max_wal_size"] == f"{postgres.WAL}MB"
    assert 128 <= int(found["shared_buffers"].removesuffix("MB")) <= postgres.MOST_SHARED
    with psycopg.connect(uri, autocommit=True) as connection:
        connection.execute("ALTER SYSTEM SET max_wal_size = '1GB'")
    assert settings(postgres.start(tmp_path / "postgres"))["max_wal_size"] == "1GB"
