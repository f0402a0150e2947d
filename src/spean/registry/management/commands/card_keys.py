"""`spean card_keys make NAME | retire NAME | list`: the keys that sign equity cards."""

from typing import Any

from django.core.management import BaseCommand, CommandError

from spean.registry.queries import card_keys


class Command(BaseCommand):
    """Make, retire and list the issuer's keys; the private key whose name sorts last signs."""

    help = "make NAME: a new key; retire NAME: keep its public half only; list: the public keys."

    def add_arguments(self, parser: Any) -> None:
        """Take what to do and the key's name."""
        parser.add_argument("action", choices=("make", "retire", "list"))
        parser.add_argument("name", nargs="?", default="")

    def handle(self, *args: Any, **options: Any) -> None:
        """Do it, and list the keys that cards are checked by."""
        action, name = options["action"], options["name"]
        if action != "list" and not name.replace("-", "").isalnum():
            raise CommandError("Name the key, in letters, digits and dashes: key-2.")
        if action == "make":
            card_keys.make_key(name)
        elif action == "retire":
            try:
                card_keys.retire_key(name)
            except card_keys.CardKeyMissing:
                raise CommandError(f"There is no private key of the name {name}.") from None
        for kept in sorted(card_keys.public_keys()):
            self.stdout.write(kept)
