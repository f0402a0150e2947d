"""Who is recorded twice in the country: a probabilistic model of linkage (Fellegi and Sunter 1969).

`prepare` builds the columns that are compared, `measure` counts what chance alone would make agree,
`settings` is the model (Splink's, the same for DuckDB and Spark), `find_pairs` runs it here or,
with `score_on_spark`, on a cluster, and `quality` tells how well it did where the truth is known.
"""

from spean.registry.rules.linkage.measures import Measures, measure
from spean.registry.rules.linkage.model import settings
from spean.registry.rules.linkage.pairs import THRESHOLD, Found, find_pairs
from spean.registry.rules.linkage.prepare import prepare
from spean.registry.rules.linkage.quality import Quality, quality
from spean.registry.rules.linkage.scores import score_here, score_on_spark

__all__ = [
    "THRESHOLD",
    "Found",
    "Measures",
    "Quality",
    "find_pairs",
    "measure",
    "prepare",
    "quality",
    "score_here",
    "score_on_spark",
    "settings",
]
