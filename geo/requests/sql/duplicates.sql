-- Requests of one category, near in place and time, still open: they may be the same as the one that is being taken.
SELECT r.id FROM request r
JOIN request_category g ON g.id = r.category_id AND g.code = :category
WHERE r.closed_at IS NULL
  AND r.received_at BETWEEN CAST(:at AS timestamptz) - CAST(:within_h AS double precision) * interval '1 hour'
                        AND CAST(:at AS timestamptz) + CAST(:within_h AS double precision) * interval '1 hour'
  AND (r.building_id = CAST(:building_id AS bigint)
       OR r.geom && ST_Expand(ST_SetSRID(ST_MakePoint(CAST(:lon AS double precision), CAST(:lat AS double precision)),
                                         4326), CAST(:near_m AS double precision) / 50000)
          AND ST_DWithin(r.geom::geography, ST_SetSRID(ST_MakePoint(CAST(:lon AS double precision),
                         CAST(:lat AS double precision)), 4326)::geography, CAST(:near_m AS double precision)))
ORDER BY r.building_id = CAST(:building_id AS bigint) DESC NULLS LAST, r.received_at DESC LIMIT :most
