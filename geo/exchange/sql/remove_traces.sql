-- A placeholder stays as long as its community does: an undo may have to bring places back to it.
DELETE FROM compound c
WHERE c.placeholder
AND NOT EXISTS (SELECT FROM building x WHERE x.compound_id = c.id)
AND NOT EXISTS (SELECT FROM gate x WHERE x.compound_id = c.id)
AND NOT EXISTS (SELECT FROM station x WHERE x.compound_id = c.id)
AND NOT EXISTS (SELECT FROM candidate_site x WHERE x.compound_id = c.id)
AND NOT EXISTS (SELECT FROM organisation x WHERE x.compound_id = c.id)
AND (
    EXISTS (SELECT FROM area x WHERE x.id = c.community_id AND x.import_id = current_setting('app.import_run')::int8)
    OR NOT EXISTS (SELECT FROM building) AND NOT EXISTS (SELECT FROM compound x WHERE NOT x.placeholder)
);

DELETE FROM area a
WHERE a.placeholder AND a.level = 'community'
AND NOT EXISTS (SELECT FROM compound x WHERE x.community_id = a.id)
AND NOT EXISTS (SELECT FROM area x WHERE x.parent_id = a.id OR x.community_id = a.id)
AND NOT EXISTS (SELECT FROM station x WHERE x.community_id = a.id)
AND NOT EXISTS (SELECT FROM candidate_site x WHERE x.community_id = a.id)
AND NOT EXISTS (SELECT FROM organisation x WHERE x.community_id = a.id)
AND NOT EXISTS (SELECT FROM person x WHERE x.community_id = a.id)
AND NOT EXISTS (SELECT FROM post x WHERE x.community_id = a.id);

DELETE FROM area a
WHERE a.placeholder AND a.level = 'city'
AND NOT EXISTS (SELECT FROM area x WHERE x.parent_id = a.id)
AND NOT EXISTS (SELECT FROM walk_edge);

DELETE FROM city
WHERE NOT EXISTS (SELECT FROM area WHERE geom IS NOT NULL)
AND NOT EXISTS (SELECT FROM compound WHERE geom IS NOT NULL)
AND NOT EXISTS (SELECT FROM building)
AND NOT EXISTS (SELECT FROM walk_edge)
AND NOT EXISTS (SELECT FROM station)
AND NOT EXISTS (SELECT FROM candidate_site)
AND NOT EXISTS (SELECT FROM ground);
