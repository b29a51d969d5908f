-- Requests as an import reads them: numbers, times, words of the city's lists and places; no text that a person wrote.
SELECT coalesce(r.external_id, r.number) AS external_id, coalesce(r.external_system, 'yizhan') AS system,
    to_char(r.received_at AT TIME ZONE 'UTC', 'YYYY-MM-DD"T"HH24:MI:SS"Z"') AS received_at,
    to_char(r.accepted_at AT TIME ZONE 'UTC', 'YYYY-MM-DD"T"HH24:MI:SS"Z"') AS accepted_at,
    to_char(r.resolved_at AT TIME ZONE 'UTC', 'YYYY-MM-DD"T"HH24:MI:SS"Z"') AS resolved_at,
    to_char(r.closed_at AT TIME ZONE 'UTC', 'YYYY-MM-DD"T"HH24:MI:SS"Z"') AS closed_at,
    r.status, g.code AS category, r.channel, a.code AS community_code, b.code AS place_code,
    ST_AsBinary(r.geom) AS geom
FROM request r
JOIN request_category g ON g.id = r.category_id
JOIN area a ON a.id = r.community_id
LEFT JOIN building b ON b.id = r.building_id
WHERE (CAST(:community_id AS int8) IS NULL OR r.community_id = :community_id)
ORDER BY r.received_at, r.id
