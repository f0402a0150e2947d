"""One form on a page of its own: shown, carried out, and shown again where it was refused."""

from collections.abc import Callable
from typing import Any

from django.contrib import messages
from django.http import HttpResponse
from django.shortcuts import redirect, render
from django.utils.translation import gettext as _

from spean.kernel.edge import WithActor
from spean.kernel.forms import SpeanForm


def asked(
    request: WithActor, form: SpeanForm, act: Callable[[], Any], *, title: Any, back: str,
    caption: str = "", then: Callable[[Any], str] | None = None,
    done: Callable[[Any], str] | None = None,
) -> HttpResponse:  # fmt: skip
    """Ask, do what was asked for, say so (`done`, of what came of it) and go on or back."""
    made: list[Any] = []
    if request.method == "POST" and form.carry_out(lambda: made.append(act())):
        messages.success(request, done(made[0]) if done else _("It is on record."))
        return redirect(then(made[0]) if then else back)
    context = {"form": form, "title": title, "caption": caption, "back_url": back}
    return render(request, "supplies/form.html", context, status=422 if form.errors else 200)
