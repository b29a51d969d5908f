SELECT s.name FROM candidate_site s WHERE s.id = %(id)s
