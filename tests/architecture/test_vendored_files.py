"""What we carry of others is what we say it is."""

import tomllib
from hashlib import sha256
from pathlib import Path
from typing import Any

import spean.kernel

KERNEL = Path(spean.kernel.__file__).parent
STATIC = KERNEL / "static"
MANIFEST = STATIC / "vendor" / "vendor.toml"
KINDS = {".js", ".css", ".woff2", ".ttf"}


def _listed() -> list[dict[str, Any]]:
    return tomllib.loads(MANIFEST.read_text())["file"]


def test_each_vendored_file_has_the_hash_that_the_manifest_gives() -> None:
    wrong = [
        row["file"]
        for row in _listed()
        if sha256((STATIC / row["file"]).read_bytes()).hexdigest() != row["sha256"]
    ]

    assert wrong == []


def test_no_vendored_file_is_missing_from_the_manifest() -> None:
    listed = {(STATIC / row["file"]).resolve() for row in _listed()}
    folders = (STATIC / "vendor", KERNEL / "fonts")

    carried = {
        path.resolve() for folder in folders for path in folder.rglob("*") if path.suffix in KINDS
    }

    assert carried == listed


def test_each_vendored_folder_carries_its_licence() -> None:
    without = [
        row["file"]
        for row in _listed()
        if not (STATIC / row["file"]).parent.joinpath("LICENSE").exists()
    ]

    assert without == []


def test_nothing_vendored_calls_for_a_file_that_we_do_not_carry() -> None:
    css = (STATIC / "vendor/govuk-frontend/govuk-frontend.min.css").read_text()

    assert "url(" not in css
    assert "GDS Transport" not in css
    assert all(
        b"sourceMappingURL" not in (STATIC / row["file"]).read_bytes()
        for row in _listed()
        if row["file"].endswith((".js", ".css"))
    )
