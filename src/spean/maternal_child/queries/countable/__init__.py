"""What can be counted of mothers and children: tables of flags, worked out set by set in DuckDB.

`read` copies what is needed out of the database, of the nation or of a facility's villages;
`work_out` makes one table a kind of record (births, babies, contacts, children, doses, measures,
admissions, deaths). What they are counted for, and as what, others say (`spean.results`).
"""

from spean.maternal_child.queries.countable.behind import Behind, behind
from spean.maternal_child.queries.countable.flags import COMMON, flags, work_out
from spean.maternal_child.queries.countable.raw import COLUMNS, read

__all__ = ["COLUMNS", "COMMON", "Behind", "behind", "flags", "read", "work_out"]
