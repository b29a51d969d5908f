"""Studies of the coverage as the page shows them: which there are, what one found, and what is odd about the roads."""

from dataclasses import dataclass

import pandas as pd

from geo.briefing.coverage_arrays import COVERAGE
from geo.briefing.overview import Stand
from geo.coverage.oddities import Oddity
from geo.coverage.reach_study import load_doors, walks
from geo.coverage.study import findings
from geo.planning.studies import StudyView
from geo.planning.study_reads import studies, study, study_frame
from geo.store.session import reading

KINDS = ("coverage", "what_if")


@dataclass(frozen=True)
class KeptStudy:
    """A kept study with its rows."""

    view: StudyView
    frame: pd.DataFrame

    @property
    def titles(self) -> list[str]:
        """Return the names of the columns."""
        return [str(name) for name in self.frame.columns]

    @property
    def rows(self) -> list[list[float | int | str]]:
        """Return the rows as plain values."""
        return [list(row) for row in self.frame.itertuples(index=False)]


def kept_studies(stand: Stand) -> list[StudyView]:
    """Return the studies of coverage and of what-if the actor may see, newest first."""
    with reading(stand.reader) as connection:
        found = [view for kind in KINDS for view in studies(connection, kind)]
    return sorted(found, key=lambda view: view.made_at, reverse=True)


def opened_study(stand: Stand, study_id: int) -> KeptStudy:
    """Return one study with its rows; raises NotFound for one the actor does not see."""
    with reading(stand.reader) as connection:
        return KeptStudy(study(connection, study_id), study_frame(connection, study_id))


_odd: dict[tuple[int, int, str], list[Oddity]] = {}


def odd_roads(stand: Stand) -> list[Oddity]:
    """Return what is odd about the walking network and the entrances on it."""
    key = stand.places, stand.base, stand.sees
    if key not in _odd:
        chain = COVERAGE.study(stand.reader, stand.on)
        with reading(stand.reader) as connection:
            way = walks(connection)
            doors = load_doors(connection, way, chain.inputs.places.unit_building)
        _odd.clear()
        _odd[key] = findings(way, chain, doors)
    return _odd[key]
