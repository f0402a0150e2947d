"""`spean publish_forms`: makes the workbooks of all modules available to phones."""

from pathlib import Path
from typing import Any

from django.apps import apps
from django.core.management import BaseCommand, CommandError
from django.utils import timezone

from spean.fieldwork import actions
from spean.kernel.access import Actor
from spean.kernel.errors import SpeanError


class Command(BaseCommand):
    """Publish each workbook whose version is new; a second run changes nothing."""

    help = "Publish the forms: <module>/xlsforms/*.xlsx of every installed module."

    def handle(self, *args: Any, **options: Any) -> None:
        """Publish, and name what was added."""
        folders = [Path(app.path) / "xlsforms" for app in apps.get_app_configs()]
        paths = [
            path
            for folder in folders
            for path in folder.glob("*.xlsx")
            if not path.name.startswith("~$")
        ]
        try:
            added = actions.publish_forms(
                paths=paths, by=Actor.system("publish_forms"), on=timezone.localdate()
            )
        except SpeanError as error:
            raise CommandError(str(error)) from error
        names = ", ".join(str(form) for form in added)
        self.stdout.write(f"Forms: {len(paths)} workbooks; published {names or 'nothing new'}.")
