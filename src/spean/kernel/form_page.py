"""One form on one page: shown, carried out, and shown again with what was typed."""

from collections.abc import Callable
from typing import Any

from django.contrib import messages
from django.http import HttpResponse
from django.shortcuts import redirect, render

from spean.kernel.edge import WithActor
from spean.kernel.errors import SpeanError
from spean.kernel.forms import SpeanForm
from spean.kernel.i18n import explain


def answer(
    request: WithActor,
    form: SpeanForm,
    act: Callable[[], Any],
    *,
    title: str,
    done: str,
    then: Callable[[Any], str],
    back_url: str,
    caption: str = "",
) -> HttpResponse:
    """Carry a form out and go on to `then`; a form refused is shown again, with its reasons."""
    made: list[Any] = []
    if request.method == "POST" and form.carry_out(lambda: made.append(act())):
        messages.success(request, done)
        return redirect(then(made[0]))
    context = {"form": form, "title": title, "caption": caption, "back_url": back_url}
    status = 422 if form.errors else 200
    return render(request, "kernel/form.html", context, status=status)


def refuse(request: WithActor, error: SpeanError) -> None:
    """Say on the next page why a button did nothing; raise what may not be, or is not there."""
    if error.status in (403, 404):
        raise error
    messages.error(request, explain(error))


def taken_back(
    request: WithActor, withdraw: Callable[[str], Any], *, done: str, back_url: str
) -> HttpResponse:
    """Withdraw something for the reason that was typed, and say what came of it."""
    try:
        withdraw(request.POST.get("reason", ""))
    except SpeanError as error:
        refuse(request, error)
    else:
        messages.success(request, done)
    return redirect(back_url)
