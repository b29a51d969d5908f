SELECT s.id, s.community_id FROM station s WHERE s.status = 'open' ORDER BY s.id
