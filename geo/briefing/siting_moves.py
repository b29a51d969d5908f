"""Trying a place nobody has chosen: what a station there would change, beside the plan of a siting study."""

from collections import OrderedDict
from dataclasses import dataclass
from threading import Lock
from typing import Any

import numpy as np

from geo.errors import BadInput, NotFound
from geo.i18n import N_
from geo.planning.study_reads import NOT_HERE, study
from geo.siting.effect import Standing, figures_at
from geo.siting.ground_study import Ground, load_ground
from geo.siting.neighbours import Ints
from geo.siting.wanted import Wanted
from geo.store import versions
from geo.store.session import Actor, reading

KEPT = 3
NO_SUCH_SITE = N_("This station is not part of the plan. Choose one of its stations.")
OFF_ROAD = N_("No road leads to this place. Choose one nearer to a road.")


@dataclass(frozen=True)
class Tried:
    """Figures of the plan, and with a station at another place; instead_of: the chosen site that would go (None: one
    more station).
    """

    plan: dict[str, Any]
    then: dict[str, Any]
    instead_of: int | None

    @property
    def gained(self) -> int:
        """Return how many households more come within the limit than by the plan; below 0 when fewer do."""
        return int(self.then["within"] - self.plan["within"])


class _Case:
    """The ground of a study, with the ways that are left when one of its stations goes, kept once they are known."""

    def __init__(self, ground: Ground, chosen: Ints) -> None:
        self.ground, self.chosen = ground, chosen
        self._left: dict[int | None, Standing] = {}
        self._lock = Lock()

    def left(self, site_id: int | None) -> Standing:
        """Return the ways with all stations of the plan but one."""
        with self._lock:
            if site_id not in self._left:
                kept = self.chosen[self.ground.site_ids[self.chosen] != site_id]
                self._left[site_id] = self.ground.standing(self.ground.targets(kept))
            return self._left[site_id]

    def sites(self) -> list[int]:
        """Return the ids of the chosen sites."""
        return [int(site) for site in self.ground.site_ids[self.chosen]]


_cases: "OrderedDict[tuple[Any, ...], _Case]" = OrderedDict()
_lock = Lock()


def try_place(actor: Actor, study_id: int, lon: float, lat: float, *, instead_of: int | None = None) -> Tried:
    """Return what a station at a place (degrees, EPSG:4326) would change, one of the plan's moved there or one more.

    Raises NotFound for a study or station that is not there, BadInput for a place no road leads to.
    """
    case = _case(actor, study_id)
    if instead_of is not None and instead_of not in case.sites():
        raise NotFound(NO_SUCH_SITE)
    return _tried(case, _ways_to(case, lon, lat), instead_of)


def best_use(actor: Actor, study_id: int, lon: float, lat: float) -> tuple[Tried, Tried | None]:
    """Return what one more station at a place would change, and the best exchange of one of the plan's for it."""
    case = _case(actor, study_id)
    here = _ways_to(case, lon, lat)
    exchanges = [_tried(case, here, site) for site in case.sites()]
    best = max(exchanges, key=lambda one: (one.gained, -(one.then["mean_m"] or 0.0)), default=None)
    return _tried(case, here, None), best


def _ways_to(case: _Case, lon: float, lat: float) -> Standing:
    ground = case.ground
    place = ground.way.enter(np.array([lon], np.float64), np.array([lat], np.float64))
    if place.cut_off()[0]:
        raise BadInput(OFF_ROAD)
    return ground.standing(place)


def _tried(case: _Case, here: Standing, instead_of: int | None) -> Tried:
    ground, rest = case.ground, case.left(instead_of)
    then = Standing(rest.station, np.minimum(rest.metres, here.metres))
    plan = figures_at(ground.doors, case.left(None), ground.limit_m)
    return Tried(plan, figures_at(ground.doors, then, ground.limit_m), instead_of)


def _case(actor: Actor, study_id: int) -> _Case:
    with reading(actor) as connection:
        view, now = study(connection, study_id), versions.current(connection)
        if view.kind != "siting":
            raise NotFound(NOT_HERE)
        key = study_id, view.made_at, now["places"], now["base"], actor.name
        with _lock:
            if key not in _cases:
                ground = load_ground(connection, Wanted.read(view.asked))
                chosen = np.flatnonzero(np.isin(ground.site_ids, [row["site_id"] for row in view.figures["sites"]]))
                _cases[key] = _Case(ground, chosen.astype(np.int64))
                while len(_cases) > KEPT:
                    _cases.popitem(last=False)
            return _cases[key]
