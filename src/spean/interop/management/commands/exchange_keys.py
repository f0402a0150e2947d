"""The keys that sign messages to other systems: make one, or list them."""

from typing import Any

from django.core.management.base import BaseCommand, CommandParser

from spean.interop.spdci import signing


class Command(BaseCommand):
    """Make a key, or list those there are; the last by name signs, all are published."""

    help = __doc__ or ""

    def add_arguments(self, parser: CommandParser) -> None:
        """Take the new key's name."""
        parser.add_argument("name", nargs="?", help="a later name than the others': it signs then")

    def handle(self, *args: Any, **options: Any) -> None:
        """Make the key if a name is given, and list the thumbprints."""
        if options["name"]:
            signing.make_key(options["name"])
        for key in signing.published()["keys"]:
            self.stdout.write(key["kid"])
