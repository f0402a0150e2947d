"""Addresses of the registry's pages."""

from spean.registry.pages import cards, imports

app_name = "registry"
urlpatterns = [*cards.urlpatterns, *imports.urlpatterns]
