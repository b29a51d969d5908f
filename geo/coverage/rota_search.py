"""The search for the weekly plan: aim after aim, each kept while the next one is sought; it can be stopped."""

from collections.abc import Callable, Iterator
from contextlib import contextmanager
from dataclasses import dataclass
from math import ceil
from threading import Event, Thread
from time import monotonic
from typing import Any, NamedTuple

from ortools.sat.python import cp_model

from geo.coverage.rota_model import Model

LOOK_S = 0.2
FULLY_LINEAR = 2
"""Linear relaxations of everything: proofs that took minutes without take a second with them."""
ROUNDING = 1e-6
Progress = Callable[[str, int, int], None]
Stop = Callable[[], bool]


class Stage(NamedTuple):
    """An aim: its name, what it came to, what it cannot be below, and whether that is proven to be the best."""

    name: str
    value: int
    bound: int
    proven: bool

    @property
    def gap(self) -> int:
        """How far the value may be above the best."""
        return self.value - self.bound


@dataclass(frozen=True)
class Effort:
    """How hard to look: seconds in all, work for each aim (the solver's own repeatable measure, about seconds), seed.

    The same seed and work give the same plan again, unless the seconds run out first.
    """

    limit_s: float = 60.0
    work: float = 15.0
    seed: int = 1


class Search:
    """A plan that gets better aim by aim; it begins with nobody doing anything, which is always possible."""

    def __init__(self, built: Model, effort: Effort, progress: Progress | None, stop: Stop | None) -> None:
        self.built, self.effort, self.progress, self.stop = built, effort, progress, stop
        self.until = monotonic() + effort.limit_s
        self.stopped = False
        self.chosen = [False] * len(built.chosen)
        self.starts: dict[int, int] = {}

    def best(self, name: str) -> Stage:
        """Make an aim as small as it can get and keep it there; a search that was stopped looks no further."""
        aim = self.built.aims[name]
        bound = 0
        if not self.stopped and monotonic() < self.until and aim.of(self.chosen) > 0:
            bound = self._solved(name)
        value = aim.of(self.chosen)
        self.built.model.add(aim.expression <= value)
        return Stage(name, value, min(bound, value), bound >= value)

    def _solved(self, name: str) -> int:
        """Search for one aim, take over the plan if there is one, and return the bound."""
        model, solver = self.built.model, cp_model.CpSolver()
        model.minimize(self.built.aims[name].expression)
        self._hint(model)
        solver.parameters.num_workers = 1
        solver.parameters.linearization_level = FULLY_LINEAR
        solver.parameters.random_seed = self.effort.seed
        solver.parameters.max_deterministic_time = self.effort.work
        solver.parameters.max_time_in_seconds = max(self.until - monotonic(), 0.0)
        with self._watched(solver):
            status = solver.solve(model, _Told(name, self.progress) if self.progress else None)
        if status not in {cp_model.OPTIMAL, cp_model.FEASIBLE}:
            return 0
        self.chosen = [bool(yes) for yes in solver.boolean_values(list(self.built.chosen))]
        self.starts = {number: solver.value(start) for number, start in self.built.starts.items()}
        if status == cp_model.OPTIMAL:
            return self.built.aims[name].of(self.chosen)
        return max(ceil(solver.best_objective_bound - ROUNDING), 0)

    def _hint(self, model: Any) -> None:
        model.clear_hints()
        for variable, yes in zip(self.built.chosen, self.chosen, strict=True):
            model.add_hint(variable, yes)
        for number, start in self.starts.items():
            model.add_hint(self.built.starts[number], start)

    @contextmanager
    def _watched(self, solver: Any) -> Iterator[None]:
        """Ask some times a second whether to stop, beside the solver."""
        done = Event()

        def look() -> None:
            while self.stop is not None and not done.wait(LOOK_S):
                if self.stop():
                    self.stopped = True
                    solver.stop_search()

        watcher = Thread(target=look, daemon=True)
        watcher.start()
        try:
            yield
        finally:
            done.set()
            watcher.join()


class _Told(cp_model.CpSolverSolutionCallback):
    """Tells every better plan of an aim."""

    def __init__(self, name: str, progress: Progress) -> None:
        super().__init__()
        self.name, self.progress = name, progress

    def on_solution_callback(self) -> None:
        """Tell the value and the bound."""
        self.progress(self.name, int(self.objective_value), ceil(self.best_objective_bound - ROUNDING))
