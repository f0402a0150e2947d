"""What an entry of stock can be refused for, and what to do about it."""

from spean.kernel.errors import N_, Conflict, SpeanError


class NotEnough(Conflict):
    """Refuse to take what isn't there, and say what is."""

    code = "supplies.not_enough"
    message = N_(
        "Of %(item)s only %(there)s can be taken on %(day)s; you wrote %(wanted)s. Expired stock "
        "and stock in quarantine don't count. Write what was there, or count the stock."
    )
    field = "quantity"


class BatchUnknown(SpeanError):
    """Refuse to take of a batch that never came."""

    code = "supplies.batch_unknown"
    message = N_(
        "No batch “%(batch)s” has come here. Read the number on the box again, or record its "
        "receipt first."
    )
    field = "batch"


class BatchExpired(SpeanError):
    """Refuse to receive or issue what has expired."""

    code = "supplies.batch_expired"
    message = N_(
        "Batch “%(batch)s” expired on %(expiry)s. Don't use it: send it back or discard it."
    )
    field = "batch"


class BatchHeldBack(Conflict):
    """Refuse to issue what waits for a decision."""

    code = "supplies.batch_held_back"
    message = N_(
        "Batch “%(batch)s” is held back: it was too warm or too cold. Whoever answers for the "
        "stock decides about it first."
    )
    field = "batch"


class NotExpired(SpeanError):
    """Refuse to discard as expired what hasn't."""

    code = "supplies.not_expired"
    message = N_("Batch “%(batch)s” can be used until %(expiry)s. If it is lost, record a loss.")
    field = "batch"


class BatchDiffers(Conflict):
    """Refuse a batch under a number that is known with another expiry."""

    code = "supplies.batch_differs"
    message = N_(
        "Batch “%(batch)s” is known to expire on %(expiry)s. Read the date on the box again; if it "
        "is right, tell the health district."
    )
    field = "expiry"


class ItemUnknown(SpeanError):
    """Refuse an item that is not on the list."""

    code = "supplies.item_unknown"
    message = N_("No item has the code “%(item)s”. Choose one from the list.")
    field = "item"


class EntryWrong(SpeanError):
    """Refuse an entry that says too little, or what cannot be."""

    code = "supplies.entry_wrong"
    message = N_(
        "Write a quantity of one or more, the batch with its expiry for what comes, for whom "
        "something is issued, and why something is lost."
    )
    field = "quantity"


class DayToCome(SpeanError):
    """Refuse what is said to happen later than today."""

    code = "supplies.day_to_come"
    message = N_("This day has not come yet. Write the day on which it happened.")
    field = "day"


class DifferenceUnexplained(SpeanError):
    """Ask why a count differs."""

    code = "supplies.difference_unexplained"
    message = N_(
        "The ledger says %(expected)s, you counted %(found)s. Count again; if it is right, write "
        "why they differ."
    )
    field = "note"


class CountContradicted(Conflict):
    """Refuse a count after which more was taken than it found."""

    code = "supplies.count_contradicted"
    message = N_(
        "After this day more of the batch was taken than you counted. Look at what was recorded "
        "since, and count again."
    )
    field = "quantity"


class CountedAlready(Conflict):
    """Refuse a second count of a day."""

    code = "supplies.counted_already"
    message = N_("This batch was counted on this day already.")
    field = "day"
