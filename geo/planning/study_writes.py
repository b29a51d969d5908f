"""Commands on studies: keep one with all it rested on, put one away."""

from datetime import UTC, date, datetime

from sqlalchemy import text
from sqlalchemy.orm import Session

from geo.access.reads import require
from geo.errors import NotFound
from geo.i18n import N_
from geo.planning.reads import parameters
from geo.planning.studies import StudyDraft, packed
from geo.planning.tables import Study
from geo.store import audit, versions

ACTIONS = {"pairing": "edit_circles", "rota": "plan_shifts"}
OTHERS = "run_studies"


def keep_study(session: Session, draft: StudyDraft, *, data_on: date, seen: dict[str, int] | None = None) -> int:
    """Keep a study with the city's numbers and the state of the data, and return its id.

    data_on: the day the data stood for; seen: the data versions it was computed from, those of now when left out.
    Raises NotAllowed for who may not run studies of this kind.
    """
    require(session, ACTIONS.get(draft.kind, OTHERS))
    connection = session.connection()
    study = Study(
        kind=draft.kind,
        name=draft.name,
        community_id=draft.community_id,
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
    audit.record(session, "keep study", "study", study.id, audit.Change(after=after, community_id=draft.community_id))
    return study.id


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
