UPDATE post p SET community_id = b.community_id FROM building b WHERE b.id = p.building_id AND b.community_id <> p.community_id;
UPDATE post p SET community_id = u.community_id FROM unit u WHERE u.id = p.unit_id AND u.community_id <> p.community_id;
UPDATE post p SET community_id = s.community_id FROM station s WHERE s.id = p.station_id AND s.community_id <> p.community_id;
UPDATE post p SET community_id = g.community_id FROM area g WHERE g.id = p.grid_id AND g.community_id <> p.community_id;
UPDATE person n SET community_id = h.community_id, version = n.version + 1, changed_at = now()
FROM (SELECT person_id, min(community_id) AS community_id FROM holding GROUP BY person_id) h, area w
WHERE h.person_id = n.id AND w.id = n.community_id AND w.placeholder AND h.community_id <> n.community_id;
UPDATE person n SET community_id = b.community_id, version = n.version + 1, changed_at = now()
FROM volunteer v, building b, area w
WHERE v.person_id = n.id AND b.id = v.building_id AND w.id = n.community_id AND w.placeholder
  AND b.community_id <> n.community_id AND NOT EXISTS (SELECT FROM holding h WHERE h.person_id = n.id);
