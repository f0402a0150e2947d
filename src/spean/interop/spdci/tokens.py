"""The tokens with which we sign in at other systems: OAuth2 client credentials."""

from urllib.parse import urlencode

from django.conf import settings
from django.core.cache import cache

from spean.interop.models import Partner
from spean.interop.spdci.posting import NotTaken, post

MARGIN = 30  # seconds before its end at which a token counts as over


def token_for(partner: Partner) -> str:
    """Give an access token for a partner's system, "" where it gives none. Raises NotTaken."""
    if not partner.token_address:
        return ""
    key = f"spdci-token:{partner.pk}"
    known = cache.get(key)
    if known:
        return str(known)
    form = {
        "grant_type": "client_credentials",
        "client_id": partner.client_id,
        "client_secret": settings.SPDCI_SECRETS.get(partner.sender_id, ""),
    }
    status, answer = post(
        partner.token_address,
        body=urlencode(form).encode(),
        headers={"Content-Type": "application/x-www-form-urlencoded"},
    )
    token = answer.get("access_token")
    if status != 200 or not isinstance(token, str):
        raise NotTaken(why=status)
    try:
        lives = int(answer.get("expires_in") or 60)
    except (TypeError, ValueError):
        lives = 60
    if lives > MARGIN:
        cache.set(key, token, lives - MARGIN)
    return token


def signed_in(partner: Partner) -> dict[str, str]:
    """Give the headers of a JSON message to a partner's system. Raises NotTaken."""
    token = token_for(partner)
    headers = {"Content-Type": "application/json"}
    return headers | ({"Authorization": f"Bearer {token}"} if token else {})
