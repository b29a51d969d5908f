SELECT ST_AsMVT(tile, {layer}, {steps}, 'geom', 'fid')
FROM (
    SELECT p.id AS fid, p.id, {columns}
        ST_AsMVTGeom({drawn}, {frame}, {steps}, {margin}, true) AS geom
    FROM {table} AS p
    WHERE {near} AND {kept}
) AS tile
WHERE geom IS NOT NULL
