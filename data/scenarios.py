"""Two siting scenarios of the demo city, so that the first look at the page finds something to compare."""

from sqlalchemy import Connection, text
from sqlalchemy.orm import Session

from geo.planning.scenario_writes import move_scenario, save_scenario
from geo.planning.studies import StudyDraft
from geo.planning.study_writes import keep_study
from geo.siting.question import Goal
from geo.siting.study import Ears, study_sites
from geo.siting.wanted import Near, Wanted
from geo.store.clock import today

MOST_BUILDINGS = 30_000
"""In a larger city measuring every walk would take longer than loading it."""
MOST_SITES = text(
    "SELECT community_id, count(*) AS sites FROM candidate_site WHERE closed_on IS NULL "
    "GROUP BY community_id ORDER BY count(*) DESC, community_id LIMIT 1"
)
CIRCLE = 5
ASKED: tuple[tuple[Goal, int, str], ...] = (
    ("cover", 2, "两个驿站：五分钟可达住户最多"),
    ("median", 1, "先建一个：平均步行最短"),
)


def write(connection: Connection, buildings: int) -> int:
    """Write two scenarios for the community with most candidate sites and return how many were written."""
    place = connection.execute(MOST_SITES).one_or_none()
    if buildings > MOST_BUILDINGS or place is None:
        return 0
    with Session(bind=connection) as session:
        saved = [
            _save(
                session,
                Wanted(
                    goal, place.community_id, number=min(number, place.sites), near=Near(CIRCLE), curve=goal == "cover"
                ),
                name,
            )
            for goal, number, name in ASKED
        ]
        if saved[0] is not None:
            move_scenario(session, saved[0], "proposed", version=1)
        session.flush()
    return len([one for one in saved if one is not None])


def _save(session: Session, wanted: Wanted, name: str) -> int | None:
    found = study_sites(session.connection(), wanted, today(), ears=Ears(lambda *_told, **_values: None))
    draft = StudyDraft("siting", name, wanted.community_id, wanted.plain(), found.figures, found.frame)
    study_id = keep_study(session, draft, data_on=found.on, seen=found.seen)
    return save_scenario(session, study_id, name) if found.figures["sites"] else None
