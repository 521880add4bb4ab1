"""Lines that describe no change are written in batches, and never at the cost of the request."""

import pytest
from django.db import DatabaseError, InterfaceError, OperationalError
from django.db.models import Model
from pytest_django import Settings

from securelogin.directory.ids import uuid7
from securelogin.logbook import writer
from securelogin.logbook.exchange import Exchange
from securelogin.logbook.models import Entry, Transcript

pytestmark = pytest.mark.django_db


@pytest.fixture
def in_background(settings: Settings, monkeypatch: pytest.MonkeyPatch) -> None:
    """As on a server, but the test itself is the thread that writes."""
    settings.LOGBOOK_IN_BACKGROUND = True
    monkeypatch.setattr(writer, "_start", lambda: None)


@pytest.mark.usefixtures("in_background")
def test_lines_wait_until_they_are_written_together() -> None:
    for number in range(writer.BATCH + 2):
        writer.record(Exchange(uuid7(), "GET", f"/scim/v2/Users/{number}", status=200))
    assert not Entry.objects.exists()
    writer.flush()
    assert Entry.objects.count() == writer.BATCH + 2


@pytest.mark.usefixtures("in_background")
def test_what_comes_while_rows_are_written_waits_for_the_next_batch(monkeypatch: pytest.MonkeyPatch) -> None:
    def refused() -> None:
        exchange = Exchange(uuid7(), "GET", "/scim/v2/Users", status=404, domain_id=uuid7())
        writer.record(exchange)
        writer.transcribe(exchange, b"{}")

    def insert_while_another_is_refused(model: type[Model], batch: list[writer.Line]) -> None:
        sizes.append((model, len(batch)))
        if len(sizes) < 9:  # where it is never enough
            refused()
        insert(model, batch)

    insert, sizes = writer._insert, list[tuple[type[Model], int]]()
    monkeypatch.setattr(writer, "_insert", insert_while_another_is_refused)
    for _ in range(3):
        refused()
    writer.flush()
    assert sizes == [(Entry, 3), (Transcript, 3)]
    assert not Transcript.objects.exclude(entry_id__in=Entry.objects.values("pk")).exists()
    writer.flush()
    assert sizes[2:] == [(Entry, 2), (Transcript, 2)]
    monkeypatch.setattr(writer, "_insert", insert)
    writer.flush()
    assert (Entry.objects.count(), Transcript.objects.count(), writer.waiting()) == (7, 7, 0)


def test_without_a_background_a_line_is_written_at_once() -> None:
    exchange = Exchange(uuid7(), "GET", "/scim/v2/Users", "filter=x", status=400)
    exchange.warn("Something was ignored.")
    exchange.warn("Something was ignored.")
    writer.record(exchange)
    line = Entry.objects.get()
    assert (line.id, line.query, line.status, line.warnings) == (
        exchange.id,
        "filter=x",
        400,
        ["Something was ignored."],
    )


def test_a_strange_request_has_its_line_too() -> None:
    exchange = Exchange(uuid7(), "GET", "/scim/v2/\x00\ud800é", "filter=\x00", detail="No \x00.")
    exchange.warn("\x00 is not an attribute.")
    writer.record(exchange)
    line = Entry.objects.get()
    assert (line.path, line.query, line.detail, line.warnings) == (
        "/scim/v2/␀?é",
        "filter=␀",
        "No ␀.",
        ["␀ is not an attribute."],
    )


@pytest.mark.parametrize(
    "query, kept",
    [
        ("access_token=sloat_" + "x" * 46, "access_token=…"),
        ("count=1&access_token=anything&x=2", "count=1&access_token=…&x=2"),
        ("filter=password+eq+%22hunter2%22&count=1", "filter=password…&count=1"),
        ("filter=userName+eq+%22ann%22", "filter=userName+eq+%22ann%22"),
    ],
)
def test_a_secret_in_an_address_is_not_kept(query: str, kept: str) -> None:
    writer.record(Exchange(uuid7(), "GET", "/scim/v2/Users/sloat_abc", query))
    line = Entry.objects.get()
    assert (line.query, line.path) == (kept, "/scim/v2/Users/sloat_…")


def test_a_line_that_cannot_be_written_is_reported_and_not_raised(
    monkeypatch: pytest.MonkeyPatch, caplog: pytest.LogCaptureFixture
) -> None:
    def fail(*_arguments: object, **_options: object) -> None:
        raise DatabaseError

    monkeypatch.setattr(writer, "_insert", fail)
    writer.record(Exchange(uuid7(), "GET", "/"))
    assert "A row of the logbook could not be written." in caplog.text


@pytest.mark.usefixtures("in_background")
def test_a_line_that_cannot_be_written_does_not_take_others_with_it(
    monkeypatch: pytest.MonkeyPatch, caplog: pytest.LogCaptureFixture
) -> None:
    def refuse(model: type[Model], batch: list[writer.Line]) -> None:
        if any(line["method"] == "BREW" for line in batch):
            raise DatabaseError
        insert(model, batch)

    insert = writer._insert
    monkeypatch.setattr(writer, "_insert", refuse)
    for method in ("GET", "BREW", "PUT"):
        writer.record(Exchange(uuid7(), method, "/"))
    writer.flush()
    assert sorted(Entry.objects.values_list("method", flat=True)) == ["GET", "PUT"]
    assert "A row of the logbook could not be written." in caplog.text


@pytest.mark.usefixtures("in_background")
def test_more_lines_than_can_wait_are_dropped_with_a_warning(
    monkeypatch: pytest.MonkeyPatch, caplog: pytest.LogCaptureFixture
) -> None:
    monkeypatch.setattr(writer, "WAITING", {Entry: 1, Transcript: 1})
    for _ in range(2):
        writer.record(Exchange(uuid7(), "GET", "/"))
    assert "one was dropped" in caplog.text
    writer.flush()
    assert Entry.objects.count() == 1


@pytest.mark.usefixtures("in_background")
@pytest.mark.parametrize("error", [OperationalError, InterfaceError])
def test_lines_of_an_outage_wait_until_it_is_over(monkeypatch: pytest.MonkeyPatch, error: type[Exception]) -> None:
    def fail(*_arguments: object, **_options: object) -> None:
        raise error

    with monkeypatch.context() as outage:
        outage.setattr(writer, "_insert", fail)
        writer.record(Exchange(uuid7(), "GET", "/scim/v2/Users", status=503, error_id="SL-BUSY"))
        writer.flush()
    writer.flush()
    assert Entry.objects.get().error_id == "SL-BUSY"


@pytest.mark.usefixtures("in_background")
def test_a_line_whose_commit_went_unanswered_is_there_once() -> None:
    exchange = Exchange(uuid7(), "GET", "/scim/v2/Users")
    for _ in range(2):
        writer.record(exchange)
        writer.flush()
    assert Entry.objects.count() == 1
