"""Taking back the volunteers and care needs of an import, as long as nobody has worked with them."""

from sqlalchemy import Connection, TextClause, text
from sqlalchemy.orm import Session

from geo.access.asking import call
from geo.errors import Conflict
from geo.i18n import N_, listed

MOST_NAMED = 3
WITH_VOLUNTEERS = N_(
    "Import {run} cannot be undone: its volunteers are worked with by now ({names}). End them one by one."
)
WITH_NEEDS = N_("Import {run} cannot be undone: its care needs are worked with by now ({names}). End them one by one.")
VOLUNTEERS = text(
    "SELECT v.id::text FROM volunteer v WHERE v.import_id = :run AND (v.version > 1 "
    "OR EXISTS (SELECT FROM hours_given g WHERE g.volunteer_id = v.id) "
    "OR EXISTS (SELECT FROM circle_member m WHERE m.volunteer_id = v.id) "
    "OR EXISTS (SELECT FROM shift s WHERE s.volunteer_id = v.id) "
    "OR EXISTS (SELECT FROM visit t WHERE t.volunteer_id = v.id)) ORDER BY v.id LIMIT :most"
)
NEEDS = text(
    "SELECT n.number FROM care_need n WHERE n.import_id = :run AND (n.version > 1 "
    "OR EXISTS (SELECT FROM care_circle c WHERE c.care_need_id = n.id) "
    "OR EXISTS (SELECT FROM visit t WHERE t.care_need_id = n.id)) ORDER BY n.id LIMIT :most"
)
WORKED_WITH = ((VOLUNTEERS, WITH_VOLUNTEERS), (NEEDS, WITH_NEEDS))


def take_people_back(session: Session, run_id: int) -> int:
    """Remove the volunteers, needs and helped persons an import added; return how many volunteers and needs went.

    Raises Conflict, naming some, when somebody has changed them, given hours, visited or put them into a circle.
    """
    connection = session.connection()
    for query, message in WORKED_WITH:
        _refuse_worked_with(connection, run_id, query, message)
    volunteers = connection.execute(text("DELETE FROM volunteer WHERE import_id = :run"), {"run": run_id}).rowcount
    needs = connection.scalar(text("SELECT count(*) FROM care_need WHERE import_id = :run"), {"run": run_id}) or 0
    if needs:
        call(session, "take_back_import", run=run_id)
    return volunteers + needs


def _refuse_worked_with(connection: Connection, run_id: int, query: TextClause, message: str) -> None:
    names = connection.scalars(query, {"run": run_id, "most": MOST_NAMED}).all()
    if names:
        raise Conflict(message, run=run_id, names=listed(map(str, names)))
