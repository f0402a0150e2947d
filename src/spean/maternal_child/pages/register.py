"""The delivery register of a facility by month, on the screen and printed."""

from django.http import HttpResponse
from django.shortcuts import render
from django.utils import timezone
from django.views.decorators.http import require_GET

from spean.kernel import access
from spean.kernel.access import Purpose
from spean.kernel.edge import WithActor
from spean.kernel.formats import month
from spean.kernel.periods import add_months
from spean.locations import queries as locations
from spean.maternal_child import queries
from spean.maternal_child.forms import RegisterForm

VIEW = "maternal_child.view_record"


@require_GET
@access.declared(VIEW, purpose=Purpose.CARE)
def register(request: WithActor) -> HttpResponse:
    """List the births of a month of the people whom a facility of the reader's area serves."""
    today = timezone.localdate()
    mine = access.areas(request.actor, VIEW)
    facilities = [one for area in mine for one in locations.facilities(today, area=area)]
    first = facilities[0].code if facilities else ""
    asked = {"facility": first, "month": f"{today:%Y-%m}"} | request.GET.dict()
    form = RegisterForm(asked, facilities=facilities, on=today)
    context: dict[str, object] = {"form": form, "facilities": facilities}
    if form.is_valid():
        since = form.first_day
        facility = locations.facility(form.cleaned_data["facility"], today)
        rows = queries.deliveries(
            facility, since=since, until=add_months(since, 1), by=request.actor, on=today
        )
        context |= {"facility": facility, "rows": rows, "month": month(since)}
    return render(request, "maternal_child/register.html", context)
