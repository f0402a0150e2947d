"""The `spean` command: every command of the project, by name."""

import os
import sys


def main() -> None:
    """Run a command: `spean run`, `spean help` for the list."""
    if sys.argv[1:2] == ["growth"]:
        _growth()
        return
    os.environ.setdefault("DJANGO_SETTINGS_MODULE", "spean.config.settings")
    from django.core.management import execute_from_command_line

    execute_from_command_line(sys.argv if len(sys.argv) > 1 else [sys.argv[0], "help"])


def _growth() -> None:
    """Run `spean growth` without the project's settings, which would start the database."""
    from django.conf import settings

    from spean.maternal_child.management.commands.growth import Command

    settings.configure()
    Command().run_from_argv(sys.argv)
