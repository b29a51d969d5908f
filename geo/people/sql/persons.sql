SELECT p.id, p.name, p.phone, p.community_id, a.name AS community,
       (SELECT count(*) FROM holding h
        WHERE h.person_id = p.id AND h.from_on <= :on AND (h.to_on IS NULL OR h.to_on > :on)) AS posts
FROM (
    SELECT n.* FROM person n
    WHERE n.closed_on IS NULL
      AND (CAST(:community_id AS bigint) IS NULL OR n.community_id = :community_id)
      AND (n.name LIKE :anywhere OR n.pinyin LIKE :pinyin_start OR n.pinyin LIKE :initials OR n.phone = :phone)
      AND (NOT :holders OR EXISTS (
          SELECT FROM holding h JOIN post q ON q.id = h.post_id AND q.kind IN ('building_head', 'unit_head')
          WHERE h.person_id = n.id AND h.from_on <= :on AND (h.to_on IS NULL OR h.to_on > :on)))
    ORDER BY (n.name <> :text), n.name, n.id
    LIMIT :most
) p
JOIN area a ON a.id = p.community_id
ORDER BY (p.name <> :text), p.name, p.id
