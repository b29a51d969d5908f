"""Mixed-integer models by HiGHS: set cover, backup, capacities, worst scenario; the bound is HiGHS's own proof."""

from collections.abc import Callable
from dataclasses import dataclass, field

import highspy
import numpy as np
from numpy.typing import NDArray
from scipy.sparse import csr_array

from geo.siting.neighbours import Flags, Floats, Ints


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
    """What HiGHS found: values (None: no plan), objective, proven bound, whether time or a stop ended it."""

    values: NDArray[np.float64] | None
    objective: float
    bound: float
    stopped: bool


def run(
    model: Model,
    *,
    gap: float,
    seconds: float,
    start: Floats | None = None,
    told: Callable[[Floats, float, float], bool] | None = None,
    any_plan: bool = False,
) -> Solved:
    """Solve a model with one thread; told(values, objective, bound) hears of better plans and may stop it.

    any_plan: the first plan will do.
    """
    solver = highspy.Highs()
    settings = {"output_flag": False, "threads": 1, "mip_rel_gap": gap, "mip_abs_gap": 1e-9, "random_seed": 1}
    for name, value in settings.items():
        solver.setOptionValue(name, value)
    if np.isfinite(seconds):
        solver.setOptionValue("time_limit", max(float(seconds), 0.01))
    solver.passModel(_highs_model(model))
    if any_plan:
        solver.setOptionValue("mip_max_improving_sols", 1)
    if start is not None:
        given = highspy.HighsSolution()
        given.col_value = list(start)
        solver.setSolution(given)
    if told is not None:
        _listen(solver, told)
    solver.run()
    return _outcome(solver)


def _highs_model(model: Model) -> "highspy.HighsLp":
    matrix = model.matrix()
    lp = highspy.HighsLp()
    lp.num_col_, lp.num_row_ = model.size, matrix.shape[0]
    lp.col_cost_ = np.concatenate(model.cost)
    lp.col_lower_ = np.concatenate([low for low, _high in model.bounds])
    lp.col_upper_ = np.concatenate([high for _low, high in model.bounds])
    lp.row_lower_ = np.concatenate([low for low, _high in model.row_bounds])
    lp.row_upper_ = np.concatenate([high for _low, high in model.row_bounds])
    lp.a_matrix_.format_ = highspy.MatrixFormat.kRowwise
    lp.a_matrix_.start_ = matrix.indptr
    lp.a_matrix_.index_ = matrix.indices
    lp.a_matrix_.value_ = matrix.data
    kinds = (highspy.HighsVarType.kContinuous, highspy.HighsVarType.kInteger)
    lp.integrality_ = [kinds[int(whole)] for whole in np.concatenate(model.whole)]
    return lp


def _listen(solver: "highspy.Highs", told: Callable[[Floats, float, float], bool]) -> None:
    state = {"stop": False}

    def better(event: "highspy.HighsCallbackEvent") -> None:
        out = event.data_out
        state["stop"] |= told(np.asarray(out.mip_solution), out.mip_primal_bound, out.mip_dual_bound)

    def interrupt(event: "highspy.HighsCallbackEvent") -> None:
        if state["stop"]:
            event.interrupt()

    solver.cbMipImprovingSolution.subscribe(better)
    solver.cbMipInterrupt.subscribe(interrupt)


def _outcome(solver: "highspy.Highs") -> Solved:
    info, status = solver.getInfo(), solver.getModelStatus()
    ended = status in {highspy.HighsModelStatus.kOptimal, highspy.HighsModelStatus.kInfeasible}
    if info.primal_solution_status != highspy.SolutionStatus.kSolutionStatusFeasible:
        return Solved(None, np.inf, np.inf if ended else info.mip_dual_bound, stopped=not ended)
    values = np.asarray(solver.getSolution().col_value)
    return Solved(values, info.objective_function_value, info.mip_dual_bound, stopped=not ended)
