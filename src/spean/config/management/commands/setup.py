"""`spean setup`: brings database, gazetteer, translations and files into step; safe to repeat."""

import hashlib
from typing import Any

from django.conf import settings
from django.contrib.staticfiles.finders import get_finders
from django.core.management import BaseCommand, CommandError, call_command
from django.db import connection
from django.utils import timezone

from spean.config import translations
from spean.fieldwork import actions as fieldwork
from spean.kernel import postgres
from spean.kernel.access import Actor
from spean.kernel.errors import SpeanError
from spean.locations import actions as locations
from spean.registry import actions as registry


def _collect_static_files() -> None:
    """Collect and compress the static files, unless they are as they were at the last start."""
    found = [
        f"{path} {storage.get_modified_time(path).timestamp()} {storage.size(path)}"
        for finder in get_finders()
        for path, storage in finder.list([])
    ]
    stamp = hashlib.sha256("\n".join(sorted(found)).encode()).hexdigest()
    kept = settings.STATIC_ROOT / ".stamp"
    if not kept.exists() or kept.read_text() != stamp:
        call_command("collectstatic", interactive=False, verbosity=0)
        kept.write_text(stamp)


class Command(BaseCommand):
    """Prepare everything that `spean run` needs."""

    help = "Migrate, make the application's role, load the gazetteer, compile, collect."

    def add_arguments(self, parser: Any) -> None:
        """Offer to leave the demo district out."""
        parser.add_argument("--no-demo", action="store_true", help="leave the demo district out")

    def handle(self, *args: Any, **options: Any) -> None:
        """Run each step; each does nothing where it was done before."""
        translations.compile_all()
        self._put_back()
        call_command("migrate", interactive=False, verbosity=0)
        with connection.cursor() as cursor:
            postgres.prepare_app_role(cursor, settings.APP_ROLE, settings.APP_ROLE_PASSWORD)
        report = locations.load_gazetteer(by=Actor.system("setup"), on=timezone.localdate())
        self.stdout.write(f"Gazetteer: {report}")
        call_command("publish_forms", stdout=self.stdout)
        call_command("load_items", stdout=self.stdout)
        _collect_static_files()
        if not options["no_demo"]:
            call_command("seed_demo", stdout=self.stdout)
            # Of a nation this takes long: there the job of the night does it, and no start waits.
            fieldwork.follow_work(on=timezone.localdate())

    def _put_back(self) -> None:
        """Put back what a killed first load has left aside, before anybody uses the registry."""
        try:
            number = registry.put_back(by=Actor.system("setup"))
        except SpeanError as error:
            raise CommandError(str(error)) from error
        if number:
            self.stdout.write(f"Put back after a first load that was killed: {number}")
