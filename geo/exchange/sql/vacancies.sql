-- All buildings of the compounds a roster tells something new about get a head's post, so that missing heads show as vacant.
INSERT INTO post (kind, community_id, building_id, import_id, source)
SELECT 'building_head', b.community_id, b.id, CAST(current_setting('app.import_run') AS int8), current_setting('app.import_file')
FROM building b JOIN compound c ON c.id = b.compound_id
WHERE NOT c.placeholder AND b.closed_on IS NULL AND b.compound_id IN (SELECT compound_id FROM seats WHERE row = ANY(:rows))
ON CONFLICT DO NOTHING;
