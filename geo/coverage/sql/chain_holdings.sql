SELECT h.post_id, h.person_id, h.from_on, coalesce(h.to_on, 'infinity') AS to_on
FROM holding h
WHERE (h.to_on IS NULL OR h.to_on > %(on)s) AND h.to_on IS DISTINCT FROM h.from_on
