"""Finding people over the API."""

from typing import Annotated, Any

from ninja import Field, Schema

from spean.kernel import access
from spean.kernel.api import PROBLEMS, Router, StrictSchema
from spean.kernel.edge import WithActor
from spean.registry import queries
from spean.registry.api.schemas import SEE, PersonFoundOut

router = Router(tags=["people"])


class SearchIn(StrictSchema):
    """A name in either script and any order, a number, or a phone."""

    text: Annotated[
        str,
        Field(min_length=2, max_length=200, pattern=r"^[^\x00]*$", examples=["Sok Dara"]),
    ]
    limit: Annotated[int, Field(ge=1, le=50)] = 20


class PeopleFoundOut(Schema):
    """The people found, the likest first."""

    items: list[PersonFoundOut]


@router.post(
    "/people/search",
    response={200: PeopleFoundOut, **PROBLEMS},
    openapi_extra={"x-reads-only": True},
)
@access.declared("registry.search", purpose=SEE)
def find_people(request: WithActor, body: SearchIn) -> Any:
    """Find people of the caller's areas. The text is posted, so that no log of addresses keeps it.

    Names are compared as they sound, across scripts and spellings, the last word as far as it is
    typed. What is found never reaches beyond the caller's areas.
    """
    found = queries.find_people(body.text, by=request.actor, limit=body.limit)
    return PeopleFoundOut(items=[PersonFoundOut.of(hit) for hit in found])
