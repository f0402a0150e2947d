"""A benchmark at several scales, each in a process of its own, so that memory is its own too."""

import argparse
import json
import subprocess
import sys
from collections.abc import Callable
from typing import Any


def at_each_scale(measure: Callable[[float], dict[str, Any]], about: str | None) -> None:
    """Print what is measured at each scale that was asked for, a JSON object a line."""
    asked = argparse.ArgumentParser(description=about)
    asked.add_argument("--scales", type=float, nargs="+", default=[0.01])
    asked.add_argument("--one", type=float, help=argparse.SUPPRESS)
    given = asked.parse_args()
    if given.one is not None:
        print(json.dumps(measure(given.one)), flush=True)
        return
    for scale in given.scales:
        subprocess.run([sys.executable, sys.argv[0], "--one", str(scale)], check=True)
