SELECT p.id AS post_id, p.station_id, p.kind = 'stationmaster' AS leads
FROM post p
WHERE p.kind IN ('stationmaster', 'deputy_stationmaster') AND p.closed_on IS NULL
ORDER BY p.station_id, p.id
