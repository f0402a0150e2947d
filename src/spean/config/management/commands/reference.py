"""`spean reference`: writes the generated pages of the reference."""

from collections.abc import Iterator
from pathlib import Path
from typing import Any

from django.core.management import BaseCommand

from spean.config.roles import ROLES
from spean.kernel.errors import SpeanError
from spean.kernel.policy import policy


class Command(BaseCommand):
    """Write policy values, assumptions, roles and errors as Markdown."""

    help = "Write the generated reference into a folder."

    def add_arguments(self, parser: Any) -> None:
        """Take the folder."""
        parser.add_argument("folder", type=Path)

    def handle(self, *args: Any, **options: Any) -> None:
        """Write each page."""
        folder: Path = options["folder"]
        folder.mkdir(parents=True, exist_ok=True)
        pages = {
            "roles": _roles(),
            "errors": _errors(),
            "policy": _policy(),
            "assumptions": _assumptions(),
        }
        for name, lines in pages.items():
            (folder / f"{name}.md").write_text("\n".join(lines) + "\n")


def _roles() -> Iterator[str]:
    yield "# Roles\n"
    yield "A role holds in the area of its grant, for the purposes named.\n"
    for name, role in ROLES.items():
        yield f"## {role.label}\n\n`{name}`\n\n| permission | purposes |\n|---|---|"
        for permission, purposes in sorted(role.permissions.items()):
            yield f"| `{permission}` | {', '.join(sorted(purposes))} |"
        yield ""


def _errors() -> Iterator[str]:
    yield "# Errors\n"
    yield "Each has a stable code; pages and the API give the message in Khmer or English.\n"
    yield "| code | status | message |\n|---|---|---|"
    for error in sorted(_every(SpeanError), key=lambda e: e.code):
        message = (error.many or error.message).replace("|", "/")
        yield f"| `{error.code}` | {error.status} | {message} |"


def _policy() -> Iterator[str]:
    yield "# Policy\n"
    yield f"Version `{policy.version()}`. Each value holds from its day until the next.\n"
    for key in policy.all_keys:
        yield f"## {key}\n\n| from | value | reference |\n|---|---|---|"
        for since, value in policy.history(key).items():
            shown = "ceased" if value is None else getattr(value, "value", "see the file")
            unit = getattr(value, "unit", "")
            yield f"| {since} | {shown} {unit} | {value.reference if value else ''} |"
        yield ""


def _assumptions() -> Iterator[str]:
    yield "# Assumptions\n"
    yield "Values without a public source: placeholders, not law.\n"
    yield "| key | from | why |\n|---|---|---|"
    for value in policy.assumptions():
        yield f"| `{value.key}` | {value.since} | {value.reference.partition(' — ')[2]} |"


def _every(error: type[SpeanError]) -> Iterator[type[SpeanError]]:
    for child in error.__subclasses__():
        if child.__module__.startswith("spean."):
            yield child
        yield from _every(child)
