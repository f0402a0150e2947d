"""Writes of locations; each in one transaction, with its audit line beside it."""

from spean.locations.actions.catalogue import (
    MODEL_ROWS,
    ImportReport,
    RowProblem,
    import_catalogue,
    read_catalogue,
)
from spean.locations.actions.catalogue_rows import COLUMNS, Kind
from spean.locations.actions.changes import (
    AlreadySo,
    LaterChangeExists,
    classify_area,
    set_facility_level,
)
from spean.locations.actions.gazetteer import LoadReport, load_gazetteer
from spean.locations.actions.mergers import (
    BadMerger,
    ChildrenStillOpen,
    merge_places,
)
from spean.locations.actions.phones import PhoneWrong, set_facility_phone
from spean.locations.actions.points import PointWrong, place_villages

__all__ = [
    "COLUMNS",
    "MODEL_ROWS",
    "AlreadySo",
    "BadMerger",
    "ChildrenStillOpen",
    "ImportReport",
    "Kind",
    "LaterChangeExists",
    "LoadReport",
    "PhoneWrong",
    "PointWrong",
    "RowProblem",
    "classify_area",
    "import_catalogue",
    "load_gazetteer",
    "merge_places",
    "place_villages",
    "read_catalogue",
    "set_facility_level",
    "set_facility_phone",
]
