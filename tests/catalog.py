"""The catalog of translations: what the source says (Babel reads it), and the files in locale/ brought up to date.

    python tests/catalog.py

adds what is new, untranslated; drops what is gone; and compiles. Write what is missing into the .po file and run it
again; a test finds what is forgotten.
"""

import io
from collections.abc import Iterator
from datetime import UTC, datetime
from pathlib import Path

from babel.messages.catalog import Catalog
from babel.messages.extract import extract
from babel.messages.mofile import write_mo
from babel.messages.pofile import read_po, write_po
from django.utils.translation.template import templatize

ROOT = Path(__file__).parents[1]
LANGUAGES = ("nl",)
_SPOKEN = ("securelogin", "oauth")  # SCIM speaks English alone
_KEYWORDS = {
    **dict.fromkeys(("_", "gettext", "gettext_lazy", "gettext_noop")),
    **dict.fromkeys(("ngettext", "ngettext_lazy"), (1, 2)),
    **dict.fromkeys(("pgettext", "pgettext_lazy"), ((1, "c"), 2)),
}
# A date would make a difference of every run.
_SINCE = datetime(2026, 11, 26, tzinfo=UTC)


def spoken() -> Catalog:
    """Return what the source says, each with the files that say it."""
    catalog = Catalog()
    for file, code in _sources():
        for _line, message, comments, context in extract(
            "python", io.BytesIO(code.encode()), _KEYWORDS, ["Translators:"]
        ):
            catalog.add(
                message, locations=[(file, None)], auto_comments=comments, context=context, flags=_flags(message)
            )
    return catalog


def written(language: str) -> Catalog:
    """Return the translations as they stand in the .po file."""
    with path_of(language, "po").open("rb") as file:
        return read_po(file, locale=language)


def compiled(catalog: Catalog) -> bytes:
    """Return the .mo file."""
    file = io.BytesIO()
    write_mo(file, catalog)
    return file.getvalue()


def path_of(language: str, kind: str) -> Path:
    return ROOT / "locale" / language / "LC_MESSAGES" / f"django.{kind}"


def updated(language: str) -> Catalog:
    """Return the translations of exactly what the source says; what is new is empty."""
    catalog = written(language) if path_of(language, "po").exists() else Catalog(locale=language)
    catalog.update(spoken(), no_fuzzy_matching=True)
    catalog.project, catalog.version, catalog.header_comment = "SecureLogin", "", "# What SecureLogin's pages say."
    catalog.last_translator = catalog.language_team = catalog.msgid_bugs_address = ""
    catalog.creation_date = catalog.revision_date = _SINCE
    catalog.fuzzy = False
    return catalog


def untranslated(catalog: Catalog) -> list[str | tuple[str, ...]]:
    """Return what has no translation, or one that somebody should look at first."""
    return [message.id for message in catalog if message.id and (message.fuzzy or not _is_whole(message.string))]


def _is_whole(string: str | tuple[str, ...] | None) -> bool:
    return bool(string) and all(string or ())


def _sources() -> Iterator[tuple[str, str]]:
    """Yield every file that may speak to a person, templates as Python."""
    for root in _SPOKEN:
        for path in sorted((ROOT / root).rglob("*.py")):
            yield path.relative_to(ROOT).as_posix(), path.read_text(encoding="utf-8")
    for path in sorted((ROOT / "templates").rglob("*.html")):
        name = path.relative_to(ROOT).as_posix()
        # In brackets, where Python's reader does not mind how lines are indented.
        yield name, f"({templatize(path.read_text(encoding='utf-8'), name)})"


def _flags(message: str | tuple[str, ...]) -> list[str]:
    text = message if isinstance(message, str) else message[0]
    return ["python-format"] if "%(" in text else []


def _update() -> None:
    for language in LANGUAGES:
        catalog = updated(language)
        path_of(language, "po").parent.mkdir(parents=True, exist_ok=True)
        with path_of(language, "po").open("wb") as file:
            write_po(file, catalog, width=120, sort_output=True, ignore_obsolete=True, include_lineno=False)
        path_of(language, "mo").write_bytes(compiled(written(language)))
        print(f"{language}: {len(catalog)} texts, {len(untranslated(catalog))} of them not translated yet")  # noqa: T201  # a tool


if __name__ == "__main__":
    _update()
