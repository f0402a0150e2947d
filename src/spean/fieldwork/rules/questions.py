"""What a published form asks, in both languages: for the people who read what came in."""

from collections.abc import Mapping
from dataclasses import dataclass, field
from xml.etree.ElementTree import Element

from defusedxml.ElementTree import fromstring

_XF = "{http://www.w3.org/2002/xforms}"
_H = "{http://www.w3.org/1999/xhtml}"
Words = Mapping[str, str]


@dataclass(frozen=True, slots=True)
class Question:
    """One question: its path without numbers, its words and its answers' words by language."""

    path: str
    words: Words
    answers: Mapping[str, Words] = field(default_factory=dict)
    several: bool = False


def questions_of(xform: str) -> dict[str, Question]:
    """Give the questions of an XForm by path, in the order in which they are asked."""
    root = fromstring(xform, forbid_dtd=True)
    texts = _texts(root)
    found: dict[str, Question] = {}
    body = root.find(f"{_H}body")
    for control in body.iter() if body is not None else ():
        ref = control.get("ref") or control.get("nodeset")
        name = control.tag.removeprefix(_XF)
        if ref and name in {"input", "select", "select1", "upload", "trigger", "group"}:
            path = ref.removeprefix("/").partition("/")[2]
            found[path] = Question(
                path,
                _label(control, texts),
                {
                    item.findtext(f"{_XF}value", ""): _label(item, texts)
                    for item in control.findall(f"{_XF}item")
                }
                | _itemset(control, root, texts),
                several=name == "select",
            )
    return found


def _texts(root: Element) -> dict[str, dict[str, str]]:
    """Give each text by id: language code to words."""
    found: dict[str, dict[str, str]] = {}
    for translation in root.iter(f"{_XF}translation"):
        language = "km" if "(km)" in translation.get("lang", "") else "en"
        for text in translation.findall(f"{_XF}text"):
            value = next((v for v in text.findall(f"{_XF}value") if v.get("form") is None), None)
            if value is not None:
                words = "".join(value.itertext()).strip()
                found.setdefault(text.get("id", ""), {})[language] = words
    return found


def _label(element: Element, texts: Mapping[str, Words]) -> Words:
    label = element.find(f"{_XF}label")
    if label is None:
        return {}
    reference = label.get("ref", "")
    if reference.startswith("jr:itext('"):
        return texts.get(reference[len("jr:itext('") : -2], {})
    words = "".join(label.itertext()).strip()
    return {"km": words, "en": words}


def _itemset(control: Element, root: Element, texts: Mapping[str, Words]) -> dict[str, Words]:
    """Give the choices that stand in an instance of the form itself (not in a list beside it)."""
    itemset = control.find(f"{_XF}itemset")
    if itemset is None:
        return {}
    name = itemset.get("nodeset", "").partition("instance('")[2].partition("'")[0]
    found: dict[str, Words] = {}
    for instance in root.iter(f"{_XF}instance"):
        if instance.get("id") == name and instance.get("src") is None:
            for item in instance.iter(f"{_XF}item"):
                code = item.findtext(f"{_XF}name", "")
                found[code] = texts.get(item.findtext(f"{_XF}itextId", ""), {})
    return found
