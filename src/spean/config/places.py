"""Where the project stands on this machine."""

import os
from pathlib import Path

ROOT = Path(__file__).resolve().parents[3]
VAR = Path(os.environ.get("SPEAN_VAR", ROOT / "var"))
