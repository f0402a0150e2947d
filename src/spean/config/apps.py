"""The top of the project: joins the tables of roles and listeners to the kernel."""

from django.apps import AppConfig


class ConfigConfig(AppConfig):
    """What imports everything and is imported by nothing."""

    name = "spean.config"

    def ready(self) -> None:
        """Install the table of roles and the table of who hears what."""
        from spean.config import hears, roles, snapshot
        from spean.config.long_work import LONG_WORK
        from spean.config.navigation import ABOUT, NAVIGATION
        from spean.kernel import access, navigation, outbox, runs
        from spean.programmes import queries as programmes
        from spean.shocks import queries as shocks

        access.install_roles(roles.ROLES)
        navigation.install(NAVIGATION)
        navigation.install_about(ABOUT)
        outbox.install(hears.HANDLERS, hears.OUTSIDE)
        runs.install(LONG_WORK)
        snapshot.install()
        programmes.install_struck(shocks.struck_on)
