"""Telephone numbers as people write them, and as they are kept."""

import re

from spean.kernel.digits import latin_digits


def read_phone(text: str) -> str | None:
    """Give a phone with its country code, as +85512345678; "" stays "", None is no number.

    A Cambodian number has 8 or 9 digits after its 0.
    """
    bare = re.sub("[\\s\u200b().-]", "", latin_digits(text))
    bare = re.sub("^00", "+", bare)
    bare = re.sub("^(?:\\+?8550?|0)(?=[1-9][0-9]{7,8}$)", "+855", bare)
    if bare.startswith("+855"):
        fits = re.fullmatch("\\+855[1-9][0-9]{7,8}", bare)
    else:
        fits = re.fullmatch("\\+[1-9][0-9]{6,13}", bare)
    return bare if fits or not bare else None
