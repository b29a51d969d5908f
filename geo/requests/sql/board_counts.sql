SELECT count(*) AS open,
       count(*) FILTER (WHERE {mine}) AS mine,
       count(*) FILTER (WHERE {overdue}) AS overdue,
       count(*) FILTER (WHERE {others}) AS others,
       count(*) FILTER (WHERE r.owner IS NULL AND r.organisation_id IS NULL AND r.person_id IS NULL) AS nobodys
FROM request r WHERE r.closed_at IS NULL AND {wanted}
