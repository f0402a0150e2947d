"""How a child has grown, by the WHO standards of 0-5 years and the reference of 5-19."""

from spean.maternal_child.rules.growth.scores import Children, Lack, Scores, scores
from spean.maternal_child.rules.growth.standards import Index

__all__ = ["Children", "Index", "Lack", "Scores", "scores"]
