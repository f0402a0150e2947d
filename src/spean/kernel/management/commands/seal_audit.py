"""`spean seal_audit`: the head of the audit chain, to be kept outside the database."""

from typing import Any

from django.core.management import BaseCommand

from spean.kernel import audit


class Command(BaseCommand):
    """Print position and hash of the chain's head, on one line."""

    help = "Print the head of the audit chain; keep it where the database's owner can't reach it."

    def handle(self, *args: Any, **options: Any) -> None:
        """Print the seal."""
        seal = audit.seal()
        self.stdout.write(f"{seal.position} {seal.hash}")
