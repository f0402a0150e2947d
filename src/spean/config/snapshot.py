"""What a snapshot of the records holds: the one table of the modules that add to it."""

from spean.kernel import snapshots
from spean.registry import queries as registry
from spean.targeting import queries as targeting


def install() -> None:
    """Tell the kernel: households are its key, in the order of their villages."""
    snapshots.install(
        registry.SNAPSHOT_KEY,
        registry.SNAPSHOT_PREPARE,
        (*registry.SNAPSHOT, *targeting.snapshot_parts()),
    )
