SELECT w.from_node, w.to_node, w.length_m, w.oneway, ST_AsBinary(w.geom) AS geom
FROM walk_edge w
WHERE w.walkable AND (w.barrier IS NULL OR w.barrier <> ALL (%(shut)s::text[]))
ORDER BY w.id
