SELECT h.post_id, h.from_on
FROM holding h
WHERE h.from_on > %(on)s AND h.from_on <= %(ends_by)s AND (h.to_on IS NULL OR h.to_on > h.from_on)
