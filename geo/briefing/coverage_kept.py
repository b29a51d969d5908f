"""The map as a kept study saw it: the gap of every door then, on the buildings of today."""

import numpy as np
import pandas as pd
from sqlalchemy import Connection

from geo.briefing.coverage_paint import GRAVEST_FIRST, Asked, Painted
from geo.briefing.coverage_tallies import Codes, gravest
from geo.coverage.chain_study import ChainStudy, positions
from geo.coverage.duty_inputs import Gap
from geo.planning.study_reads import study as study_view
from geo.planning.study_reads import study_frame


def paint_kept(connection: Connection, study: ChainStudy, asked: Asked) -> Painted:
    """Return what a study found then; doors it does not know are unknown. Raises NotFound for one that is not seen.

    A study of what-if keeps the buildings that would change: the others are as they are today.
    """
    view = study_view(connection, asked.study_id or 0)
    frame = study_frame(connection, view.id)
    if view.kind == "what_if":
        return _tried(study, asked, frame)
    part_class = _parts_then(study, frame) if "unit_id" in frame else np.zeros_like(study.part_gap)
    worst = gravest(study.chain.parts, part_class, GRAVEST_FIRST["duty"], len(study.ids.buildings))
    return Painted(asked, study, part_class, worst)


def _tried(study: ChainStudy, asked: Asked, frame: pd.DataFrame) -> Painted:
    gaps = study.building_gap.copy()
    at = positions(study.ids.buildings, frame["building_id"].to_numpy(np.int64))
    gaps[at[at >= 0]] = frame["gap"].to_numpy(np.uint8)[at >= 0]
    return Painted(asked, study, study.part_gap, gaps)


def _parts_then(study: ChainStudy, frame: pd.DataFrame) -> Codes:
    parts = study.chain.parts
    units = np.append(study.ids.units, -1)[parts.unit]
    now = pd.MultiIndex.from_arrays([study.ids.buildings[parts.building], units])
    then = pd.MultiIndex.from_frame(frame[["building_id", "unit_id"]])
    at = then.get_indexer(now)
    return np.where(at >= 0, frame["gap"].to_numpy(np.uint8)[at], np.uint8(Gap.UNKNOWN)).astype(np.uint8)
