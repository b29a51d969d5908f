"""Care circles and two weeks of shifts of a demo city: volunteers near a need take turns; written set by set."""

from datetime import date, timedelta

import numpy as np
from sqlalchemy import Connection, text

from geo.store.clock import today as city_today

NEAREST, SHIFT_MINUTES = 5, 60
FACTOR = 1.3
"""Walked metres per straight metre."""
BY_CHANCE = """CREATE OR REPLACE FUNCTION pg_temp.chance(about bigint, salt bigint) RETURNS double precision
LANGUAGE sql IMMUTABLE AS $$ SELECT (hashint8extended(about, salt) & 1048575) / 1048576.0 $$"""
HOMES = """CREATE TEMP TABLE helper ON COMMIT DROP AS
SELECT v.id, v.community_id, v.skills, v.hours_week, coalesce(v.limit_m, 1000) AS limit_m,
       coalesce(u.geom, ST_Centroid(b.geom)) AS point
FROM volunteer v JOIN building b ON b.id = v.building_id LEFT JOIN unit u ON u.id = v.unit_id
WHERE v.status = 'active' AND v.hours_week >= 1;
CREATE INDEX ON helper USING gist (point); ANALYZE helper"""
NEAR = """CREATE TEMP TABLE near ON COMMIT DROP AS
SELECT n.id AS need_id, n.community_id, n.tasks, h.id AS volunteer_id, h.hours_week, round(h.metres) AS metres
FROM care_need n
JOIN building b ON b.id = n.building_id
LEFT JOIN unit u ON u.id = n.unit_id
CROSS JOIN LATERAL (
    SELECT v.id, v.hours_week, v.limit_m, v.community_id, v.skills,
           ST_DistanceSphere(v.point, coalesce(u.geom, ST_Centroid(b.geom))) * :factor AS metres
    FROM helper v ORDER BY v.point <-> coalesce(u.geom, ST_Centroid(b.geom)) LIMIT :nearest * 4) h
WHERE n.status = 'open' AND pg_temp.chance(n.id, :seed) < 0.7
  AND n.community_id IN (SELECT community_id FROM helper) AND h.community_id = n.community_id
  AND h.metres <= h.limit_m AND (n.skills && h.skills OR n.skills = '{}')
  AND EXISTS (SELECT FROM personal.consent c WHERE c.helped_person_id = n.helped_person_id
              AND c.purpose = 'planning' AND c.withdrawn_on IS NULL)"""
JOINED = """CREATE TEMP TABLE joined ON COMMIT DROP AS
SELECT f.need_id, f.community_id, f.tasks, f.volunteer_id, f.metres,
       row_number() OVER w AS place, count(*) OVER (PARTITION BY f.need_id) AS members
FROM (SELECT p.*, row_number() OVER (PARTITION BY p.volunteer_id ORDER BY p.metres, p.need_id) AS asked
      FROM (SELECT near.*, row_number() OVER (PARTITION BY need_id ORDER BY metres, volunteer_id) AS nearest
            FROM near) p WHERE p.nearest <= :nearest) f
WHERE f.asked <= floor(f.hours_week)
WINDOW w AS (PARTITION BY f.need_id ORDER BY f.metres, f.volunteer_id)"""
CIRCLES = """INSERT INTO care_circle (care_need_id, community_id, status, started_on, ended_on, reason)
SELECT need_id, community_id, CASE WHEN c < 0.72 THEN 'active' WHEN c < 0.87 THEN 'trial' WHEN c < 0.93 THEN 'proposed'
           WHEN c < 0.97 THEN 'paused' ELSE 'ended' END,
       CAST(:day AS date) - CASE WHEN c < 0.72 THEN 30 + (c * 400)::integer WHEN c < 0.93 THEN 10 ELSE 90 END,
       CASE WHEN c >= 0.97 THEN CAST(:day AS date) - 12 END,
       CASE WHEN c >= 0.97 THEN '家属已接走同住' WHEN c >= 0.93 THEN '住院，出院后恢复' END
FROM (SELECT DISTINCT need_id, community_id, pg_temp.chance(need_id, :seed + 1) AS c FROM joined) d ORDER BY need_id"""
MEMBERS = """INSERT INTO circle_member
    (circle_id, volunteer_id, community_id, role, tasks, hours_week, distance_m, from_on, to_on)
SELECT c.id, j.volunteer_id, j.community_id, role.code,
       CASE WHEN role.code <> 'primary' OR j.members < 3 OR cardinality(j.tasks) < 2 THEN '{}'
            WHEN j.place = 1 THEN j.tasks[1:1] ELSE j.tasks[2:] END,
       CASE WHEN role.code = 'backup' THEN 0 ELSE 1 END, j.metres, c.started_on, c.ended_on
FROM joined j
JOIN care_circle c ON c.care_need_id = j.need_id
CROSS JOIN LATERAL (SELECT CASE
    WHEN j.place = 1 OR (j.place = 2 AND j.members > 2 AND cardinality(j.tasks) > 1) THEN 'primary'
    WHEN j.place = j.members THEN 'backup' ELSE 'turn' END AS code) role
WHERE j.place <= 5 ORDER BY c.id, j.place"""
TURNS = """CREATE TEMP TABLE turn ON COMMIT DROP AS
WITH slots AS (
    SELECT a.volunteer_id, a.weekday, s.minute, row_number() OVER (
        PARTITION BY a.volunteer_id ORDER BY pg_temp.chance(a.id * 1440 + s.minute, :seed + 2)) AS place
    FROM availability a CROSS JOIN generate_series(a.from_minute, a.to_minute - :minutes, :minutes) AS s (minute)
), seats AS (
    SELECT m.circle_id, m.volunteer_id, m.community_id, n.tasks, m.tasks AS own, c.started_on,
           row_number() OVER (PARTITION BY m.volunteer_id ORDER BY m.circle_id) AS place
    FROM circle_member m JOIN care_circle c ON c.id = m.circle_id AND c.status IN ('trial', 'active')
    JOIN care_need n ON n.id = c.care_need_id
    WHERE m.to_on IS NULL AND m.role <> 'backup'
)
SELECT s.circle_id, s.volunteer_id, s.community_id, CAST(:monday AS date) + 7 * w.week + l.weekday AS on_day, l.minute,
       coalesce(s.own[1], s.tasks[1]) AS task, pg_temp.chance(s.circle_id * 64 + s.place * 4 + w.week, :seed + 3) AS c
FROM seats s JOIN slots l USING (volunteer_id, place) CROSS JOIN (VALUES (-1), (0)) w (week)"""
SHIFTS = """INSERT INTO shift
    (circle_id, volunteer_id, community_id, on_day, from_minute, to_minute, task, status, reason)
SELECT circle_id, CASE WHEN on_day > :day AND c >= 0.9 THEN NULL ELSE volunteer_id END, community_id, on_day, minute,
       minute + :minutes, task,
       CASE WHEN on_day < :day THEN CASE WHEN c < 0.86 THEN 'done' WHEN c < 0.94 THEN 'missed' ELSE 'cancelled' END
            WHEN on_day = :day THEN 'accepted'
            WHEN c < 0.6 THEN 'accepted' WHEN c < 0.9 THEN 'offered' ELSE 'open' END,
       CASE WHEN on_day >= :day OR c < 0.86 THEN NULL WHEN c < 0.94 THEN '临时有事' ELSE '老人外出' END
FROM turn ORDER BY on_day, circle_id, volunteer_id"""
HOURS = """INSERT INTO hours_given (volunteer_id, community_id, given_on, minutes, purpose, recorded_by)
SELECT s.volunteer_id, s.community_id, s.on_day, s.to_minute - s.from_minute, n.number, 'demo-staff'
FROM shift s JOIN care_circle c ON c.id = s.circle_id JOIN care_need n ON n.id = c.care_need_id
WHERE s.status = 'done' ORDER BY s.id"""


def write(connection: Connection, seed: int, today: np.datetime64 | None = None) -> int:
    """Store circles for most needs that agreed and have volunteers near, with shifts of last week and this one.

    The same city, seed and day give the same rows. Returns how many circles there are.
    """
    day: date = city_today() if today is None else today.item()
    values = {
        "seed": seed,
        "day": day,
        "monday": day - timedelta(days=day.weekday()),
        "nearest": NEAREST,
        "factor": FACTOR,
        "minutes": SHIFT_MINUTES,
    }
    connection.exec_driver_sql(BY_CHANCE)
    connection.exec_driver_sql(HOMES)
    for statement in (NEAR, JOINED, CIRCLES, MEMBERS, TURNS, SHIFTS, HOURS):
        connection.execute(text(statement), values)
    connection.exec_driver_sql("ANALYZE care_circle, circle_member, shift, hours_given")
    return connection.scalar(text("SELECT count(*) FROM care_circle")) or 0
