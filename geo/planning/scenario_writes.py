"""Commands on siting scenarios: save a study as one, propose it, put it away, approve it: its stations are planned."""

import json
from datetime import date
from typing import Any

from sqlalchemy import select, text
from sqlalchemy.orm import Session

from geo.access.reads import require
from geo.errors import BadInput, NotFound, Outdated
from geo.governance.writes import set_status
from geo.i18n import N_
from geo.places.search_text import cleaned
from geo.places.writes import draw_place
from geo.planning.scenario_reads import NOT_HERE, scenario_sites
from geo.planning.scenario_rules import checked_move, phased
from geo.planning.tables import Scenario, Study
from geo.store import audit

MAY = "plan_sites"
NO_NAME = N_("Give the scenario a name, so that it can be told from others.")
NO_STUDY = N_("This result does not exist any more. Find sites again, then save it.")
NO_PLAN = N_("This result chose no new station, so there is nothing to save. Change the question and find sites again.")
NO_YEARS = N_("Approve a scenario with a yearly budget, so that its stations get their years.")
CHANGED = N_("Somebody changed this scenario while you were looking at it. Look at the new state, then decide again.")
ADD_SITES = text(
    "INSERT INTO scenario_site (scenario_id, candidate_site_id, name, geom, cost_fen, capacity, pinned, banned, "
    "chosen) SELECT :scenario, c.id, c.name, c.geom, "
    "coalesce(CAST(:costs AS jsonb) ->> c.id::text, c.cost_fen::text)::bigint, "
    "coalesce((CAST(:rooms AS jsonb) ->> c.id::text)::int, :room), c.id = ANY (:pinned), c.id = ANY (:banned), "
    "c.id = ANY (:chosen) FROM candidate_site c WHERE c.id = ANY (:every)"
)


def save_scenario(session: Session, study_id: int, name: str, *, note: str | None = None) -> int:
    """Save the answer of a siting study as a draft scenario with what was asked and chosen; return its id.

    Raises BadInput without a name or without a chosen site, NotFound for a study that is not there, NotAllowed.
    """
    require(session, MAY)
    called = cleaned(name)
    if not called:
        raise BadInput(NO_NAME)
    study = session.get(Study, study_id)
    if study is None or study.kind != "siting":
        raise NotFound(NO_STUDY)
    if not study.figures["sites"]:
        raise BadInput(NO_PLAN)
    made = Scenario(
        name=called, community_id=study.community_id, asked=study.asked, study_id=study_id,
        made_by=_actor(session), data_on=study.data_on, note=cleaned(note or "") or None,
    )  # fmt: skip
    session.add(made)
    session.flush()
    session.execute(ADD_SITES, {"scenario": made.id, **_terms(study)})
    _record(session, "save_scenario", made, None)
    return made.id


def _terms(study: Study) -> dict[str, Any]:
    """Return what a study says of each candidate site."""
    asked, costs = study.asked, study.asked.get("cost_fen", {})
    chosen = [row["site_id"] for row in study.figures["sites"]]
    pinned, banned = list(asked.get("pinned", [])), list(asked.get("banned", []))
    rules = asked.get("rules") or {}
    rooms = rules.get("rooms") or {}
    every = sorted({*chosen, *pinned, *banned, *(int(site) for site in (*costs, *rooms))})
    return {
        "costs": json.dumps(costs), "rooms": json.dumps(rooms), "room": rules.get("room"),
        "chosen": chosen, "pinned": pinned, "banned": banned, "every": every,
    }  # fmt: skip


def move_scenario(session: Session, scenario_id: int, status: str, *, version: int) -> None:
    """Propose a scenario, take it back to a draft, put it away or take it out again; version: the one the user saw.

    Raises Conflict when the status does not follow or somebody was faster, NotFound, NotAllowed.
    """
    found = _held(session, scenario_id, version)
    before = _image(found)
    if status == "approved":
        raise BadInput(NO_YEARS)
    found.status = checked_move(found.status, status)
    session.flush()
    _record(session, "move_scenario", found, before)


def approve_scenario(
    session: Session, scenario_id: int, *, version: int, on: date, yearly_fen: int, first_year: int
) -> list[int]:
    """Approve a proposed scenario: each chosen site becomes a planned station (status sited); return their ids.

    Years come by the yearly budget, those first that bring most households for their money; stations of the first
    year are pilots, later ones rollout. Raises Conflict, BadInput for a budget that is none, NotFound, NotAllowed.
    """
    found = _held(session, scenario_id, version)
    require(session, "edit_stations")
    before = _image(found)
    who, status = _actor(session), checked_move(found.status, "approved")
    found.status, found.approved_by, found.approved_on = status, who, on
    session.flush()
    chosen = [one for one in scenario_sites(session.connection(), scenario_id) if one.chosen]
    gained = _gained(session, found.study_id)
    years = phased(
        [one.cost_fen for one in chosen], [gained.get(one.candidate_site_id or 0, 0) for one in chosen],
        yearly_fen=yearly_fen, first_year=first_year,
    )  # fmt: skip
    stations = []
    for one, year in zip(chosen, years, strict=True):
        phase = "pilot" if year == first_year else "rollout"
        spot = {"type": "Point", "coordinates": [one.lon, one.lat]}
        station_id = draw_place(session, "station", spot, {"name": one.name, "phase": phase}, note=found.name)
        fresh = session.scalar(text("SELECT version FROM station WHERE id = :id"), {"id": station_id})
        set_status(session, station_id, "sited", on=on, reason=found.name, expected_version=int(fresh or 1))
        session.execute(
            text("UPDATE scenario_site SET phase_year = :year, station_id = :station WHERE id = :id"),
            {"year": year, "station": station_id, "id": one.id},
        )
        stations.append(station_id)
    _record(session, "approve_scenario", found, before, stations)
    return stations


def _gained(session: Session, study_id: int | None) -> dict[int, int]:
    study = session.get(Study, study_id) if study_id is not None else None
    rows = study.figures.get("sites", []) if study is not None else []
    return {int(row["site_id"]): int(row["new_households"]) for row in rows}


def _held(session: Session, scenario_id: int, version: int) -> Scenario:
    require(session, MAY)
    found = session.scalars(select(Scenario).where(Scenario.id == scenario_id).with_for_update()).one_or_none()
    if found is None:
        raise NotFound(NOT_HERE)
    if found.version != version:
        raise Outdated(CHANGED)
    return found


def _actor(session: Session) -> str:
    return str(session.scalar(text("SELECT current_setting('app.user_name')")))


def _image(found: Scenario) -> dict[str, Any]:
    return {"name": found.name, "status": found.status}


def _record(
    session: Session, action: str, found: Scenario, before: dict[str, Any] | None, stations: list[int] | None = None
) -> None:  # fmt: skip
    after = _image(found) | ({"stations": stations} if stations else {})
    change = audit.Change(before=before, after=after, community_id=found.community_id)
    audit.record(session, action, "scenario", found.id, change)
