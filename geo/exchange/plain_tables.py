"""Tables commands work on without a database: CSV, Parquet, GeoPackage; faults are named by file, row and field."""

from collections.abc import Sequence
from dataclasses import dataclass
from pathlib import Path
from typing import Any, Literal

import numpy as np
import numpy.typing as npt
import pandas as pd
import shapely
from pyproj import CRS, Transformer
from pyproj.exceptions import CRSError

from geo.errors import BadInput
from geo.exchange import sheets
from geo.exchange.content import Content
from geo.exchange.located import POSITION_COLUMNS
from geo.exchange.readers import Layer, opened, read_layer
from geo.exchange.spellings import NO, YES, plain
from geo.exchange.values import text_column
from geo.i18n import N_, listed
from geo.store.texts import shown

Kind = Literal["id", "number", "flag", "words"]
STORED = "EPSG:4326"
LEFT_OUT, GIVEN = "left_out", "given"
SEVERAL = N_("{file} holds several layers ({layers}). Give a file with one of them.")
LACKS = N_("{file} has no column {field}. It needs: {needed}.")
EMPTY = N_("{file}: row {row} has no {field}. Fill it in, then try again.")
NO_NUMBER = N_("{file}: row {row}: {field} is {value}, which is not a number. Correct it, then try again.")
NO_FLAG = N_("{file}: row {row}: {field} is {value}, which is neither yes nor no. Correct it, then try again.")
TOO_LOW = N_("{file}: row {row}: {field} is {value}; the least is {bound}. Correct it, then try again.")
TOO_HIGH = N_("{file}: row {row}: {field} is {value}; the most is {bound}. Correct it, then try again.")
TWICE = N_("{file}: row {row}: {field} {value} stands in row {other} already. Every row needs its own.")
NOWHERE = N_("{file}: row {row} has no place. Give it a geometry, then try again.")
NO_CRS = N_("{file} does not say in which coordinate system it is. Export it again with its system.")
REFUSED = N_("{file}: row {row}: {reason}")


@dataclass(frozen=True)
class Column:
    """A column a command reads: name, kind, whether every row must have it, least and largest number.

    Ids are unique within the file unless they may `repeat` (the ends of edges do).
    """

    name: str
    kind: Kind
    required: bool = False
    low: float | None = None
    high: float | None = None
    repeat: bool = False


POINT = (
    Column("id", "id", required=True),
    Column("lon", "number", required=True, low=-180, high=180),
    Column("lat", "number", required=True, low=-90, high=90),
)
"""What every list of places has."""


def read_plain_table(path: Path, columns: Sequence[Column]) -> pd.DataFrame:
    """Return the columns of a CSV, Parquet or GeoPackage file as a frame, a row each; other columns are left out.

    id: str (None where empty); number: float64 (NaN where empty); flag: bool (False where empty); words: a tuple of
    texts that are separated by ; or | in the file. A file with geometries gives lon and lat (EPSG:4326, the middle of
    what is no point) when such columns are asked for, and x and y beside them when its system is projected. The names
    of columns that were left out are in the frame's attrs, under LEFT_OUT, and of those the file has under GIVEN.

    Raises BadInput naming the file, the row (as a spreadsheet counts: the header is row 1; features from 1), the field
    and what to do: a column is missing, a required cell is empty, a value does not fit, an id stands twice.
    """
    return read_numbered_table(path, columns)[0]


def read_numbered_table(path: Path, columns: Sequence[Column]) -> tuple[pd.DataFrame, npt.NDArray[np.int64]]:
    """Return what `read_plain_table` does, and for each row its number as a person sees it in the file."""
    with opened(path, path.name) as layers:
        if len(layers) > 1:
            raise BadInput(SEVERAL, file=path.name, layers=listed(layer.name for layer in layers))
        content = _content(layers[0], columns)
    return _table_of(content, columns, path.name), content.rows


def _table_of(content: Content, columns: Sequence[Column], name: str) -> pd.DataFrame:
    for finding in content.findings:
        if finding.outcome == "refused":
            raise BadInput(REFUSED, file=name, row=finding.row, reason=finding.text())
    raw, extra = _with_positions(content, columns, name)
    found = _matched(list(raw.columns), columns)
    _complete(found, columns, name)
    table: dict[str, Any] = {}
    for column in columns:
        given = raw[found[column.name]] if column.name in found else None
        table[column.name] = _typed(given, column, content.rows, name)
    frame = pd.DataFrame(table | extra)
    frame.attrs[GIVEN] = tuple(found)
    frame.attrs[LEFT_OUT] = tuple(str(column) for column in raw.columns if column not in found.values())
    return frame


def _content(layer: Layer, columns: Sequence[Column]) -> Content:
    source = layer.source
    if source.format != "csv":
        return read_layer(layer)
    known = {plain(name) for column in columns for name in _names(column)}
    table = sheets.read_csv(source.path, source.name, frozenset(known))
    return Content(table.columns, None, table.rows, None, table.findings)


def _names(column: Column) -> tuple[str, ...]:
    return (column.name, *POSITION_COLUMNS.get(column.name, ()))


def _matched(names: list[str], columns: Sequence[Column]) -> dict[str, str]:
    by_plain = {plain(name): name for name in reversed(names)}
    asked = {plain(column.name) for column in columns}
    found = {}
    for column in columns:
        others = asked - {plain(column.name)}
        words = [plain(word) for word in _names(column)]
        match = next((by_plain[word] for word in words if word in by_plain and word not in others), None)
        if match is not None:
            found[column.name] = match
    return found


def _complete(found: dict[str, str], columns: Sequence[Column], name: str) -> None:
    needed = [column.name for column in columns if column.required]
    lacking = [field for field in needed if field not in found]
    if lacking:
        raise BadInput(LACKS, file=name, field=listed(lacking), needed=listed(needed))


def _with_positions(content: Content, columns: Sequence[Column], name: str) -> tuple[pd.DataFrame, dict[str, Any]]:
    wanted = {"lon", "lat"} <= {column.name for column in columns}
    if content.geometry is None or not wanted:
        return content.columns, {}
    empty = shapely.is_missing(content.geometry) | shapely.is_empty(content.geometry)
    if empty.any():
        raise BadInput(NOWHERE, file=name, row=int(content.rows[np.argmax(empty)]))
    if content.crs is None:
        raise BadInput(NO_CRS, file=name)
    x, y = shapely.get_coordinates(shapely.centroid(content.geometry)).T
    try:
        system = CRS.from_user_input(content.crs)
    except CRSError as error:
        raise BadInput(NO_CRS, file=name) from error
    lon, lat = Transformer.from_crs(system, STORED, always_xy=True).transform(x, y)
    extra = {"x": x, "y": y} if system.is_projected else {}
    others = content.columns.drop(columns=["lon", "lat"], errors="ignore")
    return others.assign(lon=lon, lat=lat), extra


def _typed(raw: pd.Series | None, column: Column, rows: npt.NDArray[np.int64], name: str) -> Any:
    if raw is None:
        nothing: dict[Kind, Any] = {"id": None, "number": np.nan, "flag": False, "words": ()}
        return pd.Series([nothing[column.kind]] * len(rows))
    cells = _Cells(text_column(raw), column, rows, name)
    if column.required:
        cells.stop_at(cells.text.isna(), EMPTY)
    if column.kind == "number":
        return cells.numbers(raw)
    if column.kind == "flag":
        return cells.flags()
    if column.kind == "id" and not column.repeat:
        cells.stand_once()
    values = cells.text.astype(object).where(cells.text.notna(), None)
    return values.map(_split) if column.kind == "words" else values


@dataclass(frozen=True)
class _Cells:
    """The cells of one column as text, with the rows and the file a person knows them by."""

    text: pd.Series
    column: Column
    rows: npt.NDArray[np.int64]
    file: str

    def stop_at(self, wrong: pd.Series, message: str, **more: object) -> None:
        """Raise BadInput for the first row that is wrong."""
        where = wrong.to_numpy(dtype=bool, na_value=False)
        if where.any():
            first = int(np.argmax(where))
            told = {"file": self.file, "row": int(self.rows[first]), "field": self.column.name}
            raise BadInput(message, value=shown(str(self.text.iloc[first])), **told, **more)

    def numbers(self, raw: pd.Series) -> pd.Series:
        if pd.api.types.is_float_dtype(raw.dtype):
            numbers = raw.astype("float64")
        else:
            numbers = pd.to_numeric(self.text, errors="coerce").astype("Float64").astype("float64")
        self.stop_at(self.text.notna() & ~np.isfinite(numbers), NO_NUMBER)
        low, high = self.column.low, self.column.high
        if low is not None:
            self.stop_at(numbers < low, TOO_LOW, bound=f"{low:g}")
        if high is not None:
            self.stop_at(numbers > high, TOO_HIGH, bound=f"{high:g}")
        return numbers

    def flags(self) -> pd.Series:
        said = self.text.str.casefold()
        yes = said.isin(YES)
        self.stop_at(self.text.notna() & ~yes & ~said.isin(NO), NO_FLAG)
        return yes.astype(bool)

    def stand_once(self) -> None:
        twice = self.text.duplicated() & self.text.notna()
        if twice.any():
            value = self.text[twice].iloc[0]
            self.stop_at(twice, TWICE, other=int(self.rows[np.argmax((self.text == value).to_numpy(na_value=False))]))


def _split(value: str | None) -> tuple[str, ...]:
    parts = (value or "").replace("|", ";").replace("；", ";").split(";")
    return tuple(part.strip() for part in parts if part.strip())
