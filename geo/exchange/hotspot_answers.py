"""From files of cases and areas to cells with their classes, as JSON or as a file of outlines."""

from dataclasses import dataclass
from datetime import date
from pathlib import Path
from typing import Any

import geopandas
import numpy as np
import shapely
from numpy.typing import NDArray

from geo.coverage.network import local_crs, project, unproject
from geo.errors import BadInput
from geo.exchange.hotspot_files import Areas, Cases, read_areas
from geo.hotspots import emerging
from geo.hotspots.cell_size import CellSize, apart_m, cell_size, ground
from geo.hotspots.cells import area_km2, axial, hexagons, located, middles, outlines, tally
from geo.hotspots.exposure import area_of, ground_km2, hexagons_over, shared_out
from geo.hotspots.gi_star import Remark
from geo.hotspots.neighbours import Neighbours, hexagon_neighbours, touching
from geo.hotspots.significance import CLASSES, LABELS
from geo.hotspots.where import Growing, Where, growing, where
from geo.i18n import N_, _, number

Floats = NDArray[np.float64]
MONTHS = 12

NOTHING = N_("{file} has no case that can be used: {reasons}")
APART = N_("Areas hardly touch each other: those within {count} m count as neighbours.")
NO_PEOPLE = N_("Nobody says how many people live there: cases are counted per km², so busy places stand out.")
OUTSIDE, PART_MONTH = "outside", "part_month"
STAMPS, MOSTLY = 2, 2 / 3


@dataclass(frozen=True)
class Choice:
    """What cells there are: areas with people, hexagons of a width (None: chosen by the data), and how it is tested."""

    areas: Path | None
    population: str | None
    cell_m: float | None
    hexagons: bool
    method: str
    permutations: int
    seed: int


@dataclass(frozen=True)
class Cells:
    """Cells: names, outlines (c,) and middles x, y (c,) in metres, exposure (c,), neighbours; cell (n,) of each case.

    size: of hexagons, with its reason; key (c,) of hexagons, None of areas; crs: the metric system, None where the
    files have x and y only.
    """

    names: list[str]
    outlines: NDArray[np.object_]
    x_m: Floats
    y_m: Floats
    exposure: Floats
    neighbours: Neighbours
    cell: NDArray[np.int32]
    crs: str | None
    size: CellSize | None = None
    key: NDArray[np.int64] | None = None
    remarks: tuple[Remark, ...] = ()


@dataclass(frozen=True)
class Found:
    """What was found: the cells, the counted cases, counts (c,) or by month (c, months), and what Gi* says of them."""

    choice: Choice
    cases: Cases
    cells: Cells
    counts: Floats
    whole: Where
    grown: Growing | None = None
    months: tuple[str, ...] = ()

    def answer(self) -> dict[str, Any]:
        """Return everything as one document."""
        size = self.cells.size
        remarks = [*self.cells.remarks, *self.whole.remarks]
        return {
            "method": self.choice.method,
            "cases": int(self.counts.sum()),
            "cells_are": "hexagons" if size else "areas",
            "cell_m": size.cell_m if size else None,
            "cell_reason": size.words() if size else None,
            "counted_against": "population" if self.choice.population else "km2",
            "population": self.choice.population,
            "crs": self.cells.crs,
            "permutations": self.choice.permutations or None,
            "from": None if self.cases.days is None else date.fromordinal(int(self.cases.days.min())).isoformat(),
            "to": None if self.cases.days is None else date.fromordinal(int(self.cases.days.max())).isoformat(),
            "months": list(self.months),
            "cells": rows(self),
            "left_out": self.cases.left_out,
            "remarks": [
                _(message, **{name: number(value) for name, value in told.items()}) for message, told in remarks
            ],
        }


def find(cases: Cases, choice: Choice) -> Found:
    """Return the cells with their classes; raises BadInput when no case can be used."""
    _must_have(cases)
    if choice.method == "emerging" and cases.days is not None:
        cases = cases.only(_in_whole_months(cases.days), PART_MONTH)
    cells, cases = _cells(cases, choice)
    _must_have(cases)
    counts = np.bincount(cells.cell, minlength=len(cells.names)).astype(np.float64)
    if choice.method == "gi" or cases.days is None:
        whole = where(counts, cells.exposure, cells.neighbours, permutations=choice.permutations, seed=choice.seed)
        return Found(choice, cases, cells, counts, whole)
    month, names = _months(cases.days)
    many = len(names)
    flat = np.bincount(cells.cell * many + month, minlength=len(cells.names) * many)
    by_month = flat.reshape(-1, many).astype(np.float64)
    grown = growing(by_month, cells.exposure, cells.neighbours)
    return Found(choice, cases, cells, by_month, grown.whole, grown, names)


def _must_have(cases: Cases) -> None:
    if not len(cases.x):
        reasons = " ".join(one["text"] for one in cases.left_out)
        raise BadInput(NOTHING, file=cases.file, reasons=reasons or _("it is empty."))


def _months(days: NDArray[np.int64]) -> tuple[NDArray[np.int64], tuple[str, ...]]:
    """Return the month of each day, counted from the first one, and the names of all months between.

    >>> _months(np.array([date(2025, 12, 30).toordinal(), date(2026, 2, 1).toordinal()]))[1]
    ('2025-12', '2026-01', '2026-02')
    """
    epoch = date(1970, 1, 1).toordinal()
    month = (days - epoch).astype("datetime64[D]").astype("datetime64[M]").astype(np.int64)
    first, last = int(month.min()), int(month.max())
    names = tuple(f"{1970 + at // MONTHS}-{at % MONTHS + 1:02d}" for at in range(first, last + 1))
    return month - first, names


def _in_whole_months(days: NDArray[np.int64]) -> NDArray[np.bool_]:
    """Tell which days are of a month that is there for two thirds: the first and the last one may not be.

    Days that are stamps of their months (at most two different ones in all) say nothing of what is there, and nothing
    is taken away when fewer months than a pattern needs would be left.

    >>> days = np.arange(date(2025, 1, 1).toordinal(), date(2026, 2, 4).toordinal())
    >>> int((~_in_whole_months(days)).sum())
    3
    """
    when = (days - date(1970, 1, 1).toordinal()).astype("datetime64[D]")
    month = when.astype("datetime64[M]")
    first, last = month.min(), month.max()
    if np.unique(when - month).size <= STAMPS:
        return np.ones(len(days), bool)
    ends = [(one.astype("datetime64[D]"), (one + 1).astype("datetime64[D]")) for one in (first, last)]
    here = (ends[0][1] - when.min(), when.max() + 1 - ends[1][0])
    kept = np.ones(len(days), bool)
    for one, (begin, end), part in zip((first, last), ends, here, strict=True):
        if part < MOSTLY * (end - begin):
            kept &= month != one
    return kept if np.unique(month[kept]).size >= emerging.FEWEST else np.ones(len(days), bool)


def _cells(cases: Cases, choice: Choice) -> tuple[Cells, Cases]:
    crs = local_crs(float(np.median(cases.x)), float(np.median(cases.y))) if cases.degrees else None
    x_m, y_m = project(crs, cases.x, cases.y) if crs else (cases.x, cases.y)
    if choice.areas is None:
        return _over_points(x_m, y_m, choice, crs), cases
    areas = read_areas(choice.areas, choice.population, cases, crs)
    if areas.points:
        return _over_buildings((x_m, y_m), areas, choice, crs), cases
    inside = area_of(x_m, y_m, areas.outlines)
    kept = inside >= 0
    cases, x_m, y_m, inside = cases.only(kept, OUTSIDE), x_m[kept], y_m[kept], inside[kept]
    if choice.hexagons and len(x_m):
        return _over_areas((x_m, y_m), areas.outlines, areas.people, choice, crs), cases
    apart, remarks = 1.0, _against(choice)
    east, north = shapely.get_coordinates(shapely.centroid(areas.outlines)).T
    near = touching(areas.outlines, apart)
    if (near.sizes() == 0).mean() > 0.5 and len(areas.names) > 1:
        apart = np.ceil(apart_m(east, north))
        near, remarks = touching(areas.outlines, apart), (*remarks, (APART, {"count": int(apart)}))
    people = areas.people if choice.population else shapely.area(areas.outlines) / 1e6
    return Cells(areas.names, areas.outlines, east, north, people, near, inside, crs, remarks=remarks), cases


def _against(choice: Choice) -> tuple[Remark, ...]:
    return () if choice.population else ((NO_PEOPLE, {}),)


def _size(x_m: Floats, y_m: Floats, choice: Choice) -> CellSize:
    return CellSize(choice.cell_m, "asked") if choice.cell_m else cell_size(x_m, y_m)


def _over_points(x_m: Floats, y_m: Floats, choice: Choice, crs: str | None) -> Cells:
    """Return the hexagons that hold a case, counted against their share of the convex hull of all cases."""
    size = _size(x_m, y_m, choice)
    counted = tally(hexagons(x_m, y_m, size.cell_m))
    hull = ground(x_m, y_m)
    km2 = ground_km2(counted.key, size.cell_m, hull) if hull.area else np.full(len(counted.key), area_km2(size.cell_m))
    return _hexagons(counted.key, counted.cell, km2, (size, crs, _against(choice)))


def _over_areas(
    points: tuple[Floats, Floats], areas: NDArray[np.object_], people: Floats, choice: Choice, crs: str | None
) -> Cells:
    """Return all hexagons over the areas, counted against the people shared out among them, or against the ground."""
    size = _size(*points, choice)
    key = hexagons_over(areas, size.cell_m)
    cell = located(key, hexagons(*points, size.cell_m))
    if choice.population:
        exposure = shared_out(key, size.cell_m, areas, people)
    else:
        exposure = ground_km2(key, size.cell_m, shapely.union_all(areas))
    lived = (exposure > 0) | np.isnan(exposure) | (np.bincount(cell, minlength=len(key)) > 0)
    place = np.where(lived, np.cumsum(lived) - 1, -1).astype(np.int32)
    return _hexagons(key[lived], place[cell], exposure[lived], (size, crs, _against(choice)))


def _over_buildings(points: tuple[Floats, Floats], homes: Areas, choice: Choice, crs: str | None) -> Cells:
    """Return the hexagons with people or cases, counted against the people at points; unknown where half are."""
    size = _size(*points, choice)
    here = hexagons(*points, size.cell_m)
    east, north = shapely.get_coordinates(homes.outlines).T
    there = hexagons(east, north, size.cell_m)
    key = np.unique(np.concatenate((here, there)))
    at, known = located(key, there), np.isfinite(homes.people)
    people = np.bincount(at, np.where(known, homes.people, 0.0), len(key))
    unknown = 2 * np.bincount(at, ~known, len(key)) >= np.maximum(np.bincount(at, minlength=len(key)), 1)
    return _hexagons(key, located(key, here), np.where(unknown, np.nan, people), (size, crs, ()))


def _hexagons(
    key: NDArray[np.int64],
    cell: NDArray[np.int32],
    exposure: Floats,
    about: tuple[CellSize, str | None, tuple[Remark, ...]],
) -> Cells:
    size, crs, remarks = about
    q, r = axial(key)
    names = [f"{one}:{other}" for one, other in zip(q.tolist(), r.tolist(), strict=True)]
    shapes = shapely.polygons(outlines(key, size.cell_m))
    east, north = middles(key, size.cell_m)
    return Cells(names, shapes, east, north, exposure, hexagon_neighbours(key), cell, crs, size, key, remarks)


def rows(found: Found) -> list[dict[str, Any]]:
    """Return a row a cell: name, place, counts, rate, z, p and class; the pattern and months where they were asked."""
    cells, whole = found.cells, found.whole
    columns: dict[str, Any] = {"id": cells.names, "x": cells.x_m, "y": cells.y_m}
    if cells.key is not None:
        columns["q"], columns["r"] = axial(cells.key)
    if cells.crs:
        columns["lon"], columns["lat"] = unproject(cells.crs, cells.x_m, cells.y_m)
    codes = [CLASSES[one] for one in whole.marks.tolist()]
    columns |= {
        "count": found.counts.reshape(len(cells.names), -1).sum(axis=1).astype(np.int64),
        "exposure": cells.exposure,
        "rate": whole.rate,
        "rate_shrunk": whole.shrunk,
        "value": whole.value,
        "neighbours": cells.neighbours.sizes(),
        "judged": whole.judged,
        "z": whole.z,
        "p": whole.p,
        "p_fdr": whole.q,
        "class": codes,
        "class_text": [_(LABELS[code]) for code in codes],
    }
    if found.grown is not None:
        columns |= _by_month(found, found.grown)
    plain = [column.tolist() if isinstance(column, np.ndarray) else column for column in columns.values()]
    return [dict(zip(columns, one, strict=True)) for one in zip(*plain, strict=True)]


def _by_month(found: Found, grown: Growing) -> dict[str, Any]:
    many, kept = len(found.cells.names), grown.whole.judged
    z = np.full((many, len(found.months)), np.nan)
    z[kept] = grown.found.z
    trend = {name: np.full(many, np.nan) for name in ("tau", "p", "slope")}
    for name, column in trend.items():
        column[kept] = getattr(grown.found.trend, name)
    codes = [emerging.PATTERNS[one] for one in grown.pattern.tolist()]
    return {
        "pattern": codes,
        "pattern_text": [_(emerging.LABELS[code]) for code in codes],
        "trend_tau": trend["tau"],
        "trend_p": trend["p"],
        "trend_slope": trend["slope"],
        "counts": found.counts.astype(np.int64),
        "z_by_month": z,
    }


def write_cells(path: Path, found: Found) -> None:
    """Write a row a cell to a GeoPackage, GeoJSON (EPSG:4326) or CSV file; months have a column each."""
    flat = [{name: value for name, value in row.items() if not isinstance(value, list)} for row in rows(found)]
    cells = geopandas.GeoDataFrame(flat, geometry=found.cells.outlines, crs=found.cells.crs)
    for at, month in enumerate(found.months):
        cells[f"cases_{month}"] = found.counts[:, at].astype(np.int64)
    if path.suffix.lower() == ".csv":
        cells.drop(columns="geometry").to_csv(path, index=False)
        return
    if found.cells.crs:
        cells = cells.to_crs(4326)
    driver = "GPKG" if path.suffix.lower() == ".gpkg" else "GeoJSON"
    cells.to_file(path, layer="cells", driver=driver, engine="pyogrio")
