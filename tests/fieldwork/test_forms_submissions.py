"""What phones have sent stays readable: samples of every version that was ever published.

They were filled in by the browser's engine (`from_collect.xml`: as ODK Collect writes). A version
that is published leaves its samples here for good.
"""

import re
from pathlib import Path
from xml.etree.ElementTree import Element

import pytest
from defusedxml.ElementTree import fromstring
from pyxform.xls2xform import convert

from spean.fieldwork.rules import parse_submission, questions_of
from tests.fieldwork.test_forms_workbooks import BY_ID, rows_of

HERE = Path(__file__).parent / "submissions"
SAMPLES = sorted(HERE.glob("*/*/*.xml"))
CURRENT = {form_id: next(rows_of(path, "settings"))["version"] for form_id, path in BY_ID.items()}


def of(samples: list[Path]) -> pytest.MarkDecorator:
    names = [str(path.relative_to(HERE).with_suffix("")) for path in samples]
    return pytest.mark.parametrize("path", samples, ids=names)


def paths_in(element: Element, at: str = "") -> set[str]:
    """Give the paths of a record or a form's model, without namespaces."""
    found = set()
    for child in element:
        path = f"{at}/{child.tag.rpartition('}')[2]}"
        found |= {path} | paths_in(child, path)
    return found


def model_of(xform: str) -> Element:
    model = fromstring(xform).find(".//{http://www.w3.org/2002/xforms}instance/*")
    assert model is not None
    return model


@pytest.mark.parametrize("form_id", sorted(BY_ID))
def test_the_version_in_the_workbook_has_a_sample(form_id: str) -> None:
    assert list((HERE / form_id / CURRENT[form_id]).glob("*.xml"))


@of(SAMPLES)
def test_it_is_read_and_names_its_form(path: Path) -> None:
    parsed = parse_submission(path.read_bytes())

    assert (parsed.form_id, parsed.version) == path.parts[-3:-1]
    assert re.fullmatch("uuid:[0-9a-f-]{36}", parsed.instance_id)
    assert parsed.started_at is not None
    assert parsed.ended_at is not None
    assert parsed.started_at < parsed.ended_at


def test_no_two_have_one_number() -> None:
    numbers = [parse_submission(path.read_bytes()).instance_id for path in SAMPLES]

    assert len(set(numbers)) == len(numbers)


@of([path for path in SAMPLES if path.parent.name == CURRENT[path.parts[-3]]])
def test_the_form_of_its_version_can_have_made_it(path: Path) -> None:
    xform = convert(xlsform=str(BY_ID[path.parts[-3]])).xform
    record = fromstring(path.read_bytes())

    assert paths_in(record) <= paths_in(model_of(xform))
    answers = parse_submission(path.read_bytes()).answers.inside()
    for place, question in questions_of(xform).items():
        for given, value in answers.items():
            if re.sub(r"\[\d+\]", "", given) == place and question.answers and value:
                chosen = value.split() if question.several else [value]
                assert set(chosen) <= set(question.answers), (given, value)
