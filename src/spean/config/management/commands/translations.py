"""`spean translations compile|check|add`: the catalogues of Khmer texts."""

from typing import Any

from django.core.management import BaseCommand

from spean.config import translations


class Command(BaseCommand):
    """Keep the Khmer complete."""

    help = "compile: write the .mo files; check: list what is missing; add: append it."
    requires_system_checks = ()

    def add_arguments(self, parser: Any) -> None:
        """Take what to do."""
        parser.add_argument("action", choices=("compile", "check", "add"))

    def handle(self, *args: Any, **options: Any) -> None:
        """Do it; check ends with 1 where something is missing."""
        match options["action"]:
            case "compile":
                self.stdout.write(f"{translations.compile_all()} catalogues compiled.")
            case "add":
                for module, count in translations.add().items():
                    self.stdout.write(f"{module}: {count} texts added; write their Khmer.")
            case "check":
                self._check()

    def _check(self) -> None:
        faults = translations.check()
        for fault in faults:
            self.stdout.write(str(fault))
        if faults:
            self.stderr.write(
                f"{len(faults)} faults. `spean translations add` appends what is missing."
            )
            raise SystemExit(1)
        self.stdout.write("Every text has its Khmer.")
