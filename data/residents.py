"""How old the people in each building are: old compounds have more of the old, new ones more children."""

import numpy as np

from data.buildings import Buildings
from data.frames import Frame, masked, room_rng
from data.plan import Plan

AGES = ("age_0_17", "age_18_39", "age_40_59", "age_60_69", "age_70_89", "age_90_up")
YOUNG = np.array([0.225, 0.39, 0.265, 0.07, 0.048, 0.002])
OLD = np.array([0.115, 0.205, 0.285, 0.195, 0.188, 0.012])
PERSONS_A_HOUSEHOLD = 2.62


def frame(plan: Plan, buildings: Buildings) -> Frame:
    """Return the rows of the table of residents: none for a tenth of the buildings, some numbers unknown."""
    rng = room_rng(plan.seed, "residents")
    ageing = np.clip((2018 - buildings.year) / 38, 0, 1)
    of_compound = rng.normal(0, 0.12, len(plan.blocks.cell))
    ageing = np.clip(ageing + of_compound[buildings.compound], 0, 1)[:, None]
    share = YOUNG * (1 - ageing) + OLD * ageing
    lived_in = np.where(buildings.year > 2018, 0.72, 0.93)
    people = rng.poisson((buildings.flats * PERSONS_A_HOUSEHOLD * lived_in)[:, None] * share)
    told = (rng.random(buildings.count) > 0.1) & ~buildings.unknown
    rows = np.flatnonzero(told)
    hidden = rng.random((buildings.count, len(AGES))) < 0.015
    counts = {
        age: masked(np.minimum(people[rows, i], 32_000), hidden[rows, i]) for i, age in enumerate(AGES)
    }  # fmt: skip
    community = plan.area_ids(buildings.community[rows])
    return Frame("residents", {"building_id": rows + 1, "community_id": community, **counts})
