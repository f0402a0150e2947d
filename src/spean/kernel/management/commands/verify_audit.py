"""`spean verify_audit`: recomputes the audit chain and names every place where it is broken."""

from typing import Any

from django.core.management import BaseCommand, CommandError

from spean.kernel import audit


class Command(BaseCommand):
    """Check the whole trail, and with a seal taken before also that its end is still there."""

    help = "Verify the audit trail; give the position and hash of an earlier seal to check its end."

    def add_arguments(self, parser: Any) -> None:
        """Take an earlier seal."""
        parser.add_argument("seal", nargs="*", help="position and hash, as seal_audit printed them")

    def handle(self, *args: Any, **options: Any) -> None:
        """Print what is broken; exit with 1 if anything is."""
        given = options["seal"]
        if given and (len(given) != 2 or not given[0].isdigit()):
            raise CommandError("A seal is a position and a hash, as seal_audit printed them.")
        since = audit.Seal(int(given[0]), given[1]) if given else None
        broken = list(audit.broken_links(since=since))
        for position, what in broken:
            self.stdout.write(f"{position}: {what}")
        if broken:
            raise CommandError(f"The audit trail is broken in {len(broken)} place(s).")
        self.stdout.write(f"The audit trail holds: {audit.seal().position} lines.")
