"""Posting to other systems: no redirect followed, no proxy of the environment, little read."""

import json
from collections.abc import Mapping
from functools import cache
from typing import Any

import urllib3

from spean.kernel.errors import N_, SpeanError

TIMEOUT = urllib3.Timeout(connect=5, read=15)
LONGEST_ANSWER = 2 * 1024 * 1024
Json = dict[str, Any]


class NotTaken(SpeanError):
    """Say that another system did not answer as the standard says."""

    code = "interop.not_taken"
    message = N_("The other system did not answer as it should (%(why)s). Try again later.")
    status = 502


@cache
def _pool() -> urllib3.PoolManager:
    return urllib3.PoolManager(retries=False, timeout=TIMEOUT)


def post(url: str, *, body: bytes, headers: Mapping[str, str]) -> tuple[int, Json]:
    """Post to a system and give its status and JSON answer. Raises NotTaken."""
    try:
        answer = _pool().request(
            "POST", url, body=body, headers=dict(headers), redirect=False, preload_content=False
        )
        try:
            raw = answer.read(LONGEST_ANSWER + 1)
        finally:
            answer.release_conn()
        found = json.loads(raw)
    except (urllib3.exceptions.HTTPError, ValueError, RecursionError) as error:
        raise NotTaken(why=type(error).__name__) from error
    if len(raw) > LONGEST_ANSWER or not isinstance(found, dict):
        raise NotTaken(why=answer.status)
    return answer.status, found
