"""Whose absence takes most away: the people of the duty chain ranked, with what only they look after."""

from collections.abc import Sequence
from dataclasses import dataclass

from sqlalchemy import text

from geo.briefing.coverage_arrays import COVERAGE
from geo.briefing.overview import Stand
from geo.coverage.absence import Absences, absences
from geo.coverage.chain_study import ChainStudy
from geo.store.session import reading


@dataclass(frozen=True)
class AwayRow:
    """What happens while a person holds none of their posts, in known households; name is None where it is not seen.

    only: households nobody could stand in for; lost: all that lose their head; stations and teams left without anybody.
    """

    person_id: int
    name: str | None
    only: int
    lost: int
    moved: int
    uncounted: int
    stations: int
    teams: int


def ranked_absences(stand: Stand, community_id: int | None, most: int) -> list[AwayRow]:
    """Return the people whose absence takes something away, the gravest first; of a community: who has doors there."""
    study = COVERAGE.study(stand.reader, stand.on)
    found = _absences(study)
    order = found.ranked()
    if community_id is not None:
        there = _heads_of(study, community_id)
        order = order[[int(person) in there for person in order]]
    chosen = order[:most].tolist()
    names = _names(stand, [int(study.ids.persons[at]) for at in chosen])
    return [_row(study, found, at, names) for at in chosen]


def absence_row(stand: Stand, person_id: int) -> AwayRow | None:
    """Return what happens while one person is away, None for somebody who holds nothing here."""
    study = COVERAGE.study(stand.reader, stand.on)
    at = study.person(person_id)
    return None if at is None else _row(study, _absences(study), at, _names(stand, [person_id]))


def _row(study: ChainStudy, found: Absences, at: int, names: dict[int, str]) -> AwayRow:
    person_id = int(study.ids.persons[at])
    return AwayRow(
        person_id,
        names.get(person_id),
        only=int(found.only_households[at]),
        lost=int(found.lost_households[at]),
        moved=int(found.moved_households[at]),
        uncounted=int(found.lost_uncounted[at]),
        stations=int(found.stations[at] + found.without_master[at]),
        teams=int(found.teams[at]),
    )


_last: list[tuple[ChainStudy, Absences]] = []


def _absences(study: ChainStudy) -> Absences:
    for known, found in _last:
        if known is study:
            return found
    found = absences(study.inputs, study.chain, study.limits)
    _last[:] = [(study, found), *_last[:3]]
    return found


def _heads_of(study: ChainStudy, community_id: int) -> set[int]:
    chain, places = study.chain, study.inputs.places
    at = study.ids.communities.searchsorted(community_id)
    in_community = places.building_community[chain.parts.building] == at
    return set(chain.holders.person[in_community & (chain.holders.person >= 0)].tolist())


def _names(stand: Stand, person_ids: Sequence[int]) -> dict[int, str]:
    with reading(stand.reader) as connection:
        rows = connection.execute(
            text("SELECT id, name FROM person WHERE id = ANY (:ids)"), {"ids": list(person_ids)}
        ).all()
    return {row.id: row.name for row in rows}
