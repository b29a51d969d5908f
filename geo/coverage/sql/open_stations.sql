SELECT s.id, ST_X(s.geom) AS lon, ST_Y(s.geom) AS lat
FROM station s
WHERE s.status = 'open' AND s.closed_on IS NULL
ORDER BY s.id
