"""Commands on studies: keep one with all it rested on, put one away."""

from datetime import UTC, date, datetime

from sqlalchemy import text
from sqlalchemy.orm import Session

from geo.access.reads import require, roles_of
from geo.errors import NotFound
from geo.i18n import N_
from geo.planning.reads import parameters
from geo.planning.studies import StudyDraft, packed
from geo.planning.tables import Study
from geo.store import audit, versions

ACTIONS = {"pairing": "edit_circles", "rota": "plan_shifts", "hotspots": "run_hotspots"}
OTHERS = "run_studies"


def keep_study(session: Session, draft: StudyDraft, *, data_on: date, seen: dict[str, int] | None = None) -> int:
    """Keep a study with the city's numbers and the state of the data, and return its id.

    data_on: the day the data stood for; seen: the data versions it was computed from, those of now when left out.
    A study of everything an actor sees who works in some communities only belongs to the first of these. Raises
    NotAllowed for who may not run studies of this kind.
    """
    require(session, ACTIONS.get(draft.kind, OTHERS))
    connection = session.connection()
    community_id = draft.community_id or _own_community(session)
    study = Study(
        kind=draft.kind,
        name=draft.name,
        community_id=community_id,
        asked=dict(draft.asked),
        parameters=parameters(connection),
        data_versions=seen or versions.current(connection),
        figures=dict(draft.figures),
        frame=packed(draft.frame),
        made_by=str(session.scalar(text("SELECT current_setting('app.user_name')"))),
        data_on=data_on,
    )
    session.add(study)
    session.flush()
    after = {"kind": draft.kind, "name": draft.name, "asked": dict(draft.asked)}
    audit.record(session, "keep study", "study", study.id, audit.Change(after=after, community_id=community_id))
    return study.id


def _own_community(session: Session) -> int | None:
    held = roles_of(session)
    if any((role.community_id, role.station_id, role.person_id) == (None, None, None) for role in held):
        return None
    return min((role.community_id for role in held if role.community_id is not None), default=None)


def drop_study(session: Session, study_id: int) -> None:
    """Put a study away: it is listed no more and kept for the log; raises NotFound for one that is not seen."""
    study = _seen(session, study_id)
    study.dropped_at = datetime.now(UTC)
    session.flush()
    audit.record(
        session, "drop study", "study", study.id,
        audit.Change(before={"kind": study.kind, "name": study.name}, community_id=study.community_id),
    )  # fmt: skip


def restore_study(session: Session, study_id: int) -> None:
    """List a study again that was put away; raises NotFound for one that is not seen."""
    study = _seen(session, study_id)
    study.dropped_at = None
    session.flush()
    audit.record(
        session, "restore study", "study", study.id,
        audit.Change(after={"kind": study.kind, "name": study.name}, community_id=study.community_id),
    )  # fmt: skip


def _seen(session: Session, study_id: int) -> Study:
    study = session.get(Study, study_id)
    require(session, ACTIONS.get(study.kind, OTHERS) if study else OTHERS)
    if study is None:
        raise NotFound(N_("This study does not exist, or you may not see it. Choose another."))
    return study
