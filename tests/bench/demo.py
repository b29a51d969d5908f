"""How long the demo cities take, each made from nothing by the command people use, in a database of its own."""

import subprocess
import sys
import time
from collections.abc import Iterator
from pathlib import Path

from tests.bench import city
from tests.bench.case import Case

LIMITS_S = {"small": 10, "city": 60}


def cases(_buildings: int) -> Iterator[Case]:
    """Measure the demo cities of a few seconds; the one of very many buildings is measured when the map's is made."""
    for size, limit_s in LIMITS_S.items():
        with city.apart(f"demo_{size}"):
            yield Case(f"demo city, {size}", "s", made_in(size), f"< {limit_s}")


def made_in(size: str) -> float:
    """Make a demo city of a size in the database that runs; return the seconds the whole command took."""
    began = time.perf_counter()
    subprocess.run([Path(sys.executable).with_name("yizhan"), "demo", "--size", size], check=True, capture_output=True)
    return time.perf_counter() - began
