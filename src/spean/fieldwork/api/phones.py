"""What the browser form on a phone asks for over the API."""

from datetime import date, datetime
from typing import Annotated, cast
from uuid import UUID

from django.middleware.csrf import get_token
from django.urls import reverse
from django.utils import timezone
from ninja import Query, Schema

from spean.fieldwork import queries
from spean.kernel import access
from spean.kernel.access import Purpose
from spean.kernel.api import PROBLEMS, Router
from spean.kernel.edge import WithActor
from spean.kernel.models import User

PURPOSES = (Purpose.TARGETING, Purpose.REGISTRATION, Purpose.CARE)
router = Router(tags=["fieldwork"])


class Words(Schema):
    """A text in both languages."""

    km: str
    en: str


class UserOut(Schema):
    """Who is signed in."""

    username: str
    full_name: str


class MediaOut(Schema):
    """A list that a form reads."""

    name: str
    url: str


class FormOut(Schema):
    """The newest version of a form that the user may fill in."""

    form_id: str
    version: str
    title: Words
    md5: str
    xml_url: str
    media: list[MediaOut]


class SessionOut(Schema):
    """All that a phone needs to begin: who, with which token, which forms."""

    user: UserOut
    csrf_token: str
    server_time: datetime
    forms: list[FormOut]


class PhonesVillageOut(Schema):
    """A village by code and both names."""

    code: str
    km: str
    en: str


class WorkOut(Schema):
    """One thing to do, or done (`closed`)."""

    id: UUID
    kind: str
    form_id: str
    village: PhonesVillageOut
    title: str
    detail: Words
    due_on: date | None
    closed: bool
    preset: dict[str, str]


class WorkPageOut(Schema):
    """Some of it, the cursor to ask with next time, and whether to ask again now."""

    items: list[WorkOut]
    cursor: str
    more: bool


class FieldStateOut(Schema):
    """What became of one record."""

    instance_id: str
    state: str
    reason: Words | None
    outcome: Words | None
    received_at: datetime


class StatesOut(Schema):
    """What became of the records asked for; unknown ones are left out."""

    items: list[FieldStateOut]


@router.get("/session", response={200: SessionOut, **PROBLEMS})
@access.declared("fieldwork.submit", purpose=PURPOSES)
def session(request: WithActor) -> SessionOut:
    """Tell who is signed in, and which forms they may fill in."""
    user = _user(request)
    return SessionOut(
        user=UserOut(username=user.username, full_name=user.full_name),
        csrf_token=get_token(request),
        server_time=timezone.now(),
        forms=[_form(form) for form in queries.forms_for(user)],
    )


def _user(request: WithActor) -> User:
    return cast(User, request.user)


def _form(form: queries.FormVersion) -> FormOut:
    where = {"form_id": form.form_id, "version": form.version}
    return FormOut(
        form_id=form.form_id,
        version=form.version,
        title=Words(km=form.title_km, en=form.title_en),
        md5=form.md5,
        xml_url=reverse("openrosa:form", kwargs=where),
        media=[
            MediaOut(name=name, url=reverse("openrosa:media", kwargs={**where, "name": name}))
            for name in form.media
        ],
    )


@router.get("/work", response={200: WorkPageOut, **PROBLEMS})
@access.declared("fieldwork.submit", purpose=PURPOSES)
def work(request: WithActor, cursor: str = "", limit: int = 50) -> WorkPageOut:
    """List what is to be done, and what changed since the cursor was given."""
    page = queries.work_since(cursor or None, user=_user(request), limit=limit)
    return WorkPageOut(
        items=[_work(entry) for entry in page.entries], cursor=page.cursor, more=page.more
    )


def _work(entry: queries.WorkEntry) -> WorkOut:
    item, village = entry.item, entry.item.village
    return WorkOut(
        id=item.pk,
        kind=item.kind,
        form_id=entry.form_id,
        village=PhonesVillageOut(code=village.code, km=village.name_km, en=village.name_en),
        title=entry.title,
        detail=Words(**entry.detail),
        due_on=item.due_on,
        closed=item.closed_on is not None,
        preset=dict(entry.preset),
    )


@router.get("/submissions", response={200: StatesOut, **PROBLEMS})
@access.declared("fieldwork.submit", purpose=PURPOSES)
def submissions(
    request: WithActor, instance_id: Annotated[list[str], Query(min_length=1, max_length=200)]
) -> StatesOut:
    """Tell what became of one's own records."""
    states = queries.submission_states(instance_id, user=_user(request))
    return StatesOut(items=[FieldStateOut.model_validate(state) for state in states])
