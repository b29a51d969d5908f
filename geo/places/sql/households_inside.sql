SELECT count(*) AS buildings, sum(b.households) AS known, count(*) FILTER (WHERE b.households IS NULL) AS unknown
FROM building b
WHERE b.{place} = :id AND b.closed_on IS NULL
