-- The place of every row with its community and compound, and the post there.
CREATE TEMP TABLE seats ON COMMIT DROP AS
SELECT r.row, r.post, r.place_kind, r.place_id,
    coalesce(b.community_id, u.community_id, s.community_id, g.community_id, o.community_id) AS community_id,
    coalesce(b.compound_id, ub.compound_id) AS compound_id
FROM roster r
LEFT JOIN building b ON r.place_kind = 'building' AND b.id = r.place_id
LEFT JOIN unit u ON r.place_kind = 'unit' AND u.id = r.place_id
LEFT JOIN building ub ON ub.id = u.building_id
LEFT JOIN station s ON r.place_kind = 'station' AND s.id = r.place_id
LEFT JOIN area g ON r.place_kind = 'grid' AND g.id = r.place_id
LEFT JOIN organisation o ON r.place_kind = 'organisation' AND o.id = r.place_id;

INSERT INTO post (kind, community_id, building_id, unit_id, station_id, grid_id, organisation_id, import_id, source)
SELECT DISTINCT s.post, s.community_id,
    CASE WHEN s.place_kind = 'building' THEN s.place_id END, CASE WHEN s.place_kind = 'unit' THEN s.place_id END,
    CASE WHEN s.place_kind = 'station' THEN s.place_id END, CASE WHEN s.place_kind = 'grid' THEN s.place_id END,
    CASE WHEN s.place_kind = 'organisation' THEN s.place_id END,
    current_setting('app.import_run')::int8, current_setting('app.import_file')
FROM seats s
WHERE s.community_id IS NOT NULL AND NOT EXISTS (
    SELECT FROM post p WHERE p.kind = s.post AND CASE s.place_kind WHEN 'building' THEN p.building_id WHEN 'unit' THEN p.unit_id
        WHEN 'station' THEN p.station_id WHEN 'grid' THEN p.grid_id ELSE p.organisation_id END = s.place_id
);
