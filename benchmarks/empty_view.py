"""The plain framework's empty view: Django with nothing in it, as the server serves Spean."""

from django.conf import settings
from django.core.wsgi import get_wsgi_application
from django.http import HttpRequest, JsonResponse
from django.urls import path

settings.configure(ROOT_URLCONF=__name__, ALLOWED_HOSTS=["127.0.0.1"], SECRET_KEY="bench")


def empty(request: HttpRequest) -> JsonResponse:
    """Answer nothing."""
    return JsonResponse({})


urlpatterns = [path("", empty)]
application = get_wsgi_application()
