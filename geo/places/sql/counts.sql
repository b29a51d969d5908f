SELECT a.level AS kind, count(*) AS quantity FROM area a WHERE a.closed_on IS NULL AND NOT a.placeholder GROUP BY a.level
UNION ALL SELECT 'compound', count(*) FROM compound c WHERE c.closed_on IS NULL AND NOT c.placeholder
UNION ALL SELECT 'building', count(*) FROM building b WHERE b.closed_on IS NULL
UNION ALL SELECT 'unit', count(*) FROM unit u WHERE u.closed_on IS NULL
UNION ALL SELECT 'household', count(*) FROM household h WHERE h.closed_on IS NULL
UNION ALL SELECT 'station', count(*) FROM station s WHERE s.closed_on IS NULL
UNION ALL SELECT 'candidate_site', count(*) FROM candidate_site s WHERE s.closed_on IS NULL
UNION ALL SELECT 'gate', count(*) FROM gate g WHERE g.closed_on IS NULL
UNION ALL SELECT 'walk_edge', count(*) FROM walk_edge
UNION ALL SELECT 'ground', count(*) FROM ground
UNION ALL SELECT 'person', count(*) FROM person n WHERE n.closed_on IS NULL
UNION ALL SELECT 'post', count(*) FROM post p WHERE p.closed_on IS NULL
