"""``python -m tests.bench [--only map]``: one JSON line a case; targets that are missed are printed as such."""

import argparse
import os
import sys
from importlib import import_module
from pathlib import Path

IMPORT, DEMO = "tests.bench.imports", "tests.bench.demo"
TOPICS = {
    "map": ("tests.bench.map", IMPORT, DEMO),
    "import": (IMPORT,),
    "demo": (DEMO,),
    "access": ("tests.bench.access",),
    "coverage": (
        "tests.bench.coverage", "tests.bench.pairing", "tests.bench.coverage_refresh", "tests.bench.recolour",
        "tests.bench.what_if",
    ),
    "siting": ("tests.bench.siting",),
    "hotspots": ("tests.bench.hotspots",),
}
BUILDINGS = 100_000
"""Some minutes; the million the product is built for takes half an hour and is asked for."""


def main() -> int:
    """Measure the chosen topics; the exit code is 1 when a target was missed."""
    parser = argparse.ArgumentParser(prog="python -m tests.bench")
    parser.add_argument("topic", nargs="*", help="what to measure; everything when left out")
    parser.add_argument("--only", choices=TOPICS, action="append", default=[])
    parser.add_argument("--buildings", type=int, default=BUILDINGS, help="size of the city")
    asked = parser.parse_args()
    _own_state_folder()
    missed = False
    chosen = [module for topic in [*asked.topic, *asked.only] or list(TOPICS) for module in TOPICS[topic]]
    for module in dict.fromkeys(chosen):
        for case in import_module(module).cases(asked.buildings):
            print(case.line(), flush=True)
            missed = missed or case.holds is False
    return int(missed)


def _own_state_folder() -> None:
    from geo.settings import settings

    folder = Path(os.environ.get("YIZHAN_STATE_DIR", settings().state_dir)) / "bench"
    os.environ["YIZHAN_STATE_DIR"] = str(folder)
    os.environ.pop("DATABASE_URL", None)
    settings.cache_clear()


if __name__ == "__main__":
    sys.exit(main())
