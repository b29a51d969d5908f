-- Requests the actor may see, as the interface for other systems gives them; nothing of who asked.
SELECT r.number, r.status, r.summary, r.received_at, r.resolved_at, r.closed_at, r.changed_at, r.solve_h,
    coalesce(r.address, b.address) AS address, b.code AS building_code, ST_X(r.geom) AS lon, ST_Y(r.geom) AS lat,
    g.code AS service_code, CASE WHEN CAST(:chinese AS boolean) THEN g.name_zh ELSE g.name END AS service_name,
    o.name AS organisation
FROM request r
JOIN request_category g ON g.id = r.category_id
LEFT JOIN building b ON b.id = r.building_id
LEFT JOIN organisation o ON o.id = r.organisation_id
WHERE CASE WHEN CAST(:numbers AS text[]) IS NOT NULL THEN r.number = ANY (CAST(:numbers AS text[]))
        ELSE r.received_at >= :since AND r.received_at <= :until
            AND (CAST(:services AS text[]) IS NULL OR g.code = ANY (CAST(:services AS text[])))
            AND (CAST(:closed AS boolean) IS NULL OR (r.status = ANY (CAST(:ended AS text[]))) = :closed) END
ORDER BY r.received_at DESC, r.id DESC
LIMIT :most
