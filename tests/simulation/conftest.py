"""Who simulates."""

from collections.abc import Callable

import pytest

from spean.kernel.access import Actor, Purpose


@pytest.fixture
def analyst(actor: Callable[..., Actor]) -> Actor:
    return actor("analyst", "", Purpose.STATISTICS)
