"""`python -m bench`: build the contenders, measure them by turns, write docs/performance.md and the JSON beside it."""

import argparse
import json
import sys
import time
from collections.abc import Iterator, Mapping
from contextlib import ExitStack
from pathlib import Path

from bench import contenders, database, report
from bench.contenders import ROOT, Contender, Workshop
from bench.figures import Figures
from bench.operations import Operation, Scene, repeated, steps
from bench.plan import FULL, LARGE, QUICK, SMALL, Entry, Plan
from bench.rounds import Cell, Results, discover, play, prove

Field = Mapping[tuple[str, int], Contender]


def main() -> int:
    options = _options()
    plan = FULL if options.full else QUICK
    with ExitStack() as stack:
        options.work.mkdir(parents=True, exist_ok=True)
        shop = Workshop(options.work.resolve(), options.postgresql, stack)
        field = {(one.name, one.directory.people): one for one in _field(shop)}
        figures = _measured(plan, field, shop)
        described = report.machine(database.version(shop.postgresql))
        text = report.markdown(figures, plan, described)
        report.write(options.work, "performance.json", report.as_json(figures, described))
    report.write(options.out, "performance.md", text)
    print(text)
    for cell, reason in figures.results.failures.items():
        print(f"failed: {cell.contender.name}, {cell.operation}, {cell.clients} clients: {reason}", file=sys.stderr)
    return 0


def _options() -> argparse.Namespace:
    parser = argparse.ArgumentParser(prog="python -m bench", description="Measure SecureLogin beside its peers.")
    parser.add_argument("postgresql", help="address of a PostgreSQL server on which databases may be made")
    parser.add_argument("--full", action="store_true", help="longer rounds, and more of them")
    parser.add_argument("--work", type=Path, default=ROOT / "var" / "bench", help="where peers and logs are kept")
    parser.add_argument("--out", type=Path, default=ROOT / "docs", help="folder of performance.md")
    return parser.parse_args()


def _field(shop: Workshop) -> Iterator[Contender]:
    for directory in (SMALL, LARGE):
        for build in (contenders.ours, contenders.django_scim2, contenders.scimmy, contenders.embedded):
            started = time.monotonic()
            contender = build(shop, directory)
            _tell(f"{contender.name}: {directory.people:,} people in {time.monotonic() - started:.0f} s")
            yield contender
            if build is contenders.ours and directory is SMALL:
                yield contenders.bare(shop, contender)


def _measured(plan: Plan, field: Field, shop: Workshop) -> Figures:
    scenes = {key: _scene(contender) for key, contender in field.items()}
    results = Results()
    cells: dict[Entry, Cell] = {}
    for heat in plan.heats():
        drawn = []
        for entry in heat:
            key = (entry.who, entry.people)
            cell = cells.setdefault(entry, Cell(field[key], entry.operation, entry.clients))
            if cell not in results.samples:
                drawn.append((cell, _operation(entry), scenes[key]))
        _tell(", ".join(dict.fromkeys(f"{one.operation} by {one.clients}" for one in heat)))
        if drawn:
            play(drawn, plan.pace, shop.postgresql, results)
    ours = field[contenders.OURS, SMALL.people], field[contenders.OURS, LARGE.people]
    recorded = json.loads(contenders.statements_of(shop, ours[0]).read_text(encoding="utf-8"))
    counts = {name: act["count"] for name, act in recorded.items()}
    return Figures(results, cells, counts, max(one.process.largest_resident() for one in ours))


def _scene(contender: Contender) -> Scene:
    if contender.name == contenders.BARE:
        return Scene(contender.directory.people, (), (), {})
    scene = discover(contender)
    prove(contender, scene)
    return scene


def _operation(entry: Entry) -> Operation:
    if entry.who == contenders.BARE:
        return repeated("/" + entry.operation.partition("/")[0])
    return dict(steps((*SMALL.groups, *LARGE.groups)))[entry.operation]


def _tell(sentence: str) -> None:
    print(f"{time.strftime('%H:%M:%S')} {sentence}", file=sys.stderr, flush=True)


if __name__ == "__main__":
    sys.exit(main())
