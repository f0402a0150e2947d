"""Every text that people see has its Khmer, and the check that says so can be believed."""

from pathlib import Path

import pytest

from spean.config import translations
from spean.config.translations import Fault, Text


@pytest.fixture
def project(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Path:
    """Give a small project of a kernel and one module, without a catalogue."""
    for module in ("kernel", "shop"):
        (tmp_path / module / "templates").mkdir(parents=True)
        (tmp_path / module / "__init__.py").touch()
    (tmp_path / "kernel" / "words.py").write_text('SAVE = N_("Save")\n')
    (tmp_path / "shop" / "pages.py").write_text(
        'A = _("Buy %(what)s")\nB = ngettext("one", "many", 2)\nC = pgettext("verb", "Book")\n'
        'D = _("Save")\nE = _(unknown)\n'
    )
    (tmp_path / "shop" / "templates" / "shop.html").write_text(
        '<div>\n   <p>\n {% translate "Hello" %}{% govuk_button _("Pay") %}\n</p>'
        "{% blocktranslate trimmed %}  Dear\n {{ name }} {% endblocktranslate %}"
        "{{ x|default:_('None') }}"
    )
    monkeypatch.setattr(translations, "ROOT", tmp_path)
    return tmp_path


def _say(project: Path, module: str, entries: str) -> None:
    path = project / module / translations.PO
    path.parent.mkdir(parents=True, exist_ok=True)
    path.write_text(f"{translations.HEADER}\n{entries}", encoding="utf-8")


def test_every_text_has_its_khmer() -> None:
    assert [str(fault) for fault in translations.check()] == []


def test_texts_are_found_in_python_and_in_templates(project: Path) -> None:
    assert set(translations.used("shop")) == {
        Text("Buy %(what)s"),
        Text("one", "", "many"),
        Text("Book", "verb"),
        Text("Save"),
        Text("Hello"),
        Text("Pay"),
        Text("Dear %(name)s"),
        Text("None"),
    }


def test_what_is_added_is_missing_until_it_is_written_in_khmer(project: Path) -> None:
    added = translations.add()

    assert added == {"kernel": 1, "shop": 7}
    assert translations.add() == {}
    assert {fault.what for fault in translations.check()} == {"no Khmer"}
    assert len(translations.check()) == 8


def test_a_catalogue_keeps_its_order_and_its_words_when_texts_are_added(project: Path) -> None:
    _say(project, "shop", 'msgid "Pay"\nmsgstr "បង់ប្រាក់"\n')

    translations.add()

    text = (project / "shop" / translations.PO).read_text(encoding="utf-8")
    assert text.index("បង់ប្រាក់") < text.index("Buy")


def test_each_kind_of_fault_is_named(project: Path) -> None:
    _say(project, "kernel", 'msgid "Save"\nmsgstr "រក្សាទុក"\n')
    _say(
        project,
        "shop",
        'msgid "Buy %(what)s"\nmsgstr "ទិញ %(that)s"\n\n#, fuzzy\nmsgid "Hello"\nmsgstr "សួស្ដី"\n\n'
        'msgid "Old"\nmsgstr "ចាស់"\n\nmsgid "Save"\nmsgstr "សង្គ្រោះ"\n\n'
        'msgid "Pay"\nmsgstr ""\n',
    )

    faults = translations.check()

    assert {
        Fault("shop", "other places than the English", "Buy %(what)s"),
        Fault("shop", "fuzzy", "Hello"),
        Fault("shop", "obsolete", "Old"),
        Fault("shop", "no Khmer", "Pay"),
        Fault("kernel, shop", "two translations", "Save"),
    } <= set(faults)


def test_a_compiled_catalogue_speaks_khmer(project: Path) -> None:
    from gettext import GNUTranslations

    _say(project, "kernel", 'msgid "Save"\nmsgstr "រក្សាទុក"\n')

    assert translations.compile_all() == 1
    assert translations.compile_all() == 0

    compiled = (project / "kernel" / translations.PO).with_suffix(".mo")
    with compiled.open("rb") as file:
        assert GNUTranslations(file).gettext("Save") == "រក្សាទុក"
