"""Khmer digits, as people type them."""

KHMER_DIGITS = "០១២៣៤៥៦៧៨៩"
_FROM_KHMER = str.maketrans(KHMER_DIGITS, "0123456789")


def latin_digits(text: str) -> str:
    """Turn Khmer digits into 0-9, so that what people type can be read."""
    return text.translate(_FROM_KHMER)
