SELECT s.id, s.code, s.name, s.status, s.phase, s.floor_area_m2, s.opening_hours, s.opened_on, s.version,
       s.community_id, a.name AS community, c.id AS compound_id, c.name AS compound,
       ST_X(s.geom) AS lon, ST_Y(s.geom) AS lat,
       (SELECT n.name FROM post p
        JOIN holding h ON h.post_id = p.id AND h.from_on <= :on AND (h.to_on IS NULL OR h.to_on > :on)
        JOIN person n ON n.id = h.person_id
        WHERE p.station_id = s.id AND p.kind = 'stationmaster' AND p.closed_on IS NULL) AS stationmaster,
       EXISTS (SELECT FROM post p
        JOIN holding h ON h.post_id = p.id AND h.from_on <= :on AND (h.to_on IS NULL OR h.to_on > :on)
        WHERE p.station_id = s.id AND p.kind = 'stationmaster' AND p.closed_on IS NULL) AS has_stationmaster,
       (SELECT count(*) FROM post p
        JOIN holding h ON h.post_id = p.id AND h.from_on <= :on AND (h.to_on IS NULL OR h.to_on > :on)
        WHERE p.station_id = s.id AND p.kind = 'deputy_stationmaster' AND p.closed_on IS NULL) AS deputies
FROM station s
JOIN area a ON a.id = s.community_id
LEFT JOIN compound c ON c.id = s.compound_id AND NOT c.placeholder
WHERE s.closed_on IS NULL AND (CAST(:community_id AS bigint) IS NULL OR s.community_id = :community_id)
ORDER BY a.name, s.name, s.id
