-- Per table the number of rows and a sum of row hashes that does not depend on their order; per sequence its position.
SELECT name,
       (xpath('/row/rows/text()', content))[1]::text AS rows,
       (xpath('/row/hash/text()', content))[1]::text AS hash
FROM (
    SELECT format('%s.%s', n.nspname, c.relname) AS name,
           query_to_xml(
               CASE c.relkind
                   WHEN 'S' THEN format('SELECT last_value AS rows, is_called AS hash FROM %I.%I', n.nspname, c.relname)
                   ELSE format('SELECT count(*) AS rows, coalesce(sum(hashtextextended(t::text, 0)::numeric), 0) AS hash '
                               'FROM %I.%I t', n.nspname, c.relname)
               END, true, true, '') AS content
    FROM pg_class c
    JOIN pg_namespace n ON n.oid = c.relnamespace
    WHERE c.relkind IN ('r', 'S') AND n.nspname <> 'information_schema' AND n.nspname !~ '^pg_'
      AND NOT EXISTS (SELECT FROM pg_depend d WHERE d.classid = 'pg_class'::regclass AND d.objid = c.oid
                      AND d.deptype = 'e')
) contents
ORDER BY name
