"""Reads of the programmes."""

from spean.programmes.queries.expression import Terms, determination, terms

__all__ = ["Terms", "determination", "terms"]
