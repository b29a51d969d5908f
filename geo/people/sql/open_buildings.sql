SELECT b.id
FROM building b
WHERE b.closed_on IS NULL AND (%(buildings)s::bigint[] IS NULL OR b.id = ANY (%(buildings)s))
