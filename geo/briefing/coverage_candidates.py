"""Who could take a vacant post, in words: ranked people with the reasons, and the message to ask them with."""

from dataclasses import dataclass

import numpy as np
from sqlalchemy import Connection, text

from geo.briefing.coverage_arrays import COVERAGE
from geo.briefing.overview import Stand
from geo.coverage.candidates import LeftOut, Near
from geo.coverage.candidates_study import Offers, Short, compounds_short, offers, seat_of, vacant_seats
from geo.i18n import N_, _, number
from geo.people.candidacy_reads import CandidacyView, candidacies
from geo.people.rules import POST_LABELS
from geo.people.volunteer_reads import PairingRow
from geo.store.session import reading

MOST = 20
NEAR_WORDS = {
    Near.SAME_UNIT: N_("lives in this unit"),
    Near.SAME_BUILDING: N_("lives in this building"),
    Near.SAME_COMPOUND: N_("lives in this compound"),
    Near.WALKING: N_("lives near by"),
}
LEFT_OUT_WORDS = {
    LeftOut.CONFLICT: N_("holds a post that does not go with this one"),
    LeftOut.DECLINED: N_("said no, or was not taken, before"),
    LeftOut.NO_HOURS: N_("has no hours left"),
    LeftOut.TOO_MUCH: N_("would carry too many households"),
}


@dataclass(frozen=True)
class Candidate:
    """Somebody who could take a post: name (None where it is not seen), the reasons, and why not (None: nothing)."""

    person_id: int
    name: str | None
    reasons: tuple[str, ...]
    against: str | None
    request: CandidacyView | None


@dataclass(frozen=True)
class WhoCould:
    """The candidates of a seat, best first, those left out last, and how many live nobody knows where."""

    kind: str
    candidates: tuple[Candidate, ...]
    placeless: int
    by_network: bool


def who_could(stand: Stand, place: tuple[str, int], community_id: int) -> WhoCould:
    """Return who could head a building or unit, from the volunteers of its community."""
    study = COVERAGE.study(stand.reader, stand.on)
    doors = COVERAGE.reach(stand.reader, stand.on).doors
    kind = "unit_head" if place[0] == "unit" else "building_head"
    with reading(stand.reader) as connection:
        post_id = connection.scalar(
            text(f"SELECT id FROM post WHERE kind = :kind AND {place[0]}_id = :id AND closed_on IS NULL"),  # noqa: S608
            {"kind": kind, "id": place[1]},
        )
        found = offers(connection, study, seat_of(study, place[0], place[1], post_id), community_id, doors=doors)
        asked = {view.person_id: view for view in reversed(candidacies(connection, kind, place[1]))}
        rows = _rows(connection, found, asked)
    return WhoCould(kind, rows, len(found.found.placeless), found.by_network)


def _rows(connection: Connection, found: Offers, asked: dict[int, CandidacyView]) -> tuple[Candidate, ...]:
    ranked = list(
        zip(found.found.candidate.tolist(), found.found.near.tolist(), found.found.left_out.tolist(),
            found.found.metres.tolist(), strict=True)
    )[:MOST]  # fmt: skip
    people = [found.volunteers[at] for at, *_rest in ranked]
    query = text("SELECT id, name FROM person WHERE id = ANY (:ids)")
    names = {row.id: row.name for row in connection.execute(query, {"ids": [row.person_id for row in people]})}
    return tuple(
        Candidate(
            row.person_id,
            names.get(row.person_id),
            reasons_of(row, Near(near), metres, int(found.load[at])),
            _(LEFT_OUT_WORDS[LeftOut(left_out)]) if left_out else None,
            asked.get(row.person_id),
        )
        for row, (at, near, left_out, metres) in zip(people, ranked, strict=True)
    )


def reasons_of(row: PairingRow, near: Near, metres: float, load: int) -> tuple[str, ...]:
    """Return in words why somebody stands where they stand: home, way, hours left, what they carry, check-in."""
    words = [_(NEAR_WORDS[near])]
    if near >= Near.SAME_COMPOUND and not np.isnan(metres):
        words.append(_("{metres} m on foot", metres=number(metres)))
    words.append(_("{hours} hours a week left", hours=number(row.free_hours, 1)))
    if load:
        words.append(_("looks after {count} households already", count=number(load)))
    if row.checked_in_on is not None:
        words.append(_("party member who checked in"))
    return tuple(words)


def asking_text(kind: str, place: str, households: int | None, name: str | None) -> str:
    """Return the message to ask somebody with, to copy.

    >>> asking_text("unit_head", "2-1", 12, "Lin").splitlines()[0]
    'Hello Lin,'
    """
    greeting = _("Hello {name},", name=name) if name else _("Hello,")
    size = _(" with {count} households", count=number(households)) if households else ""
    body = _(
        "nobody looks after {place}{size} at present. You live near by and offer your help: would you become its "
        "{post}? Please tell us when we can talk about it.",
        place=place, size=size, post=_(POST_LABELS[kind]).lower(),
    )  # fmt: skip
    return f"{greeting}\n{body}"


_short: dict[tuple[Stand, str], list[Short]] = {}


def short_compounds(stand: Stand) -> list[Short]:
    """Return the compounds whose vacancies cannot all be filled from the volunteers who could take them."""
    key = stand, stand.reader.name
    if key not in _short:
        study = COVERAGE.study(stand.reader, stand.on)
        with reading(stand.reader) as connection:
            doors = COVERAGE.reach(stand.reader, stand.on).doors
            found = offers(connection, study, vacant_seats(connection, study, None), doors=doors)
        _short.clear()
        _short[key] = compounds_short(study, found)
    return _short[key]
