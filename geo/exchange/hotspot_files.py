"""Files for hotspots: points of cases with date, address and category, and areas with the people who live there."""

from dataclasses import dataclass, field
from datetime import UTC, date
from pathlib import Path
from typing import Any

import numpy as np
import pandas as pd
import shapely
from numpy.typing import NDArray
from pyproj import CRS, Transformer
from pyproj.exceptions import CRSError

from geo.errors import BadInput
from geo.exchange.moments import is_day_first, parsed_moment
from geo.exchange.plain_tables import NO_CRS, SEVERAL, STORED, Column, read_numbered_table
from geo.exchange.readers import opened, read_layer
from geo.exchange.scan_dates import span
from geo.exchange.spellings import plain
from geo.exchange.values import text_column
from geo.hotspots.geocodes import Defaults, default_points
from geo.i18n import N_, _, listed, number
from geo.store.texts import shown

Floats = NDArray[np.float64]
Flags = NDArray[np.bool_]
LISTED = 200
POINT = 0
"""The number shapely knows points by."""

DATES = ("date", "created_at", "createddate", "created_date", "received_at", "requested_datetime", "日期", "受理时间")
ADDRESSES = ("address", "地址", "street_address")
CATEGORIES = ("category", "requesttype", "request_type", "service_name", "类别", "type")
PLACE = (
    Column("lon", "number", low=-180, high=180),
    Column("lat", "number", low=-90, high=90),
    Column("x", "number"),
    Column("y", "number"),
)
NAMES = ("id", "code", "name", "council_name", "名称")

NO_PLACES = N_("{file} has no coordinates. It needs lon and lat in degrees, or x and y in metres.")
NO_COLUMN = N_("{file} has no column {field}. It has: {columns}.")
NO_DATE = N_("{file}: row {row}: {field} is {value}, which is no date. Write it as 2026-11-23.")
NO_DATES = N_("{file} has no column of dates. It needs one named date.")
NO_CATEGORIES = N_("{file} has no column of categories. It needs one named category.")
NO_OUTLINE = N_("{file}: row {row} is no area. Give outlines (polygons), or points without areas.")
NO_NUMBER = N_("{file}: row {row}: {field} is {value}, which is not a number from 0 up. Correct it, then try again.")
OTHER_SYSTEM = N_(
    "{points} has x and y in metres, but {areas} is in degrees. Give points in lon and lat, or areas in metres."
)
LEFT_OUT = {
    "no_point": N_("{count} rows have no point."),
    "null_point": N_("{count} rows lie at 0, 0, which is how missing coordinates are often written."),
    "no_date": N_("{count} rows have no date."),
    "other_time": N_("{count} rows are from another time."),
    "other_category": N_("{count} rows are of another category."),
    "default_point": N_("{count} rows lie on {points} default points: many rows of many addresses on one point."),
    "part_month": N_("{count} rows are of a month that is only partly there, which would look quiet."),
    "outside": N_("{count} rows lie outside of every area."),
}


@dataclass(frozen=True)
class Cases:
    """Points of cases: x, y (n,) as the file has them (lon, lat in degrees or metres), and the day (n,) as an ordinal.

    rows (n,): as a person counts them. degrees: are they lon and lat. left_out: rows that are not here, by reason.
    """

    file: str
    x: Floats
    y: Floats
    days: NDArray[np.int64] | None
    rows: NDArray[np.int64]
    degrees: bool
    left_out: list[dict[str, Any]] = field(default_factory=list)

    def only(self, kept: Flags, reason: str, **more: Any) -> "Cases":
        """Return the kept cases, the others noted under a reason of LEFT_OUT."""
        noted = list(self.left_out)
        if not kept.all():
            count = int((~kept).sum())
            words = {"count": number(count)} | ({"points": number(len(more["points"]))} if more else {})
            about = {"reason": reason, "count": count, "text": _(LEFT_OUT[reason], **words)}
            noted.append({**about, "rows": self.rows[~kept][:LISTED].tolist(), **more})
        days = None if self.days is None else self.days[kept]
        return Cases(self.file, self.x[kept], self.y[kept], days, self.rows[kept], self.degrees, noted)


@dataclass(frozen=True)
class Wanted:
    """Which cases are looked at: of one category, from a first to a last day; dated: every case needs a day."""

    category: str | None = None
    first: date | None = None
    last: date | None = None
    dated: bool = False

    @property
    def needs_days(self) -> bool:
        """Tell whether every case needs a day."""
        return self.dated or self.first is not None or self.last is not None


@dataclass(frozen=True)
class Areas:
    """Areas: names (a,), outlines (a,) in the metric system of the points, people (a,), NaN where not known.

    Where they are `points` (buildings), each outline is a point.
    """

    names: list[str]
    outlines: NDArray[np.object_]
    people: Floats
    points: bool = False


def read_cases(path: Path, wanted: Wanted) -> Cases:
    """Return the cases of a CSV, Parquet, GeoPackage or GeoJSON file that are wanted, and what was left out and why.

    The file has lon and lat (EPSG:4326) or x and y (metres); perhaps a date, an address and a category, under these
    names or those that exports use. Rows without a point or on a default point are left out and listed.
    Raises BadInput naming file, row and field for what cannot be read.
    """
    texts = [Column(name, "id", repeat=True) for name in (*DATES, *ADDRESSES, *CATEGORIES)]
    frame, rows = read_numbered_table(path, (*PLACE, *texts))
    degrees = bool(frame["lon"].notna().any() and frame["lat"].notna().any())
    x, y = (frame[name].to_numpy(np.float64) for name in (("lon", "lat") if degrees else ("x", "y")))
    placed = np.isfinite(x) & np.isfinite(y)
    if len(frame) and not placed.any():
        raise BadInput(NO_PLACES, file=path.name)
    days = _days(frame, rows, path.name) if wanted.needs_days else None
    cases = Cases(path.name, x, y, days, rows, degrees)
    given = pd.Series(_filled(frame, ADDRESSES))
    default = default_points(np.where(placed & (x == 0) & (y == 0), np.nan, x), y, given.to_numpy(dtype=object))
    kind = _kinds(frame, path.name, wanted)
    return _chosen(cases, wanted, default, kind)


def _filled(frame: pd.DataFrame, names: tuple[str, ...]) -> pd.Series:
    """Return the first of these columns with anything in it; the first one when there is none."""
    return next((frame[name] for name in names if frame[name].notna().any()), frame[names[0]]).astype(object)


def _kinds(frame: pd.DataFrame, file: str, wanted: Wanted) -> Flags | None:
    if wanted.category is None:
        return None
    told = _filled(frame, CATEGORIES)
    if told.isna().all():
        raise BadInput(NO_CATEGORIES, file=file)
    asked = plain(wanted.category)
    return told.map(lambda text: text is not None and plain(text) == asked).to_numpy(bool)


def _chosen(cases: Cases, wanted: Wanted, default: Defaults, kind: Flags | None) -> Cases:
    steps: list[tuple[str, Flags]] = [
        ("no_point", np.isfinite(cases.x) & np.isfinite(cases.y)),
        ("null_point", ~((cases.x == 0) & (cases.y == 0)) | (not cases.degrees)),
    ]
    if kind is not None:
        steps.append(("other_category", kind))
    if cases.days is not None:
        first = wanted.first.toordinal() if wanted.first else 1
        last = wanted.last.toordinal() if wanted.last else date.max.toordinal()
        steps.append(("no_date", cases.days > 0))
        steps.append(("other_time", (cases.days >= first) & (cases.days <= last)))
    steps.append(("default_point", ~default.row))
    left = np.ones(len(cases.x), bool)
    for reason, good in steps:
        more = {"points": _listed(default)} if reason == "default_point" and (~good[left]).any() else {}
        cases = cases.only(good[left], reason, **more)
        left &= good
    return cases


def _listed(default: Defaults) -> list[dict[str, Any]]:
    order = np.argsort(-default.rows, kind="stable")
    keys = ("x", "y", "rows", "addresses")
    columns = (default.x[order], default.y[order], default.rows[order], default.addresses[order])
    return [dict(zip(keys, one, strict=True)) for one in zip(*(part.tolist() for part in columns), strict=True)]


def _days(frame: pd.DataFrame, rows: NDArray[np.int64], file: str) -> NDArray[np.int64]:
    """Return the ordinal of each row's day, 0 where none is given; raises BadInput for what is no date."""
    name = next((name for name in DATES if frame[name].notna().any()), None)
    if name is None:
        raise BadInput(NO_DATES, file=file)
    told = frame[name].astype(object)
    spelled = told.dropna().unique()
    day_first = bool(is_day_first(spelled))
    found = {text: _day(text, day_first=day_first) for text in spelled}
    days = np.array([0 if text is None else found[text] for text in told.where(told.notna(), None)], np.int64)
    if (days < 0).any():
        at = int(np.argmax(days < 0))
        raise BadInput(NO_DATE, file=file, row=int(rows[at]), field=name, value=shown(str(told.iloc[at])))
    return days


def _day(text: str, *, day_first: bool) -> int:
    """Return the ordinal of the (first) day a cell means, -1 when it means none.

    >>> _day("12/31/2017 11:59:58 PM", day_first=False) == _day("2017-12-31", day_first=False)
    True
    """
    moment = parsed_moment(text, UTC, day_first=day_first)
    if moment is not None:
        return moment.toordinal()
    found = span(text)
    return found[0].toordinal() if found else -1


def read_areas(path: Path, people: str | None, cases: Cases, crs: str | None) -> Areas:
    """Return the areas of a GeoPackage, GeoJSON or other file of outlines, with the numbers of the column `people`.

    With people, points will do, too, as of buildings: of such a file, or of a table with lon and lat or x and y.
    Outlines are turned into the metric system `crs`; without one they must be in metres already, as x and y of the
    cases are. Broken rings are repaired. Raises BadInput naming file, row and field.
    """
    with opened(path, path.name) as layers:
        if len(layers) > 1:
            raise BadInput(SEVERAL, file=path.name, layers=listed(layer.name for layer in layers))
        content = read_layer(layers[0])
    given, declared = (content.geometry, content.crs) if content.geometry is not None else _points_of(path)
    drawn = shapely.make_valid(given)
    points = people is not None and bool(len(drawn)) and bool((shapely.get_type_id(drawn) == POINT).all())
    wrong = shapely.is_empty(drawn) | shapely.is_missing(drawn) | (shapely.get_dimensions(drawn) < (0 if points else 2))
    if not len(drawn):
        raise BadInput(NO_OUTLINE, file=path.name, row=1)
    if wrong.any():
        raise BadInput(NO_OUTLINE, file=path.name, row=int(content.rows[np.argmax(wrong)]))
    outlines = _in_metres(drawn, declared, crs, (cases.file, path.name))
    return Areas(_names(content.columns), outlines, _people(content.columns, content.rows, people, path.name), points)


def _points_of(path: Path) -> tuple[NDArray[np.object_], str | None]:
    """Return the points of a table with lon and lat, or x and y, and their system: None for metres."""
    frame, _rows = read_numbered_table(path, PLACE)
    degrees = bool(frame["lon"].notna().any())
    x, y = (frame[name].to_numpy(np.float64) for name in (("lon", "lat") if degrees else ("x", "y")))
    points = np.full(len(x), None, dtype=object)
    placed = np.isfinite(x) & np.isfinite(y)
    points[placed] = shapely.points(x[placed], y[placed])
    return points, STORED if degrees else None


def _in_metres(
    drawn: NDArray[np.object_], declared: str | None, crs: str | None, files: tuple[str, str]
) -> NDArray[np.object_]:
    try:
        system = CRS.from_user_input(declared) if declared else None
    except CRSError as error:
        raise BadInput(NO_CRS, file=files[1]) from error
    if crs is None:
        if system is not None and not system.is_projected:
            raise BadInput(OTHER_SYSTEM, points=files[0], areas=files[1])
        return drawn
    if system is None:
        raise BadInput(NO_CRS, file=files[1])
    turned = Transformer.from_crs(system, CRS.from_user_input(STORED), always_xy=True)
    metric = Transformer.from_crs(STORED, crs, always_xy=True)
    return shapely.transform(drawn, lambda x, y: metric.transform(*turned.transform(x, y)), interleaved=False)


def _names(columns: pd.DataFrame) -> list[str]:
    by_plain = {plain(name): name for name in columns.columns}
    for name in NAMES:
        if plain(name) in by_plain:
            told = columns[by_plain[plain(name)]]
            if told.notna().all() and told.is_unique:
                return [str(one) for one in told]
    return [str(row) for row in range(1, len(columns) + 1)]


def _people(columns: pd.DataFrame, rows: NDArray[np.int64], people: str | None, file: str) -> Floats:
    if people is None:
        return np.full(len(columns), np.nan)
    name = next((name for name in columns.columns if plain(name) == plain(people)), None)
    if name is None:
        known = listed(str(name) for name in columns.columns)
        raise BadInput(NO_COLUMN, file=file, field=people, columns=known)
    told = text_column(columns[name])
    numbers = pd.to_numeric(told, errors="coerce").to_numpy(np.float64, na_value=np.nan)
    wrong = told.notna().to_numpy() & ~(np.isfinite(numbers) & (numbers >= 0))
    if wrong.any():
        at = int(np.argmax(wrong))
        value = shown(str(told.iloc[at]))
        raise BadInput(NO_NUMBER, file=file, row=int(rows[at]), field=people, value=value)
    return numbers
