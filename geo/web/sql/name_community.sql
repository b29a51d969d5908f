SELECT a.name, a.households FROM area a WHERE a.id = %(id)s
