"""What happened, in numbers and in words: counts, rates, percentiles, and every deviation."""

import re
from collections import Counter, defaultdict
from collections.abc import Iterable, Sequence
from dataclasses import asdict, dataclass, field
from math import ceil
from statistics import fmean
from typing import Any

from entra.checks import Finding
from entra.transport import Exchange

EXCERPT = 400
# What differs between two complaints of one kind: names, ids and numbers.
PARTICULARS = re.compile(r"'[^']*'|[0-9a-f-]{12,}|\d+")


@dataclass(frozen=True, slots=True)
class Sample:
    phase: str
    operation: str
    writes: bool
    status: int
    seconds: float


@dataclass(frozen=True, slots=True)
class Deviation:
    """What was asked, what came, what is wrong with it, and the code an Entra admin would read."""

    phase: str
    operation: str
    asked: str
    came: str
    wrong: str
    code: str


@dataclass(slots=True)
class Report:
    """Filled in while the run goes on; appending to a list is safe from any thread."""

    samples: list[Sample] = field(default_factory=list)
    deviations: list[Deviation] = field(default_factory=list)
    notes: list[str] = field(default_factory=list)
    phases: dict[str, float] = field(default_factory=dict)
    quarantine: str = ""

    def record(self, phase: str, exchange: Exchange) -> None:
        request = exchange.request
        sample = Sample(phase, request.operation.name, request.writes, exchange.status, exchange.seconds)
        self.samples.append(sample)

    def object_to(self, phase: str, exchange: Exchange, finding: Finding) -> None:
        request = exchange.request
        asked = f"{request.method} {request.path} {request.body or ''}".strip()
        came = exchange.failure or f"{exchange.status} {exchange.raw.decode(errors='replace')}".strip()
        name = request.operation.name
        deviation = Deviation(phase, name, asked[:EXCERPT], came[:EXCERPT], finding.wrong, finding.code)
        self.deviations.append(deviation)

    @property
    def passed(self) -> bool:
        return not self.deviations and not self.quarantine

    def requests(self, phase: str) -> int:
        return sum(sample.phase == phase for sample in self.samples)

    def writes(self, phase: str) -> int:
        """POST, PATCH and DELETE requests; an unchanged source must lead to none."""
        return sum(sample.phase == phase and sample.writes for sample in self.samples)

    def document(self) -> dict[str, Any]:
        """For machines: everything but the single samples."""
        return {
            "passed": self.passed,
            "quarantine": self.quarantine,
            "phases": [self._phase_row(phase) for phase in self.phases],
            "operations": list(_operation_rows(self.samples)),
            "deviations": [asdict(each) for each in self.deviations],
            "notes": self.notes,
        }

    def text(self) -> str:
        """For people."""
        parts = [
            _table([self._phase_row(phase) for phase in self.phases]),
            _table(list(_operation_rows(self.samples))),
            *self.notes,
            *_deviation_lines(self.deviations),
            f"QUARANTINE: {self.quarantine}" if self.quarantine else "",
            self._verdict(),
        ]
        return "\n\n".join(part for part in parts if part)

    def _verdict(self) -> str:
        if self.passed:
            return f"All {len(self.samples)} answers were as Entra needs them."
        return f"{len(self.deviations)} deviations in {len(self.samples)} answers."

    def _phase_row(self, phase: str) -> dict[str, Any]:
        seconds, count = self.phases[phase], self.requests(phase)
        rate = round(count / seconds, 1) if seconds else 0.0
        writes = self.writes(phase)
        return {"phase": phase, "requests": count, "writes": writes, "seconds": round(seconds, 2), "per second": rate}


def _operation_rows(samples: Iterable[Sample]) -> Iterable[dict[str, Any]]:
    times, statuses = defaultdict[str, list[float]](list), defaultdict[str, Counter[int]](Counter)
    for sample in samples:
        times[sample.operation].append(sample.seconds * 1000)
        statuses[sample.operation][sample.status] += 1
    for operation, found in sorted(times.items()):
        found.sort()
        yield {
            "operation": operation,
            "count": len(found),
            "status": " ".join(f"{count} of {status}" for status, count in sorted(statuses[operation].items())),
            "mean ms": round(fmean(found), 1),
            "p50": percentile(found, 50),
            "p95": percentile(found, 95),
            "p99": percentile(found, 99),
            "max": round(found[-1], 1),
        }


def percentile(ordered: Sequence[float], share: int) -> float:
    """The smallest value that `share` per cent of all do not exceed (nearest rank)."""
    return round(ordered[max(ceil(len(ordered) * share / 100), 1) - 1], 1)


def _table(rows: Sequence[dict[str, Any]]) -> str:
    """Columns as wide as they need be; the first one to the left, numbers to the right."""
    if not rows:
        return ""
    lines = [list(rows[0]), *([str(value) for value in row.values()] for row in rows)]
    widths = [max(map(len, column)) for column in zip(*lines, strict=True)]
    return "\n".join(_line(line, widths) for line in lines)


def _line(cells: Sequence[str], widths: Sequence[int]) -> str:
    first, *rest = zip(cells, widths, strict=True)
    return "  ".join([first[0].ljust(first[1]), *(cell.rjust(width) for cell, width in rest)])


def _deviation_lines(deviations: Iterable[Deviation]) -> Iterable[str]:
    """The same complaint about the same operation is told once, with its first example."""
    alike = defaultdict[tuple[str, str], list[Deviation]](list)
    for each in deviations:
        alike[each.operation, PARTICULARS.sub("…", each.wrong)].append(each)
    for group in alike.values():
        example, phases = group[0], ", ".join(dict.fromkeys(each.phase for each in group))
        yield (
            f"{example.operation}: {example.wrong}\n  {len(group)} times, in {phases}\n"
            f"  asked: {example.asked}\n  came:  {example.came}\n  Entra's code: {example.code}"
        )
