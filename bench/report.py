"""The tables of a run: Markdown for people, JSON for programs."""

import json
import os
import platform
from collections.abc import Iterator
from dataclasses import asdict
from math import inf
from pathlib import Path
from typing import Any

from bench.contenders import BARE, DJANGO_SCIM2, EMBEDDED, OURS, SCIMMY
from bench.figures import Figures
from bench.plan import BUDGETS, Entry, Plan
from bench.targets import Target, targets

NONE = "-"
COLUMNS = (OURS, DJANGO_SCIM2, SCIMMY, BARE, EMBEDDED)
PREFACE = """\
# Performance

Written by `make bench`. Requests are those of Entra's provisioning service; every answer is checked, and one that is
wrong voids its cell. The servers run beside each other, each with two worker processes and a directory of its own, on
the same PostgreSQL; cells are measured by turns, and medians of the rounds are shown. Ratios travel from one machine to
another, requests a second do not.

{machine}
"""
NOTES = """\
- django-scim2 0.23.0 behind gunicorn, SCIMMY 1.3.5 behind express: both with one fixed token that costs them no
  look-up. Neither keeps a journal. django-scim2 sends a group's members although they are excluded, and does not keep
  the enterprise extension.
- The bare view is a Django view that runs the statements of our request and nothing else: no routing table, no
  credential, no SCIM. Where it stays below a target itself, no server on Django can reach that one beside these peers
  on such a machine; a creation it cannot repeat.
- Microseconds are processor time a request: of the server's processes, then of its connections' at PostgreSQL.
  Requests a core and second count both, and leave out the clients, who share these cores.
- Group operations name the size of the group behind the slash; `add1` and `add100` are an addition and a removal.
- Deep pages are asked for by startIndex, the last but two of the list.
"""


def machine(postgresql: str) -> str:
    """Describe where it was measured, without names."""
    cores = len(os.sched_getaffinity(0))
    return (
        f"Measured on {cores} cores, Python {platform.python_version()}, PostgreSQL {postgresql}, {platform.system()}."
    )


def markdown(figures: Figures, plan: Plan, described: str) -> str:
    pace = f"{described} {plan.pace.rounds} rounds of {plan.pace.seconds:g} s a cell."
    parts = [PREFACE.format(machine=pace), "## Targets", "", *_targets(figures), ""]
    parts += ["## Statements a request", "", *_statements(figures), ""]
    parts += ["## Requests a second", "", *_rates(figures), "", "## Reading the figures", "", NOTES]
    return "\n".join(parts)


def as_json(figures: Figures, described: str) -> str:
    """Return everything that was measured, round by round."""
    cells = [
        asdict(entry)
        | {
            "failure": figures.failure(entry),
            "rounds": [asdict(sample) for sample in figures.results.samples.get(cell, ())],
        }
        for entry, cell in figures.cells.items()
    ]
    lines = [{"label": each.label, "value": each.read(figures), "release": each.release} for each in targets()]
    content: dict[str, Any] = {
        "machine": described,
        "targets": lines,
        "statements": dict(figures.statements),
        "megabytes": figures.megabytes,
        "cells": cells,
    }
    return json.dumps(content, indent=1)


def write(folder: Path, name: str, content: str) -> None:
    folder.mkdir(parents=True, exist_ok=True)
    (folder / name).write_text(content, encoding="utf-8")


def _targets(figures: Figures) -> Iterator[str]:
    yield "| | release | ambition | measured | | a bare view |"
    yield "|---|---|---|---|---|---|"
    for target in targets():
        value = target.read(figures)
        limits = f"{_limit(target, target.release)} | {_limit(target, target.ambition)}"
        measured = f"{_figure(value, target.unit)} | {target.verdict(value)}"
        yield f"| {target.label} | {limits} | {measured} | {_figure(target.floor(figures), target.unit)} |"


def _limit(target: Target, limit: float) -> str:
    if limit == inf:
        return NONE
    return f"{'≤' if target.most else '≥'} {_figure(limit, target.unit)}"


def _figure(value: float | None, unit: str) -> str:
    if value is None:
        return NONE
    number = f"{value:,.0f}" if value >= 100 or value == int(value) else f"{value:.3g}"
    return f"{number}{'' if unit == 'x' or not unit else ' '}{unit}"


def _statements(figures: Figures) -> Iterator[str]:
    yield "| request | at most | measured |"
    yield "|---|---|---|"
    for name, budget in BUDGETS.items():
        yield f"| `{name}` | {budget} | {figures.statements.get(name, NONE)} |"


def _rates(figures: Figures) -> Iterator[str]:
    yield "| operation | people | clients | " + " | ".join(COLUMNS) + " |"
    yield "|---|---|---|" + "---|" * len(COLUMNS)
    for people, operation, clients in dict.fromkeys((one.people, one.operation, one.clients) for one in figures.cells):
        cells = (_cell(figures, Entry(who, people, operation, clients)) for who in COLUMNS)
        yield f"| `{operation}` | {people:,} | {clients} | " + " | ".join(cells) + " |"


def _cell(figures: Figures, entry: Entry) -> str:
    """`1,240/s · 0.8/1.9 ms · 410+90 µs`: rate, half and 99 % within, processor time."""
    if figures.failure(entry):
        return "failed"
    rate = figures.rate(entry)
    if rate is None:
        return NONE
    middle, late, app, stored = (
        figures.value(entry, read) or 0.0
        for read in (
            lambda sample: 1e3 * sample.p50,
            lambda sample: 1e3 * sample.p99,
            lambda sample: sample.app_cpu,
            lambda sample: sample.database_cpu,
        )
    )
    return f"{_figure(rate, '')}/s · {middle:.2g}/{late:.2g} ms · {app:.0f}+{stored:.0f} µs"
