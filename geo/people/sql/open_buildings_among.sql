SELECT b.id
FROM building b
WHERE b.closed_on IS NULL AND b.id = ANY (%(buildings)s::bigint[])
