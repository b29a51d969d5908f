"""Trying a place nobody has chosen: what a station there would change, beside the plan of a siting study."""

import json
from collections import OrderedDict
from dataclasses import dataclass, field
from threading import Lock
from typing import Any

import numpy as np
import shapely
from numpy.typing import NDArray

from geo.access.reads import require
from geo.coverage.reach_study import Points
from geo.coverage.service_areas import service_areas
from geo.errors import BadInput, NotFound
from geo.i18n import N_
from geo.planning.study_reads import NOT_HERE, study
from geo.siting.effect import Standing, figures_at, newly
from geo.siting.ground_study import Ground, load_ground
from geo.siting.neighbours import Ints
from geo.siting.wanted import Wanted
from geo.siting.weights_study import Asking, Weights, load_weights, told
from geo.store import versions
from geo.store.session import Actor, reading

KEPT = 3
GRID_DEGREES = 1e-5
"""About a metre: finer than any screen shows of a walk."""
MOST_PAINTED = 20_000
NO_SUCH_SITE = N_("This station is not part of the plan. Choose one of its stations.")
OFF_ROAD = N_("No road leads to this place. Choose one nearer to a road.")


@dataclass(frozen=True)
class Tried:
    """Figures today, of the plan, and with a station at another place; instead_of: the chosen site that would go (None:
    one more station); weights: by name of what else is counted its amount by the plan and then (None: not told).
    """

    today: dict[str, Any]
    plan: dict[str, Any]
    then: dict[str, Any]
    instead_of: int | None
    weights: dict[str, tuple[float | None, float | None]] = field(default_factory=dict)

    @property
    def gained(self) -> int:
        """Return how many households more come within the limit than by the plan; below 0 when fewer do."""
        return int(self.then["within"] - self.plan["within"])


@dataclass(frozen=True)
class Drawn:
    """What the map shows of a tried place: buildings newly within the limit then, and how far people walk to it."""

    newly: tuple[int, ...]
    outline: dict[str, Any] | None


class _Case:
    """The ground of a study, with the ways that are left when one of its stations goes, kept once they are known."""

    def __init__(self, ground: Ground, chosen: Ints, weights: dict[str, Weights], before: Standing) -> None:
        self.ground, self.chosen, self.weights, self.before = ground, chosen, weights, before
        self._left: dict[int | None, Standing] = {}
        self._areas: dict[int, dict[str, Any] | None] = {}
        self._lock = Lock()
        self.today = figures_at(ground.doors, before, ground.limit_m)
        self.plan = figures_at(ground.doors, self.left(None), ground.limit_m)

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

    def areas(self) -> dict[int, dict[str, Any] | None]:
        """Return by chosen site the outline of what lies within the limit on foot."""
        with self._lock:
            for site in self.chosen.tolist():
                site_id = int(self.ground.site_ids[site])
                if site_id not in self._areas:
                    self._areas[site_id] = outline(self.ground, self.ground.sites.part(np.array([site])))
            return self._areas


_cases: "OrderedDict[tuple[Any, ...], _Case]" = OrderedDict()
_lock = Lock()


def try_place(actor: Actor, study_id: int, lon: float, lat: float, *, instead_of: int | None = None) -> Tried:
    """Return what a station at a place (degrees, EPSG:4326) would change, one of the plan's moved there or one more.

    Raises NotFound for a study or station that is not there, BadInput for a place no road leads to.
    """
    case = _asked(actor, study_id, instead_of)
    return _tried(case, _ways_to(case, _place(case, lon, lat)), instead_of)


def draw_place(actor: Actor, study_id: int, lon: float, lat: float, *, instead_of: int | None = None) -> Drawn:
    """Return what the map shows of a tried place; raises what try_place raises."""
    case = _asked(actor, study_id, instead_of)
    ground, place = case.ground, _place(case, lon, lat)
    then = _joined(case.left(instead_of), _ways_to(case, place))
    found = np.unique(ground.building[newly(case.before, then, ground.limit_m)])
    return Drawn(tuple(found[:MOST_PAINTED].tolist()), outline(ground, place))


def plan_areas(actor: Actor, study_id: int) -> dict[int, dict[str, Any] | None]:
    """Return by station of a plan the outline (GeoJSON) of what lies within its limit on foot; None without roads."""
    return _case(actor, study_id).areas()


def best_use(actor: Actor, study_id: int, lon: float, lat: float) -> tuple[Tried, Tried | None]:
    """Return what one more station at a place would change, and the best exchange of one of the plan's for it."""
    case = _case(actor, study_id)
    here = _ways_to(case, _place(case, lon, lat))
    exchanges = [_tried(case, here, site) for site in case.sites()]
    best = max(exchanges, key=lambda one: (one.gained, -(one.then["mean_m"] or 0.0)), default=None)
    return _tried(case, here, None), best


def outline(ground: Ground, place: Points) -> dict[str, Any] | None:
    """Return the outline of what lies within the limit on foot of a place, None where no roads are loaded."""
    if ground.way.network is None or place.entered is None:
        return None
    [area] = service_areas(ground.way.network, place.entered, [ground.limit_m])
    shape: dict[str, Any] = json.loads(shapely.to_geojson(shapely.set_precision(area.outline, GRID_DEGREES)))
    return shape


def _asked(actor: Actor, study_id: int, instead_of: int | None) -> _Case:
    case = _case(actor, study_id)
    if instead_of is not None and instead_of not in case.sites():
        raise NotFound(NO_SUCH_SITE)
    return case


def _place(case: _Case, lon: float, lat: float) -> Points:
    place = case.ground.way.enter(np.array([lon], np.float64), np.array([lat], np.float64))
    if place.cut_off()[0]:
        raise BadInput(OFF_ROAD)
    return place


def _ways_to(case: _Case, place: Points) -> Standing:
    return case.ground.standing(place)


def _joined(rest: Standing, here: Standing) -> Standing:
    metres: NDArray[np.float64] = np.minimum(rest.metres, here.metres)
    return Standing(rest.station, metres)


def _tried(case: _Case, here: Standing, instead_of: int | None) -> Tried:
    ground, planned = case.ground, case.left(None)
    then = _joined(case.left(instead_of), here)
    moved = figures_at(ground.doors, then, ground.limit_m)
    weights = {
        name: (told(one, planned, ground.limit_m), told(one, then, ground.limit_m))
        for name, one in case.weights.items()
    }  # fmt: skip
    return Tried(case.today, case.plan, moved, instead_of, weights)


def _case(actor: Actor, study_id: int) -> _Case:
    with reading(actor) as connection:
        require(connection, "plan_sites")
        view, now = study(connection, study_id), versions.current(connection)
        if view.kind != "siting":
            raise NotFound(NOT_HERE)
        key = study_id, view.made_at, now["places"], now["base"], actor.name
        with _lock:
            if key not in _cases:
                wanted = Wanted.read(view.asked)
                ground = load_ground(connection, wanted)
                before = ground.standing(ground.stations)
                asking = Asking(connection, actor, ground, before, wanted.community_id, (0,))
                weights = load_weights(asking, wanted, logged=False)
                weights.pop("households", None)
                chosen = np.flatnonzero(np.isin(ground.site_ids, [row["site_id"] for row in view.figures["sites"]]))
                _cases[key] = _Case(ground, chosen.astype(np.int64), weights, before)
                while len(_cases) > KEPT:
                    _cases.popitem(last=False)
            return _cases[key]
