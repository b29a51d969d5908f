SELECT u.number AS name, u.households FROM unit u WHERE u.id = %(id)s
