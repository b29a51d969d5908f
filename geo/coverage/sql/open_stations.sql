SELECT s.id, ST_X(s.geom) AS lon, ST_Y(s.geom) AS lat,
       coalesce(s.floor_area_m2, 'NaN'::float8)::float8 AS floor_m2
FROM station s
WHERE s.status = 'open' AND s.closed_on IS NULL
ORDER BY s.id
