"""The report counts, measures, and tells each kind of deviation once."""

import json

from entra import wire
from entra.checks import Finding
from entra.dialect import Style
from entra.operations import Kind
from entra.report import Report, percentile
from entra.transport import Exchange

READ = wire.read(Kind.USER, "1", Style())
DELETE = wire.delete(Kind.USER, "1", Style())


def filled() -> Report:
    report = Report(phases={"Cycle": 2.0, "Restart": 1.0})
    for milliseconds in range(1, 101):
        report.record("Cycle", Exchange(READ, 200, seconds=milliseconds / 1000))
    report.record("Cycle", Exchange(DELETE, 204))
    return report


def test_writes_are_counted_by_phase() -> None:
    report = filled()
    assert (report.requests("Cycle"), report.writes("Cycle")) == (101, 1)
    assert (report.requests("Restart"), report.writes("Restart")) == (0, 0)


def test_percentiles_are_the_nearest_rank() -> None:
    values = [float(value) for value in range(1, 101)]
    assert [percentile(values, share) for share in (50, 95, 99)] == [50.0, 95.0, 99.0]
    assert percentile([7.0], 99) == 7.0


def test_a_report_without_deviations_passes() -> None:
    report = filled()
    assert report.passed
    assert report.text().endswith("All 101 answers were as Entra needs them.")


def test_deviations_of_one_kind_are_told_once_with_an_example() -> None:
    report = filled()
    for phase, shown in (("Cycle", "1"), ("Cycle", "22"), ("Restart", "333")):
        exchange = Exchange(READ, 200, raw=shown.encode())
        report.object_to(phase, exchange, Finding(f"title was sent as 'a{shown}'.", "none"))
    text = report.text()
    assert "read Users: title was sent as 'a1'.\n  3 times, in Cycle, Restart\n  asked: GET /Users/1" in text
    assert "a22" not in text
    assert text.endswith("3 deviations in 101 answers.")


def test_a_quarantine_is_no_success() -> None:
    report = filled()
    report.quarantine = "the probe failed."
    assert not report.passed
    assert "QUARANTINE: the probe failed." in report.text()


def test_the_document_is_json_and_names_each_operation() -> None:
    document = json.loads(json.dumps(filled().document()))
    assert document["passed"]
    assert [row["operation"] for row in document["operations"]] == ["delete Users", "read Users"]
    cycle = {"phase": "Cycle", "requests": 101, "writes": 1, "seconds": 2.0, "per second": 50.5}
    assert document["phases"][0] == cycle
