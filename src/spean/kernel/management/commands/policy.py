"""`spean policy check`: reads every policy file strictly and names what is wrong."""

from typing import Any

from django.core.management import BaseCommand, CommandError

from spean.kernel.policy import policy


class Command(BaseCommand):
    """Check the policy files."""

    help = "Check every policy file against the schema of its shape."

    def add_arguments(self, parser: Any) -> None:
        """Take the word `check`."""
        parser.add_argument("what", choices=["check"])

    def handle(self, *args: Any, **options: Any) -> None:
        """Print each problem; exit with 1 if there is one."""
        problems = policy.check()
        for problem in problems:
            self.stdout.write(problem)
        if problems:
            raise CommandError(f"{len(problems)} policy file(s) are not valid.")
        self.stdout.write(f"Policy {policy.version()}: {len(policy.all_keys)} files hold.")
