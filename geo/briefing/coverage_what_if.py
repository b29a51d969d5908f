"""What if: changes nobody has decided, as they stand in an address, and what they would change in the duty chain."""

import re
from dataclasses import dataclass
from threading import Lock
from typing import Any

import numpy as np
import pandas as pd
from sqlalchemy import Connection, text

from geo.briefing.coverage_arrays import COVERAGE
from geo.briefing.overview import Stand
from geo.coverage.chain_study import ChainStudy, positions
from geo.coverage.duty_figures import DutyFigures
from geo.coverage.duty_inputs import Gap
from geo.coverage.what_if import Change, JoinsTeam, Leaves, TakesPost, Today, WhatIf
from geo.errors import BadInput, NotFound
from geo.i18n import N_, _
from geo.places.reads import place_card
from geo.planning.studies import StudyDraft
from geo.store.clock import today
from geo.store.session import Actor, reading

MOST_WISHES = 40
WISH = re.compile(r"leaves:\d{1,18}|head:(building|unit):\d{1,18}:(\d{1,18}|new)|joins:\d{1,18}:(\d{1,18}|new)")
KEPT = 4
ROWS = (
    ("covered", N_("Looked after")),
    ("no_head", N_("Nobody looks after some doors")),
    ("overloaded", N_("Head has too many households")),
    ("single_point", N_("Hangs on one person")),
    ("term_ending", N_("Term ends soon")),
    ("heads_overloaded", N_("Heads with too many households")),
)
"""The numbers told of today and then: households, but for the last."""


@dataclass(frozen=True)
class Outcome:
    """What some wishes change: the class of every building that changes, by id, and the figures today and then."""

    wishes: tuple[str, ...]
    buildings: dict[int, int]
    today: DutyFigures
    then: DutyFigures

    def figures(self) -> dict[str, dict[str, int]]:
        """Return known households by gap and how many heads carry too much, today and then."""
        return {"today": _numbers(self.today), "then": _numbers(self.then)}

    def draft(self, name: str) -> StudyDraft:
        """Return the study that keeps this: buildings with their gap, and nobody's name."""
        frame = pd.DataFrame({"building_id": list(self.buildings), "gap": list(self.buildings.values())})
        return StudyDraft("what_if", name, None, {"wishes": list(self.wishes)}, self.figures(), frame)


def told_on_map(outcome: Outcome | None) -> dict[str, Any]:
    """Return what the map's script shows beside the classes: the wishes, the words, and the numbers if any changed."""
    return {
        "wishes": list(outcome.wishes) if outcome else [],
        "figures": outcome.figures() if outcome else None,
        "title": _("Tried, not decided: households today → then"),
        "rows": [[name, _(label)] for name, label in ROWS],
    }


def parse_wishes(text: str) -> tuple[str, ...]:
    """Return the wishes of an address; raises BadInput for one that is none.

    leaves:PERSON, head:building:PLACE:PERSON or head:unit:PLACE:PERSON, joins:TEAM:PERSON; PERSON may be "new".

    >>> parse_wishes("leaves:7,head:building:4:new")
    ('leaves:7', 'head:building:4:new')
    """
    wishes = tuple(part for part in text.split(",") if part)
    odd = next((wish for wish in wishes if not WISH.fullmatch(wish)), None)
    if odd is not None or len(wishes) > MOST_WISHES:
        raise BadInput(N_("“{text}” is no change to try. Choose it again on the page."), text=odd or str(len(wishes)))
    return wishes


def what_if(actor: Actor, wishes: tuple[str, ...]) -> Outcome:
    """Return what the wishes together would change; raises NotFound for a person or place that is not there."""
    study = COVERAGE.study(actor, today())
    city = _today(study)
    asked = WhatIf(city)
    newcomers: dict[str, int] = {}
    for wish in wishes:
        asked.apply(_change(study, asked, wish, newcomers))
    effect = asked.so_far()
    buildings = study.ids.buildings[effect.buildings]
    classes = dict(zip(buildings.tolist(), effect.building_gap.tolist(), strict=True))
    return Outcome(wishes, classes, city.figures, asked.figures)


def wish_words(stand: Stand, wishes: tuple[str, ...]) -> list[str]:
    """Return in words what each wish would change, names as far as they are seen."""
    persons = [int(wish.rsplit(":", 1)[1]) for wish in wishes if not wish.endswith(":new")]
    query = text("SELECT id, name FROM person WHERE id = ANY (:ids)")
    with reading(stand.reader) as connection:
        names = {str(row.id): str(row.name) for row in connection.execute(query, {"ids": persons})}
        return [_worded(connection, wish, names) for wish in wishes]


def _worded(connection: Connection, wish: str, names: dict[str, str]) -> str:
    kind, *rest = wish.split(":")
    who = _("somebody new") if rest[-1] == "new" else names.get(rest[-1]) or _("No. {id}", id=rest[-1])
    if kind == "leaves":
        return _("{name} leaves", name=who)
    if kind == "joins":
        team = connection.scalar(text("SELECT name FROM organisation WHERE id = :id"), {"id": int(rest[0])})
        return _("{name} joins {team}", name=who, team=team or rest[0])
    return _("{name} heads {place}", name=who, place=place_card(connection, rest[0], int(rest[1])).name)


_kept: list[tuple[ChainStudy, Today]] = []
_lock = Lock()


def _today(study: ChainStudy) -> Today:
    with _lock:
        for known, found in _kept:
            if known is study:
                return found
        made = Today(study.inputs, study.limits, study.chain)
        _kept[:] = [(study, made), *_kept[: KEPT - 1]]
        return made


def _change(study: ChainStudy, asked: WhatIf, wish: str, newcomers: dict[str, int]) -> Change:
    kind, *rest = wish.split(":")
    if kind == "leaves":
        return Leaves(_person(study, asked, rest[0], newcomers))
    if kind == "joins":
        team = _at(study.ids.teams, rest[0])
        return JoinsTeam(_person(study, asked, rest[1], newcomers, wish), team)
    who = _person(study, asked, rest[2], newcomers, wish)
    if rest[0] == "building":
        return TakesPost(who, _at(study.ids.buildings, rest[1]))
    unit = _at(study.ids.units, rest[1])
    return TakesPost(who, int(study.inputs.places.unit_building[unit]), unit)


def _person(study: ChainStudy, asked: WhatIf, number: str, newcomers: dict[str, int], wish: str = "") -> int:
    known = study.person(int(number)) if number != "new" else None
    if known is not None:
        return known
    key = f"{number}:{wish}" if number == "new" else number
    if key not in newcomers:
        newcomers[key] = asked.newcomer()
    return newcomers[key]


def _at(ids: np.ndarray, number: str) -> int:
    found = int(positions(ids, np.array([int(number)]))[0])
    if found < 0:
        raise NotFound(N_("This place does not exist, or you may not see it. Choose another on the map."))
    return found


def _numbers(figures: DutyFigures) -> dict[str, int]:
    found = {gap.name.lower(): figures.households[gap] for gap in Gap}
    return found | {"heads": figures.heads, "heads_overloaded": figures.heads_overloaded}
