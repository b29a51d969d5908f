"""One measured case and how it is written."""

import json
from dataclasses import asdict, dataclass
from statistics import median
from time import perf_counter
from typing import TYPE_CHECKING

if TYPE_CHECKING:
    from collections.abc import Callable


@dataclass(frozen=True)
class Case:
    """What was measured: ours and theirs in a unit (theirs None: no peer, or the peer is missing), and the target.

    target: an upper limit of ours (``< 100``), a lower one (``> 1000``), or one of ours / theirs (``ratio <= 0.5``).
    """

    case: str
    unit: str
    ours: float
    target: str
    peer: str | None = None
    theirs: float | None = None

    @property
    def ratio(self) -> float | None:
        return None if self.theirs is None else self.ours / self.theirs

    @property
    def holds(self) -> bool | None:
        """Tell whether the target is met; None when the peer it is measured against is missing."""
        *of, sign, limit = self.target.split()
        value = self.ratio if of else self.ours
        if value is None:
            return None
        return {"<": value < float(limit), "<=": value <= float(limit), ">": value > float(limit)}[sign]

    def line(self) -> str:
        values = {**asdict(self), "ratio": self.ratio, "holds": self.holds}
        rounded = {name: float(f"{value:.4g}") if isinstance(value, float) else value for name, value in values.items()}
        return json.dumps(rounded, ensure_ascii=False)


def seconds(work: "Callable[[], object]", times: int) -> list[float]:
    """Run something so many times and return how long each took."""
    taken = []
    for _time in range(times):
        began = perf_counter()
        work()
        taken.append(perf_counter() - began)
    return taken


def middle(values: list[float]) -> float:
    return median(values)
