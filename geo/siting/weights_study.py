"""What doors are weighed by: households, people over 70 by published counts, needs under made-up names, a mix."""

from collections.abc import Callable, Mapping
from dataclasses import dataclass, field
from importlib import import_module
from typing import Any

import numpy as np
from numpy.typing import NDArray
from sqlalchemy import Connection, text

from geo.access.reveals import run_rows
from geo.access.suppression import AGES
from geo.coverage.ahead import Ages, years_ahead
from geo.errors import BadInput
from geo.i18n import N_, _
from geo.siting.effect import Standing
from geo.siting.ground_study import Ground
from geo.siting.neighbours import Floats, Ints
from geo.siting.wanted import AHEAD, WEIGHTS, Wanted
from geo.store.session import Actor
from geo.store.statements import statement

OLD = Ages(helped=(70, 125))
LEAST_TOLD = 5
NOTHING = N_("Nothing is known here for the weight “{weight}”. Choose another weight or area.")
NOBODY_ASKS = N_("Care needs are read under made-up names for who is signed in. Sign in, or choose another weight.")


@dataclass(frozen=True)
class Asking:
    """Who asks for a weight, of which doors, and today's ways to the open stations.

    years: how many years from today each row of the answer stands for; actor: None where nobody is signed in.
    """

    connection: Connection
    actor: Actor | None
    ground: Ground
    before: Standing
    community_id: int | None
    years: tuple[int, ...]


@dataclass(frozen=True)
class Weights:
    """A weight by year (rows) and door (columns), and what is to be said about where it comes from.

    least: totals below it are not told, because they would speak of single people.
    """

    values: NDArray[np.float64]
    notes: Mapping[str, Any] = field(default_factory=dict)
    least: int = 0


Load = Callable[[Asking], Weights]


def load_weights(asking: Asking, wanted: Wanted, *, logged: bool = True) -> dict[str, Weights]:
    """Return every weight a question is weighed by; logged: also those whose loading leaves an entry in the log."""
    found = {}
    for name, share in wanted.weights.items():
        kind = WEIGHTS[name]
        if share > 0 and (logged or not kind.logged):
            module, _colon, function = kind.loader.partition(":")
            load: Load = getattr(import_module(module), function)
            found[name] = load(asking)
    return found


def mixed(found: Mapping[str, Weights], wanted: Wanted, households: int) -> NDArray[np.float64]:
    """Return one weight by year and door: that of a single choice as it is, a mix in shares of today's totals.

    A mix is scaled so that all doors together weigh as much today as there are households. Raises BadInput for a
    weight of which nothing is known.
    """
    for name, weights in found.items():
        if not weights.values[0].sum() > 0:
            raise BadInput(NOTHING, weight=_(WEIGHTS[name].label))
    if len(found) == 1:
        return next(iter(found.values())).values
    shares = {name: wanted.weights[name] for name in found}
    scale = max(households, 1) / sum(shares.values())
    parts = [share * scale * found[name].values / found[name].values[0].sum() for name, share in shares.items()]
    return np.asarray(np.sum(parts, axis=0), np.float64)


def households(asking: Asking) -> Weights:
    """Return the known households behind each door, the same in every year."""
    known = asking.ground.doors.households.astype(np.float64)
    return Weights(np.tile(known, (len(asking.years), 1)), {"unknown": int(asking.ground.doors.unknown.sum())})


def people_over_70(asking: Asking) -> Weights:
    """Return how many people over 70 live behind each door, going by the published counts of the places around it.

    The published counts of a compound, or of the places counted together with it, else of its community, are spread
    over its doors by their households; years ahead roll the published ages forward. No record of a person is read.
    """
    ground = asking.ground
    rows = asking.connection.execute(text(statement("siting", "published_ages"))).all()
    counts = {row.count_id: {group["classes"][0]: group["count"] for group in row.groups} for row in rows}
    homes_of = {row.count_id: float(row.households) for row in rows}
    ids = sorted(counts)
    block = _blocks(ground, rows, ids)
    told = block >= 0
    homes = ground.doors.households.astype(np.float64)
    behind = np.array([homes_of[one] for one in ids], np.float64)
    bands = [[counts[one].get(band, 0) for band in AGES] for one in ids]
    people = np.zeros((0, max(AHEAD) + 1))
    if ids:
        people = years_ahead(np.array(bands, np.int64), ages=OLD, years=max(AHEAD)).helped
    each = np.divide(people, behind[:, None], out=np.zeros_like(people), where=behind[:, None] > 0)
    values = np.zeros((len(asking.years), block.size))
    for row, years in enumerate(asking.years):
        values[row, told] = each[block[told], years] * homes[told]
    made_on = max((row.made_on for row in rows), default=None)
    return Weights(values, {"without": int((~told).sum()), "made_on": made_on.isoformat() if made_on else None})


def _blocks(ground: Ground, rows: Any, ids: list[int]) -> Ints:
    """Return by door which published counts tell of it: those of its compound, else of its community; -1 for none."""
    at = {count_id: place for place, count_id in enumerate(ids)}
    by_place = {(row.kind, row.place_id): at[row.count_id] for row in rows}
    compound = {int(key): by_place.get(("compound", int(key)), -1) for key in np.unique(ground.compound)}
    community = {int(key): by_place.get(("community", int(key)), -1) for key in np.unique(ground.community)}
    near = np.array([compound[key] for key in ground.compound.tolist()], np.int64)
    around = np.array([community[key] for key in ground.community.tolist()], np.int64)
    return np.where(near >= 0, near, around)


def needs_not_reached(asking: Asking) -> Weights:
    """Return the open care needs behind each door that no open station reaches within the limit today.

    They are read under made-up names, of people who agreed to planning, with one entry in the log.
    """
    if asking.actor is None:
        raise BadInput(NOBODY_ASKS)
    ground = asking.ground
    run = run_rows(asking.actor, "siting", community_id=asking.community_id)
    by_unit = {int(unit): door for door, unit in enumerate(ground.unit.tolist()) if unit >= 0}
    by_building = {int(building): door for door, building in reversed(list(enumerate(ground.building.tolist())))}
    values = np.zeros(ground.building.size)
    for row in run.rows:
        door = by_unit.get(row.unit_id if row.unit_id is not None else -1, by_building.get(row.building_id))
        if door is not None:
            values[door] += 1
    values[asking.before.inside(ground.limit_m)] = 0
    notes = {"persons": len(run.rows), "left_out": run.left_out}
    return Weights(np.tile(values, (len(asking.years), 1)), notes, least=LEAST_TOLD)


def told(weights: Weights, standing: Standing, limit_m: float) -> float | None:
    """Return how much of a weight is within the limit today, None where it is too small to be told."""
    amount = float(weights.values[0][standing.inside(limit_m)].sum())
    return None if 0 < amount < weights.least else round(amount, 1)


def spread(values: Floats) -> Floats:
    """Return the weights as the engine takes them: one row as it is, several as they are."""
    return values[0] if len(values) == 1 else values
