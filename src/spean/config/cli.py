"""The `spean` command: every command of the project, by name."""

import os
import sys


def main() -> None:
    """Run a command: `spean run`, `spean help` for the list."""
    os.environ.setdefault("DJANGO_SETTINGS_MODULE", "spean.config.settings")
    from django.core.management import execute_from_command_line

    execute_from_command_line(sys.argv if len(sys.argv) > 1 else [sys.argv[0], "help"])
