"""Files of a scan: cases, populations and places; what does not fit is an error or a finding by file, row and field."""

from dataclasses import dataclass, field
from datetime import date
from pathlib import Path
from typing import Any

import numpy as np
import pandas as pd
from numpy.typing import NDArray

from geo.errors import BadInput
from geo.exchange.plain_tables import EMPTY, LEFT_OUT, TWICE, Column, read_numbered_table
from geo.exchange.scan_dates import Span, Unit, counted_on, period_days, short_first, span, whole_units
from geo.exchange.siting_files import UNKNOWN
from geo.exchange.spellings import plain
from geo.hotspots.scan_expected import person_days, standardised
from geo.i18n import N_, _, day, listed, number
from geo.store.texts import shown

Ints = NDArray[np.int64]
Floats = NDArray[np.float64]
Flags = NDArray[np.bool_]

PLACES = (
    Column("place", "id", required=True),
    Column("lon", "number", low=-180, high=180),
    Column("lat", "number", low=-90, high=90),
    Column("x", "number"),
    Column("y", "number"),
)
PLACE, DATE = Column("place", "id", required=True, repeat=True), Column("date", "id", repeat=True)
DATED = Column("date", "id", required=True, repeat=True)
COUNT, PEOPLE = Column("count", "number", required=True, low=0), Column("population", "number", required=True, low=0)
MOST_CELLS = 50_000_000
LISTED, NAMED = 200, 20

NO_POSITION = N_("{file}: row {row}: {id} has no lon and lat, or no x and y as other places have. Fill them in.")
FRACTION = N_("{file}: row {row}: count is {value}, which is not a whole number. Correct it, then try again.")
NO_DATE = N_("{file}: row {row}: date is {value}, which is no date. Write it as 2026, 2026-11 or 2026-11-23.")
TOO_WIDE = N_(
    "{file}: row {row}: date is {value}, which is in no single period of the study ({unit}). "
    "Give the day, or choose a longer unit."
)
NO_CASES = N_("{file} has no case within the dates. Check the dates, or give another file.")
NO_STUDY = N_("{file} has dates and the cases have none. Say which time the cases are from, with --start and --end.")
NOBODY = N_("{file}: row {row}: {id} has cases, but {other} has nobody of that kind there then. Correct one of them.")
BACKWARDS = N_("The study ends on {end}, before it starts on {start}. Exchange the dates.")
TOO_MANY = N_("{places} places in {periods} periods are too many. Choose a longer unit, or a shorter time.")
OUTSIDE = N_("{file}: {count} cases lie outside of {start} to {end} and are left out, such as row {row}.")
NO_PEOPLE = N_("{file}: {count} places of {other} have no population, so that no case is expected there: {names}.")
STRANGERS = N_("{file}: {count} rows are about places not in {other} and are left out, such as row {row}: {name}.")
NOT_ADJUSTED = N_("{file}: these columns are not in {other}, so that nothing is adjusted for them: {columns}.")
SHORT_FIRST = N_("The first period is shorter than the others: it begins on {start}.")
UNIT_WORDS: dict[Unit, str] = {"day": N_("day"), "week": N_("week"), "month": N_("month"), "year": N_("year")}


@dataclass(frozen=True)
class Asked:
    """The files of a scan, its unit of time and its dates, where they are given; spatial scans need no dates."""

    cases: Path
    population: Path
    places: Path
    unit: Unit
    start: date | None = None
    end: date | None = None
    spatial: bool = False


@dataclass(frozen=True)
class Noted:
    """What was noticed: findings (rows left out or doubtful), and remarks that are worth knowing."""

    findings: list[dict[str, Any]] = field(default_factory=list)
    remarks: list[str] = field(default_factory=list)

    def find(self, code: str, where: "Rows", column: str, text: str) -> None:
        """Note a finding about rows of a file, of which the first are listed."""
        about = {"file": where.file, "field": column, "count": len(where.rows)}
        self.findings.append({"code": code, **about, "rows": where.rows[:LISTED].tolist(), "text": text})


@dataclass(frozen=True)
class Study:
    """What the files say.

    ids (places,); positions (places, 2): lon, lat in degrees, or x, y; cases, expected (places, periods); people
    (places,): the mean population; bounds (periods + 1,): ordinals of first days, None where nothing is dated;
    strata: columns adjusted for.
    """

    ids: NDArray[np.object_]
    positions: Floats
    great_circle: bool
    cases: Ints
    expected: Floats
    people: Floats
    bounds: list[int] | None
    strata: tuple[str, ...]
    noted: Noted


@dataclass(frozen=True)
class Rows:
    """Rows about places: the frame, each row's place, the rows' numbers and the file a person knows them by."""

    frame: pd.DataFrame
    place: Ints
    rows: Ints
    file: str

    def at(self, wrong: Flags, column: str) -> dict[str, Any]:
        """Return what an error says about the first wrong row."""
        first = int(np.argmax(wrong))
        return {
            "file": self.file,
            "row": int(self.rows[first]),
            "value": shown(str(self.frame[column].iloc[first])),
        }

    def where(self, keep: Flags) -> "Rows":
        """Return some of the rows."""
        return Rows(self.frame[keep].reset_index(drop=True), self.place[keep], self.rows[keep], self.file)


def read_study(asked: Asked) -> Study:
    """Return the counts and expected cases of three files (CSV, Parquet or GeoPackage).

    Raises BadInput naming file, row, field and what to do; what can be left out without harm is a finding.
    """
    table, numbers = read_numbered_table(asked.places, PLACES)
    places = Rows(table, np.arange(len(table)), numbers, asked.places.name)
    positions, great_circle = _positions(places)
    noted = Noted()
    strata = _strata(asked, noted)
    cases = _cases(asked, strata, places)
    people = _people(asked, strata, places, noted)
    spans = _spans(cases)
    bounds = _bounds(asked, spans, noted)
    period = _periods(asked, cases, spans, bounds)
    cases, period = _inside(cases, period, bounds, noted)
    kind, living_kind = _kinds(cases, people, strata)
    size = (len(table), 1 + int(max(kind.max(initial=0), living_kind.max(initial=0))), len(bounds or [0, 1]) - 1)
    days = _days(people, living_kind, size, bounds)
    _somebody(cases, days[cases.place, kind, period] <= 0, asked)
    _nobody(places, days.sum(axis=(1, 2)) <= 0, asked, noted)
    count = cases.frame["count"].to_numpy(np.float64)
    counts = np.zeros((size[0], size[2]))
    np.add.at(counts, (cases.place, period), count)
    expected = standardised(np.bincount(kind, count, minlength=size[1]).astype(np.float64), days)
    lived = days.sum(axis=(1, 2)) / (bounds[-1] - bounds[0] if bounds else 1)
    ids = table["place"].to_numpy(dtype=object)
    return Study(ids, positions, great_circle, counts.astype(np.int64), expected, lived, bounds, strata, noted)


def _positions(places: Rows) -> tuple[Floats, bool]:
    """Return lon, lat where a place has them, else x, y; all places have the same."""
    degrees, plane = (places.frame[list(pair)].to_numpy(np.float64) for pair in (("lon", "lat"), ("x", "y")))
    great_circle = bool(np.isfinite(degrees).all(axis=1).any())
    chosen = degrees if great_circle else plane
    lacking = ~np.isfinite(chosen).all(axis=1)
    if lacking.any():
        told = places.at(lacking, "place")
        raise BadInput(NO_POSITION, file=told["file"], row=told["row"], id=told["value"])
    return np.ascontiguousarray(chosen), great_circle


def _strata(asked: Asked, noted: Noted) -> tuple[str, ...]:
    """Return the further columns that cases and population share, by their name in the cases."""
    left = []
    for path, wanted in ((asked.cases, COUNT), (asked.population, PEOPLE)):
        left.append(read_numbered_table(path, (PLACE, DATE, wanted))[0].attrs[LEFT_OUT])
    common = {plain(name) for name in left[0]} & {plain(name) for name in left[1]}
    names = (asked.cases.name, asked.population.name)
    for file, other, columns in ((*names, left[0]), (*reversed(names), left[1])):
        alone = [name for name in columns if plain(name) not in common]
        if alone:
            noted.remarks.append(_(NOT_ADJUSTED, file=file, other=other, columns=listed(alone)))
    return tuple(name for name in left[0] if plain(name) in common)


def _read(path: Path, columns: tuple[Column, ...], strata: tuple[str, ...], places: Rows) -> Rows:
    further = tuple(Column(name, "id", required=True, repeat=True) for name in strata)
    frame, rows = read_numbered_table(path, (PLACE, *columns, *further))
    given = Rows(frame, pd.Index(places.frame["place"]).get_indexer(frame["place"]).astype(np.int64), rows, path.name)
    undated = frame["date"].isna().to_numpy()
    if undated.any() and not undated.all():
        raise BadInput(EMPTY, file=path.name, row=given.at(undated, "date")["row"], field="date")
    return given


def _cases(asked: Asked, strata: tuple[str, ...], places: Rows) -> Rows:
    cases = _read(asked.cases, (DATE if asked.spatial else DATED, COUNT), strata, places)
    broken = (cases.frame["count"] % 1 != 0).to_numpy()
    if broken.any():
        raise BadInput(FRACTION, **cases.at(broken, "count"))
    strange = cases.place < 0
    if strange.any():
        raise BadInput(UNKNOWN, **cases.at(strange, "place"), field="place", other=places.file)
    return cases


def _people(asked: Asked, strata: tuple[str, ...], places: Rows, noted: Noted) -> Rows:
    people = _read(asked.population, (DATE, PEOPLE), strata, places)
    strange = people.place < 0
    if strange.any():
        told = people.at(strange, "place")
        values = {"file": told["file"], "row": told["row"], "name": told["value"], "other": places.file}
        text = _(STRANGERS, count=number(int(strange.sum())), **values)
        noted.find("unknown_place", people.where(strange), "place", text)
    known = people.where(~strange)
    same = ["place", "date", *strata]
    twice = known.frame.duplicated(same).to_numpy()
    if twice.any() and not people.frame.attrs.get(LEFT_OUT):
        told = known.at(twice, "place")
        first = (known.frame[same].fillna("") == known.frame[same].fillna("").iloc[int(np.argmax(twice))]).all(axis=1)
        raise BadInput(TWICE, **told, field="place", other=int(known.rows[int(np.argmax(first.to_numpy()))]))
    return known


def _spans(rows: Rows) -> list[Span] | None:
    """Return the first and last day of every row's date; None where no row has one."""
    text = rows.frame["date"]
    if text.isna().all():
        return None
    meant = {value: span(str(value)) for value in text.unique()}
    wrong = text.map(lambda value: meant[value] is None).to_numpy(dtype=bool)
    if wrong.any():
        raise BadInput(NO_DATE, **rows.at(wrong, "date"))
    return [found for value in text if (found := meant[value]) is not None]


def _bounds(asked: Asked, spans: list[Span] | None, noted: Noted) -> list[int] | None:
    """Return the first day of every period and the day after the last; None where nothing is dated."""
    start, end = asked.start, asked.end
    if spans:
        early, late = min(first for first, _last in spans), max(last for _first, last in spans)
        early, late = whole_units(early, late, "day" if asked.spatial else asked.unit)
        start, end = start or early, end or late
    if start is None or end is None:
        return None
    if start > end:
        raise BadInput(BACKWARDS, start=day(start), end=day(end))
    if asked.spatial:
        return [start.toordinal(), end.toordinal() + 1]
    bounds = period_days(start, end, asked.unit)
    if short_first(bounds, asked.unit):
        noted.remarks.append(_(SHORT_FIRST, start=day(start)))
    return bounds


def _periods(asked: Asked, cases: Rows, spans: list[Span] | None, bounds: list[int] | None) -> Ints:
    """Return each case row's period, -1 outside of the study."""
    if spans is None or bounds is None:
        return np.zeros(len(cases.rows), dtype=np.int64)
    ends = np.array([(first.toordinal(), last.toordinal()) for first, last in spans], dtype=np.int64).reshape(-1, 2)
    first, last = (np.searchsorted(bounds, side_days, side="right") - 1 for side_days in ends.T)
    outside = (last < 0) | (first >= len(bounds) - 1)
    wide = ~outside & (first != last)
    if wide.any():
        raise BadInput(TOO_WIDE, **cases.at(wide, "date"), unit=_(UNIT_WORDS[asked.unit]))
    return np.where(outside, -1, first).astype(np.int64)


def _inside(cases: Rows, period: Ints, bounds: list[int] | None, noted: Noted) -> tuple[Rows, Ints]:
    """Return the case rows within the study and their periods."""
    outside = period < 0
    if outside.any() and bounds:
        start, end = day(date.fromordinal(bounds[0])), day(date.fromordinal(bounds[-1] - 1))
        lost = number(float(cases.frame["count"][outside].sum()))
        row = cases.at(outside, "date")["row"]
        text = _(OUTSIDE, file=cases.file, count=lost, start=start, end=end, row=row)
        noted.find("outside_dates", cases.where(outside), "date", text)
    some = ~outside & (cases.frame["count"].to_numpy() > 0)
    if not some.any():
        raise BadInput(NO_CASES, file=cases.file)
    return cases.where(some), period[some]


def _kinds(cases: Rows, people: Rows, strata: tuple[str, ...]) -> tuple[Ints, Ints]:
    """Return the stratum of every case row and every population row, numbered together."""
    if not strata:
        return np.zeros(len(cases.rows), np.int64), np.zeros(len(people.rows), np.int64)
    both = pd.concat([cases.frame[list(strata)], people.frame[list(strata)]], ignore_index=True)
    kind = both.groupby(list(strata), sort=True).ngroup().to_numpy(np.int64)
    return kind[: len(cases.rows)], kind[len(cases.rows) :]


def _days(people: Rows, kind: Ints, size: tuple[int, int, int], bounds: list[int] | None) -> Floats:
    """Return person-days by place, stratum and period."""
    places, kinds, periods = size
    if places * kinds * periods > MOST_CELLS:
        raise BadInput(TOO_MANY, places=number(places * kinds), periods=number(periods))
    spans = _spans(people)
    if spans and bounds is None:
        raise BadInput(NO_STUDY, file=people.file)
    edges = np.array(bounds or [0, 1], dtype=np.float64)
    dated = [counted_on(one).toordinal() for one in spans] if spans else [0] * len(people.rows)
    rows = pd.DataFrame({"group": people.place * kinds + kind, "day": dated, "people": people.frame["population"]})
    rows = rows.groupby(["group", "day"], as_index=False)["people"].sum()
    group, when = rows["group"].to_numpy(np.int64), rows["day"].to_numpy(np.float64)
    days = np.zeros((places * kinds, periods))
    found = person_days(group, when, rows["people"].to_numpy(np.float64), edges)
    days[: len(found)] = found
    return days.reshape(places, kinds, periods)


def _somebody(cases: Rows, lacking: Flags, asked: Asked) -> None:
    """Raise BadInput for cases where nobody lives."""
    if lacking.any():
        told = cases.at(lacking, "place")
        raise BadInput(NOBODY, file=told["file"], row=told["row"], id=told["value"], other=asked.population.name)


def _nobody(places: Rows, empty: Flags, asked: Asked, noted: Noted) -> None:
    if empty.any():
        names = places.frame["place"][empty].tolist()
        told = listed(names[:NAMED]) + (" …" if len(names) > NAMED else "")
        text = _(NO_PEOPLE, file=asked.population.name, count=number(len(names)), other=places.file, names=told)
        noted.find("no_population", places.where(empty), "place", text)
