"""The pages speak Dutch as completely as English: the catalog has each text of the source, and its file is compiled."""

import io
from gettext import GNUTranslations

import pytest

from tests.catalog import LANGUAGES, compiled, path_of, spoken, untranslated, written


@pytest.mark.parametrize("language", LANGUAGES)
def test_the_catalog_has_exactly_what_the_source_says(language: str) -> None:
    in_source, in_catalog = ({(each.id, each.context) for each in catalog} for catalog in (spoken(), written(language)))
    assert in_catalog == in_source, "run make messages"


@pytest.mark.parametrize("language", LANGUAGES)
def test_nothing_waits_for_a_translation(language: str) -> None:
    assert untranslated(written(language)) == []


@pytest.mark.parametrize("language", LANGUAGES)
def test_what_is_filled_into_a_sentence_is_filled_into_its_translation(language: str) -> None:
    assert [(message.id, list(message.check())) for message in written(language) if list(message.check())] == []


@pytest.mark.parametrize("language", LANGUAGES)
def test_what_is_compiled_is_what_is_written(language: str) -> None:
    def read(content: bytes) -> dict[object, str]:
        return GNUTranslations(io.BytesIO(content))._catalog  # type: ignore[attr-defined]  # no public way to see all

    assert read(path_of(language, "mo").read_bytes()) == read(compiled(written(language))), "run make messages"


def test_a_missing_translation_would_be_noticed() -> None:
    catalog = written("nl")
    catalog.add("Forgotten")
    assert untranslated(catalog) == ["Forgotten"]
