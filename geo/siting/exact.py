"""Mixed-integer models by HiGHS: set cover, backup, capacities, worst scenario; the bound is HiGHS's own proof."""

from dataclasses import dataclass, field
from typing import Any

import numpy as np
from numpy.typing import NDArray
from scipy.optimize import Bounds, LinearConstraint, milp
from scipy.sparse import csr_array

from geo.siting.neighbours import Flags, Floats, Ints

OUT_OF_TIME = 1


@dataclass
class Model:
    """Minimise cost·x with low ≤ A x ≤ high: columns are added in blocks, rows as (column, value) lists."""

    cost: list[Floats] = field(default_factory=list)
    bounds: list[tuple[Floats, Floats]] = field(default_factory=list)
    whole: list[Flags] = field(default_factory=list)
    size: int = 0
    rows: list[tuple[Ints, Ints, Floats, int]] = field(default_factory=list)
    row_bounds: list[tuple[Floats, Floats]] = field(default_factory=list)

    def columns(self, cost: Floats, low: Floats, high: Floats, *, whole: bool) -> Ints:
        """Add columns and return their numbers."""
        self.cost.append(np.asarray(cost, np.float64))
        self.bounds.append((np.broadcast_to(low, cost.shape), np.broadcast_to(high, cost.shape)))
        self.whole.append(np.full(cost.size, whole))
        numbers = np.arange(self.size, self.size + cost.size)
        self.size += cost.size
        return numbers

    def add(self, row: Ints, column: Ints, value: Floats, low: Floats, high: Floats) -> None:
        """Add rows: entries (row number from 0 within this block, column, value) and the bounds of each row."""
        self.rows.append((np.asarray(row), np.asarray(column), np.asarray(value, np.float64), low.size))
        self.row_bounds.append((low, high))

    def matrix(self) -> csr_array:
        """Return all rows as one sparse matrix."""
        offsets = np.cumsum([0] + [block[3] for block in self.rows])
        row = np.concatenate([block[0] + offset for block, offset in zip(self.rows, offsets[:-1], strict=True)])
        column = np.concatenate([block[1] for block in self.rows])
        value = np.concatenate([block[2] for block in self.rows])
        return csr_array((value, (row, column)), shape=(int(offsets[-1]), self.size))


@dataclass(frozen=True)
class Solved:
    """What HiGHS found: values (None: no plan), objective, proven bound, whether time ended it."""

    values: NDArray[np.float64] | None
    objective: float
    bound: float
    stopped: bool


def run(model: Model, *, gap: float, seconds: float, any_plan: bool = False) -> Solved:
    """Solve a model within a relative gap; any_plan: the first plan will do.

    HiGHS is the one inside scipy: its own package and OR-tools bring libraries of one name that cannot both be loaded.
    """
    settings: dict[str, Any] = {"mip_rel_gap": np.inf if any_plan else gap}
    if np.isfinite(seconds):
        settings["time_limit"] = max(float(seconds), 0.01)
    matrix = model.matrix()
    low, high = (np.concatenate([pair[side] for pair in model.row_bounds]) for side in (0, 1))
    answer = milp(
        np.concatenate(model.cost),
        integrality=np.concatenate(model.whole).astype(np.int64),
        bounds=Bounds(*(np.concatenate([pair[side] for pair in model.bounds]) for side in (0, 1))),
        constraints=LinearConstraint(matrix, low, high) if matrix.shape[0] else (),
        options=settings,
    )
    stopped = answer.status == OUT_OF_TIME
    if answer.x is None:
        known = answer.mip_dual_bound if stopped and answer.mip_dual_bound is not None else -np.inf
        return Solved(None, np.inf, known if stopped else np.inf, stopped)
    bound = answer.fun if answer.mip_dual_bound is None else answer.mip_dual_bound
    return Solved(np.asarray(answer.x), float(answer.fun), float(bound), stopped)
