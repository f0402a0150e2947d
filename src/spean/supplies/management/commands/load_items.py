"""`spean load_items`: the starter list of medicines, vaccines and supplies."""

from typing import Any

from django.core.management import BaseCommand

from spean.kernel.access import Actor
from spean.supplies import actions


class Command(BaseCommand):
    """Bring the list of items into step; a second run changes nothing."""

    help = "Load the list of essential medicines and vaccines that comes with Spean."

    def handle(self, *args: Any, **options: Any) -> None:
        """Load the list."""
        written = actions.load_items(by=Actor.system("load_items"))
        self.stdout.write(f"Items added or amended: {written}")
