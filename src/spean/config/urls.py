"""Every address of the project."""

import importlib.util

from django.urls import include, path, re_path
from oauth2_provider.views import RevokeTokenView

from spean.config.api import api
from spean.config.oauth import token
from spean.kernel.access import public

urlpatterns = [
    path("accounts/", include("allauth.urls")),
    path("", include("spean.kernel.office.urls")),
    path("oauth2/token", token, name="oauth2_token"),
    # The standard SP-DCI has its own address for tokens, under any base.
    re_path(r"^(?:api/dci/v1/\w+/)?oauth2/client/token$", token),
    path("oauth2/revoke", public(RevokeTokenView.as_view()), name="oauth2_revoke"),
]

MODULES = (
    "locations", "registry", "targeting", "maternal_child", "payments", "referrals", "supplies",
    "programmes", "health_equity", "families", "fieldwork", "results", "simulation", "shocks",
    "interop",
)  # fmt: skip
api.add_router("/office", "spean.kernel.office.api.router")
api.add_router("/results", "spean.interop.dhis2.sending.router")
for module in MODULES:
    if importlib.util.find_spec(f"spean.{module}.api"):
        api.add_router(f"/{module}", f"spean.{module}.api.router")
    if importlib.util.find_spec(f"spean.{module}.urls"):
        urlpatterns.append(path("", include(f"spean.{module}.urls")))
if importlib.util.find_spec("spean.config.pages"):
    from spean.config import pages

    urlpatterns += [
        path("", pages.home, name="home"),
        path("account", pages.account, name="account"),
        path("language", pages.switch_language, name="switch_language"),
    ]
urlpatterns.append(path("api/v1/", api.urls))

handler500 = "spean.config.pages.server_error"
