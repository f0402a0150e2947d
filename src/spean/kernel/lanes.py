"""The same work for many items, some at a time, each on a database connection of its own."""

from collections.abc import Callable, Iterable, Iterator
from concurrent.futures import FIRST_COMPLETED, Future, ThreadPoolExecutor, as_completed, wait
from typing import TypeVar

from django.db import connection

Item = TypeVar("Item")
Result = TypeVar("Result")


def in_lanes(work: Callable[[Item], Result], items: Iterable[Item], lanes: int) -> Iterator[Result]:
    """Do the work in as many threads as there are lanes; give each result as soon as it is there.

    An item is taken when a lane is about to be free. After an error, the work's or the caller's,
    nothing more is begun, and what is under way is waited for.
    """

    def apart(item: Item) -> Result:
        try:
            return work(item)
        finally:
            connection.close()

    with ThreadPoolExecutor(lanes) as pool:
        under_way: set[Future[Result]] = set()
        try:
            for item in items:
                under_way.add(pool.submit(apart, item))
                if len(under_way) > lanes:
                    done, under_way = wait(under_way, return_when=FIRST_COMPLETED)
                    for one in done:
                        yield one.result()
            for one in as_completed(under_way):
                yield one.result()
        finally:
            pool.shutdown(cancel_futures=True)
