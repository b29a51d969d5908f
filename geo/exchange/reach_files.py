"""The answer of ``yizhan reach`` as a file: one row a walk, and one without a target for who reaches none."""

from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path
from typing import IO, Any

import numpy as np
import numpy.typing as npt
import pyarrow as pa
import pyarrow.csv
import pyarrow.parquet as pq

from geo.coverage.reach import REACHED, Rows
from geo.errors import BadInput
from geo.exchange.downloads import harmless
from geo.i18n import N_

SCHEMA = pa.schema(
    [("origin", pa.string()), ("target", pa.string()), ("metres", pa.float64()), ("minutes", pa.float64())]
)
ENDINGS = (".csv", ".parquet")
NO_ENDING = N_("{path} ends in neither .csv nor .parquet. Name the file so.")
NO_FOLDER = N_("{path} cannot be written: name a file in a folder that exists.")
SECONDS = 60
QUOTED = frozenset(',"\r\n')
Names = npt.NDArray[np.object_]


def checked_target(path: Path) -> Path:
    """Return the path when it can be written; raises BadInput for another ending or a folder that is not there."""
    if path.suffix.lower() not in ENDINGS:
        raise BadInput(NO_ENDING, path=path)
    if not path.absolute().parent.is_dir() or path.is_dir():
        raise BadInput(NO_FOLDER, path=path)
    return path


@contextmanager
def written_whole(path: Path, *names: Names) -> Iterator[Any]:
    """Give the writer of tables of walks between places of these names; the file is there once all of it is written."""
    half = path.with_name(f".{path.name}.half")
    try:
        with half.open("wb") as file:
            with pq.ParquetWriter(file, SCHEMA) if path.suffix.lower() == ".parquet" else _csv(file, names) as writer:
                yield writer
        half.replace(path)
    except OSError as error:
        raise BadInput(NO_FOLDER, path=path) from error
    finally:
        half.unlink(missing_ok=True)


def _csv(file: IO[bytes], names: tuple[Names, ...]) -> Any:
    """Return a writer that quotes texts only where one of the names needs it."""
    file.write(",".join(SCHEMA.names).encode() + b"\n")
    quoted = any(set(name) & QUOTED for group in names for name in group.tolist())
    style = "needed" if quoted else "none"
    options = pyarrow.csv.WriteOptions(include_header=False, quoting_style=style)
    return pyarrow.csv.CSVWriter(file, SCHEMA, write_options=options)


def names_for(path: Path, ids: Names) -> Names:
    """Return ids as the file may hold them: in CSV none that a spreadsheet would run as a formula; numbers stay.

    >>> names_for(Path("reach.csv"), np.array(["a", "-12", "=1+1"], dtype=object)).tolist()
    ['a', '-12', "'=1+1"]
    """
    if path.suffix.lower() == ".parquet":
        return ids
    return np.array([name if _is_number(name) else harmless(name) for name in ids.tolist()], dtype=object)


def _is_number(text: str) -> bool:
    try:
        float(text)
    except ValueError:
        return False
    return True


def table_of(rows: Rows, origins: Names, targets: Names, speed_m_s: float) -> pa.Table:
    """Return walks as a table with origin, target, metres, minutes; who reaches nothing has a row without the rest."""
    alone = np.flatnonzero(rows.cause != REACHED) + rows.first
    origin = np.concatenate((rows.origin, alone))
    order = np.argsort(origin, kind="stable")
    target = np.concatenate((targets[rows.target], np.full(len(alone), None, dtype=object)))[order]
    metres = np.concatenate((rows.metres, np.full(len(alone), np.nan)))[order]
    columns = [
        pa.array(origins[origin[order]], pa.string()),
        pa.array(target, pa.string()),
        pa.array(metres, pa.float64(), from_pandas=True),
        pa.array(metres / speed_m_s / SECONDS, pa.float64(), from_pandas=True),
    ]
    return pa.Table.from_arrays(columns, schema=SCHEMA)
