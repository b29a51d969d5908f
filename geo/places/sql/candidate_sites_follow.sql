UPDATE candidate_site s
SET community_id = c.community_id
FROM compound c
WHERE :kind = 'compound' AND c.id = :id AND s.compound_id = c.id AND s.community_id <> c.community_id
