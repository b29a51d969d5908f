SELECT p.id
FROM post p
WHERE p.closed_on IS NULL
  AND CASE CAST(:kind AS text) WHEN 'building' THEN p.building_id = :id WHEN 'unit' THEN p.unit_id = :id
           WHEN 'grid' THEN p.grid_id = :id WHEN 'station' THEN p.station_id = :id ELSE false END
ORDER BY p.id
