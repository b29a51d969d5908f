"""The accounts of a demo city, one for each role, at places of the city that has just been made."""

from datetime import date, timedelta
from typing import Any

from sqlalchemy import Connection, text

from geo.access.accounts import DEMO_ACCOUNTS
from geo.store.clock import today
from geo.store.session import Actor

SINCE_DAYS = 365
REASON = "demo"

END_HELD_PLACES = text("""
UPDATE user_role SET to_on = greatest(from_on, :today), version = version + 1, changed_at = now()
WHERE (community_id IS NOT NULL OR station_id IS NOT NULL OR person_id IS NOT NULL)
  AND (to_on IS NULL OR to_on > :today)
""")
REMOVE = text("DELETE FROM user_role WHERE user_name = ANY (:names)")
SIGN_OUT = text("UPDATE user_session SET ended_at = now() WHERE user_name = ANY (:names) AND ended_at IS NULL")
ADD = text("""
INSERT INTO app_user (name, status) VALUES (:name, 'active') ON CONFLICT (name) DO UPDATE SET status = 'active'
""")
GIVE = text("""
INSERT INTO user_role (user_name, role, community_id, station_id, person_id, from_on, reason, given_by)
VALUES (:user_name, :role, :community_id, :station_id, :person_id, :from_on, :reason, :given_by)
""")
TWO_COMMUNITIES = text("""
SELECT a.id FROM area a JOIN building b ON b.community_id = a.id WHERE a.level = 'community'
GROUP BY a.id ORDER BY count(*) DESC, a.id LIMIT 2
""")
AN_OPEN_STATION = text("SELECT min(id) FROM station WHERE status = 'open'")
A_HEAD_WITH_DOORS = text("""
SELECT h.person_id FROM holding h JOIN post p ON p.id = h.post_id AND p.kind = 'building_head'
LEFT JOIN (SELECT building_id, count(*) AS open FROM care_need WHERE status = 'open' GROUP BY 1) n
    ON n.building_id = p.building_id
WHERE h.from_on <= :today AND (h.to_on IS NULL OR h.to_on > :later) AND p.closed_on IS NULL
GROUP BY h.person_id ORDER BY coalesce(sum(n.open), 0) > 0 DESC, count(*) DESC, h.person_id LIMIT 1
""")
LASTS_DAYS = 120


def write(connection: Connection, actor: Actor) -> None:
    """Write the accounts with the roles they hold; they have no password.

    Roles bound to a place end first: the numbers of places begin again with every demo city.
    """
    on, names = today(), list(DEMO_ACCOUNTS)
    connection.execute(END_HELD_PLACES, {"today": on})
    connection.execute(REMOVE, {"names": names})
    connection.execute(SIGN_OUT, {"names": names})
    for name, role in DEMO_ACCOUNTS.items():
        connection.execute(ADD, {"name": name})
        for place in _places(connection, role, on):
            if None in place.values():
                continue
            held = {"community_id": None, "station_id": None, "person_id": None} | place
            since = on - timedelta(days=SINCE_DAYS)
            given = {"user_name": name, "role": role, "from_on": since, "reason": REASON, "given_by": actor.name}
            connection.execute(GIVE, held | given)


def _places(connection: Connection, role: str, on: date) -> list[dict[str, Any]]:
    if role == "organiser":
        return [{"community_id": found} for found in connection.scalars(TWO_COMMUNITIES)]
    if role == "station_staff":
        return [{"station_id": connection.scalar(AN_OPEN_STATION)}]
    if role == "building_head":
        days = {"today": on, "later": on + timedelta(days=LASTS_DAYS)}
        return [{"person_id": connection.scalar(A_HEAD_WITH_DOORS, days)}]
    return [{}]
