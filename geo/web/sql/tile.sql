SELECT ST_AsMVT(tile, {layer}, {steps}, 'geom', 'fid')
FROM (
    SELECT p.id AS fid, p.id, {columns}
        ST_AsMVTGeom({drawn}, {frame}, {steps}, {margin}, true) AS geom
    FROM {table} AS p
    WHERE {near} AND {kept}
    OFFSET 0 -- else the planner cuts every geometry twice: once for the condition below, once for the tile
) AS tile
WHERE geom IS NOT NULL
