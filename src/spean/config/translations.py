"""The catalogues of Khmer texts: kept complete, and compiled without gettext's own tools.

Each module keeps its texts in `locale/km/LC_MESSAGES/django.po`. In use all catalogues are one, so
a text has one Khmer in the whole project: it stands in the module's catalogue or in the kernel's.
"""

import io
import re
from collections import defaultdict
from collections.abc import Iterator, Mapping
from dataclasses import dataclass
from pathlib import Path
from typing import Any

from babel.messages.catalog import Catalog
from babel.messages.extract import extract_python
from babel.messages.mofile import write_mo
from babel.messages.pofile import read_po
from django.utils.translation.template import templatize

import spean

ROOT = Path(spean.__file__).parent
SHARED = "kernel"
PO = Path("locale/km/LC_MESSAGES/django.po")
FUNCTIONS = dict.fromkeys(
    (
        *("_", "N_", "NN_", "gettext", "gettext_lazy", "gettext_noop", "ngettext", "ngettext_lazy"),
        *("pgettext", "pgettext_lazy", "npgettext", "npgettext_lazy"),
    )
)
_PLACE = re.compile(r"%\(\w+\)[a-z]|%[sd]|\{\w*\}")
HEADER = """msgid ""
msgstr ""
"Language: km\\n"
"MIME-Version: 1.0\\n"
"Content-Type: text/plain; charset=UTF-8\\n"
"Content-Transfer-Encoding: 8bit\\n"
"Plural-Forms: nplurals=1; plural=0;\\n"
"""


@dataclass(frozen=True, slots=True, order=True)
class Text:
    """One text that people may see: its English, its context, its plural."""

    english: str
    context: str = ""
    plural: str = ""

    @property
    def key(self) -> tuple[str, str]:
        """Give what makes it one entry of a catalogue."""
        return self.english, self.context


@dataclass(frozen=True, slots=True, order=True)
class Fault:
    """What is wrong with one text of one module's catalogue."""

    module: str
    what: str
    text: str
    where: str = ""

    def __str__(self) -> str:
        return f"{self.module}: {self.what}: {self.text!r}" + (
            f" ({self.where})" if self.where else ""
        )


def modules() -> list[str]:
    """Give the modules, the kernel first."""
    names = {path.parent.name for path in ROOT.glob("*/__init__.py")}
    return sorted(names, key=lambda name: (name != SHARED, name))


def used(module: str) -> dict[Text, str]:
    """Give the texts that a module's Python and templates use, and where each stands first."""
    found: dict[Text, str] = {}
    folder = ROOT / module
    for path in sorted((*folder.rglob("*.py"), *folder.rglob("templates/**/*"))):
        if path.is_file() and "migrations" not in path.parts:
            for text in _texts(path):
                found.setdefault(text, str(path.relative_to(ROOT)))
    return found


def _texts(path: Path) -> Iterator[Text]:
    source = path.read_text(encoding="utf-8")
    if path.suffix != ".py":
        marked = templatize(source, origin=str(path))
        source = "\n".join(line.strip() for line in marked.splitlines())
    file = io.BytesIO(source.encode())
    found = extract_python(file, FUNCTIONS, (), {"encoding": "utf-8"})
    for _, function, said, _ in found:
        parts = [part for part in ([said] if isinstance(said, str) else said or ()) if part]
        context = parts.pop(0) if parts and "pgettext" in function else ""
        if parts:
            yield Text(parts[0], context, *parts[1:2])


def catalogue(module: str) -> Catalog:
    """Read a module's catalogue; an empty one where there is none."""
    path = ROOT / module / PO
    if not path.exists():
        return Catalog(locale="km")
    with path.open("rb") as file:
        return read_po(file, locale="km", abort_invalid=True)


def _entries(module: str) -> dict[tuple[str, str], Any]:
    entries: dict[tuple[str, str], Any] = {}
    for message in catalogue(module):
        english = message.id if isinstance(message.id, str) else message.id[0]
        if english:
            entries[english, message.context or ""] = message
    return entries


def check() -> list[Fault]:
    """Give every text without Khmer, and every entry of a catalogue that is wrong or unused."""
    entries = {module: _entries(module) for module in modules()}
    texts = {module: used(module) for module in modules()}
    faults = [
        Fault(module, "no Khmer", text.english, where)
        for module in modules()
        for text, where in texts[module].items()
        if text.key not in entries[module] and text.key not in entries[SHARED]
    ]
    everywhere = {text.key for found in texts.values() for text in found}
    for module, kept in entries.items():
        needed = everywhere if module == SHARED else {text.key for text in texts[module]}
        for key, message in kept.items():
            faults += [Fault(module, what, key[0]) for what in _wrong(message, key in needed)]
    return sorted([*faults, *_contradictions(entries)])


def _wrong(message: Any, is_used: bool) -> Iterator[str]:
    english = message.id if isinstance(message.id, tuple) else (message.id,)
    khmer = message.string if isinstance(message.string, tuple) else (message.string,)
    if not is_used:
        yield "obsolete"
    if message.fuzzy:
        yield "fuzzy"
    if not all(khmer):
        yield "no Khmer"
    elif {p for text in khmer for p in _places(text)} != {p for t in english for p in _places(t)}:
        yield "other places than the English"


def _places(text: str) -> set[str]:
    return set(_PLACE.findall(text.replace("%%", "")))


def _contradictions(entries: Mapping[str, Mapping[tuple[str, str], Any]]) -> Iterator[Fault]:
    said: dict[tuple[str, str], dict[str, Any]] = defaultdict(dict)
    for module, kept in entries.items():
        for key, message in kept.items():
            said[key][module] = message.string
    for key, by_module in said.items():
        if len({str(khmer) for khmer in by_module.values()}) > 1:
            yield Fault(", ".join(sorted(by_module)), "two translations", key[0])


def add() -> dict[str, int]:
    """Append what is missing to each module's catalogue; gives how many for each module."""
    added: dict[str, int] = {}
    for module in modules():
        kept = _entries(module) | _entries(SHARED)
        missing = {text: where for text, where in used(module).items() if text.key not in kept}
        if not missing:
            continue
        path = ROOT / module / PO
        path.parent.mkdir(parents=True, exist_ok=True)
        before = path.read_text(encoding="utf-8") if path.exists() else HEADER
        blocks = [_block(text, where) for text, where in missing.items()]
        path.write_text("\n".join([before.rstrip() + "\n", *blocks]), encoding="utf-8")
        added[module] = len(blocks)
    return added


def _block(text: Text, where: str) -> str:
    lines = [f"#: {where}"]
    if text.context:
        lines.append(f"msgctxt {_quoted(text.context)}")
    lines.append(f"msgid {_quoted(text.english)}")
    lines += (
        [f"msgid_plural {_quoted(text.plural)}", 'msgstr[0] ""'] if text.plural else ['msgstr ""']
    )
    return "\n".join(lines) + "\n"


def _quoted(text: str) -> str:
    escaped = text.replace("\\", "\\\\").replace('"', '\\"').replace("\n", "\\n")
    return f'"{escaped}"'


def compile_all() -> int:
    """Write the binary catalogues that Django reads, where they are out of step; gives how many."""
    written = 0
    for module in modules():
        source = ROOT / module / PO
        target = source.with_suffix(".mo")
        if not source.exists():
            continue
        if target.exists() and target.stat().st_mtime >= source.stat().st_mtime:
            continue
        buffer = io.BytesIO()
        write_mo(buffer, catalogue(module))
        target.write_bytes(buffer.getvalue())
        written += 1
    return written
