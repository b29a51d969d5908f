-- The rows that have arrived and are not recorded yet become requests; the hours promised are those of their category.
INSERT INTO request (id, number, channel, category_id, class_code, respond_h, solve_h, community_id, building_id, unit_id,
    placed_by, geom, address, summary, status, received_at, accepted_at, resolved_at, closed_at, recorded_by,
    external_system, external_id, source, import_id)
SELECT a.id, to_char(a.received_at AT TIME ZONE :zone, 'YYMMDD') || '-' || a.id, a.channel, g.id, g.class_code,
    coalesce(g.respond_h, h.respond_h), coalesce(g.solve_h, h.solve_h), a.community_id, a.building_id, a.unit_id,
    a.placed_by, a.geom, a.address, a.summary, a.status, a.received_at, a.accepted_at, a.resolved_at, a.closed_at,
    current_setting('app.user_name'), a.system, a.external_id, :file, :run
FROM arrived a
JOIN request_category g ON g.code = a.category
JOIN unnest(CAST(:classes AS text[]), CAST(:respond AS float8[]), CAST(:solve AS float8[]))
    h (class_code, respond_h, solve_h) ON h.class_code = g.class_code
WHERE a.id IS NOT NULL
ORDER BY a.id
