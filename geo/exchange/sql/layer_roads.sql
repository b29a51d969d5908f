SELECT w.code, w.from_node, w.to_node, w.kind, w.name, w.walkable, w.oneway, w.barrier, ST_AsBinary(w.geom) AS geom
FROM walk_edge w
WHERE CAST(:community_id AS int8) IS NULL
OR EXISTS (SELECT FROM area a WHERE a.id = :community_id AND ST_Intersects(a.geom, w.geom))
ORDER BY w.code
