"""Tags of the page shell."""

from django import template

register = template.Library()
