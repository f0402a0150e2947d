"""A few operations on places, to test what all operations share."""

from django.http import HttpRequest
from django.urls import path
from ninja import Schema, Status
from ninja.security import django_auth

from spean.config.api import SpeanAPI, api
from spean.config.oauth import token
from spean.kernel import access
from spean.kernel.access import Purpose
from spean.kernel.api import PROBLEMS, Page, Router, StrictSchema, SystemToken, idempotent, page_of
from spean.kernel.errors import Conflict
from spean.locations.models import Level, Place

router = Router()


class PlaceOut(Schema):
    code: str
    name_km: str


class PlaceIn(StrictSchema):
    code: str
    name_km: str


@router.get("/places", response={200: Page[PlaceOut], **PROBLEMS})
@access.declared("registry.search", purpose=Purpose.REGISTRATION)
def places(request: HttpRequest, cursor: str | None = None, limit: int = 3) -> dict[str, object]:
    items, following = page_of(Place.objects.all(), cursor=cursor, limit=limit, key="code")
    return {"items": items, "next": following}


@router.post("/places", response={201: PlaceOut, **PROBLEMS})
@access.declared("registry.register_household", purpose=Purpose.REGISTRATION)
@idempotent
def add(request: HttpRequest, body: PlaceIn) -> Status:
    if Place.objects.filter(code=body.code).exists():
        raise Conflict
    Place.objects.create(
        code=body.code, name_km=body.name_km, name_en="", level=Level.PROVINCE, start="2020-01-01"
    )
    return Status(201, PlaceOut(code=body.code, name_km=body.name_km))


@router.get("/broken", response={200: PlaceOut, **PROBLEMS})
@access.declared("registry.search", purpose=Purpose.REGISTRATION)
def broken(request: HttpRequest) -> None:
    raise ZeroDivisionError


test_api = SpeanAPI(
    urls_namespace="test", auth=[SystemToken(), django_auth], throttle=list(api.throttle or [])
)
test_api._exception_handlers.update(api._exception_handlers)
test_api.add_router("/registry", router)

urlpatterns = [
    path("oauth2/token", token),
    path("api/v1/", test_api.urls),
]
