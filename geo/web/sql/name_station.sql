SELECT s.name, s.status FROM station s WHERE s.id = %(id)s
