SELECT c.name, c.households FROM compound c WHERE c.id = %(id)s
