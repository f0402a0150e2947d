"""Text messages: an adapter hands them to whoever carries them.

`settings.TEXTS_BY` names the adapter, a class without arguments and with the method of `Carrier`.
In development `ToFile` writes them into a file, one JSON object a line.
"""

import json
from collections.abc import Iterable
from dataclasses import asdict, dataclass
from pathlib import Path
from typing import Protocol, cast

from django.conf import settings
from django.utils.module_loading import import_string


@dataclass(frozen=True, slots=True)
class Text:
    """A text message: a telephone number ("+85512345678") and what it reads."""

    to: str
    body: str


class Carrier(Protocol):
    """Whoever carries text messages; raises OSError where they can't be handed over."""

    def send(self, texts: Iterable[Text]) -> int:
        """Hand messages over; give how many."""
        ...


class ToFile:
    """Write the messages into `settings.TEXTS`, which nobody carries anywhere."""

    def send(self, texts: Iterable[Text]) -> int:
        """Append the messages; give how many."""
        path = Path(settings.TEXTS)
        path.parent.mkdir(parents=True, exist_ok=True)
        with path.open("a", encoding="utf-8") as file:
            count = 0
            for one in texts:
                file.write(json.dumps(asdict(one), ensure_ascii=False) + "\n")
                count += 1
        return count


def send(texts: Iterable[Text]) -> int:
    """Hand messages to the carrier; give how many. Raises OSError."""
    return cast(Carrier, import_string(settings.TEXTS_BY)()).send(texts)
