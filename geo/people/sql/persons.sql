WITH named AS MATERIALIZED (
    SELECT n.id, n.name, n.phone_end, n.community_id
    FROM person n
    WHERE n.closed_on IS NULL
      AND (CAST(:community_id AS bigint) IS NULL OR n.community_id = :community_id)
      AND (n.name LIKE :anywhere OR n.pinyin LIKE :pinyin_start OR n.pinyin LIKE :initials OR n.id IN (SELECT personal.persons_marked(CAST(:marks AS bytea[]))))
    ORDER BY n.name <> :text, n.name, n.id
    LIMIT 50 * CAST(:most AS int)
)
SELECT p.id, p.name, p.phone_end, p.community_id, a.name AS community, h.posts
FROM named p
JOIN area a ON a.id = p.community_id
CROSS JOIN LATERAL (
    SELECT count(*) AS posts, count(*) FILTER (WHERE q.kind IN ('building_head', 'unit_head')) AS doors
    FROM holding h
    JOIN post q ON q.id = h.post_id
    WHERE h.person_id = p.id AND h.from_on <= :on AND (h.to_on IS NULL OR h.to_on > :on)
) h
WHERE NOT :holders OR h.doors > 0
ORDER BY p.name <> :text, p.name, p.id
LIMIT :most
