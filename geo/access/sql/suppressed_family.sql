CREATE FUNCTION suppressed_family(wanted text, publication bigint, below bigint, below_alone bigint) RETURNS bigint
LANGUAGE plpgsql SET search_path = public, pg_temp AS $$
-- Writes what may be said of a family into a publication and returns the number of blocks. The groups of an attribute stand
-- finest first; unknown stands where it joins the fewest people it could mislead about.
#variable_conflict use_column
DECLARE
    spec record;
    numbers int[]; parents int[]; kinds text[]; ids bigint[]; names text[]; communities bigint[]; weights bigint[];
    beside_lines bigint[]; cell_counts bigint[]; cell_rests bigint[];
    made bigint;
    blocks bigint := 0;
BEGIN
    SELECT array_agg(number), array_agg(parent), array_agg(kind), array_agg(id), array_agg(name),
           array_agg(community_id), array_agg(buildings), ARRAY[array_agg(counted), array_agg(uncounted)]
    INTO numbers, parents, kinds, ids, names, communities, weights, beside_lines FROM suppressed_places(wanted);
    IF numbers IS NULL THEN RETURN 0; END IF;
    FOR spec IN SELECT * FROM (VALUES
        ('residents', 'everybody', ARRAY['all'], ARRAY[[1]], below),
        ('residents', 'age', ARRAY['age_0_17', 'age_18_39', 'age_40_59', 'age_60_69', 'age_70_89', 'age_90_up'],
         ARRAY[[1, 2, 3, 4, 5, 6], [1, 2, 2, 3, 3, 3]], below),
        ('helped', 'everybody', ARRAY['all'], ARRAY[[1]], below),
        ('helped', 'age', ARRAY['unknown', 'age_0_17', 'age_18_39', 'age_40_59', 'age_60_69', 'age_70_89', 'age_90_up'],
         ARRAY[[1, 2, 3, 4, 5, 6, 7], [1, 1, 1, 1, 1, 2, 2]], below),
        ('helped', 'risk', ARRAY['high', 'key', 'general'], ARRAY[[1, 2, 3], [1, 2, 2]], below),
        ('helped', 'alone', ARRAY['yes', 'no', 'unknown'], ARRAY[[1, 2, 3], [1, 2, 2]], below_alone)
    ) AS s(family, attribute, classes, groupings, at_least) WHERE s.family = wanted
    LOOP
        SELECT array_agg(line ORDER BY at), CASE WHEN wanted = 'residents' THEN array_agg(rest_line ORDER BY at) END
        INTO cell_counts, cell_rests
        FROM (
            SELECT c.at, array_agg(coalesce(x.n, 0) ORDER BY p.number) AS line,
                   array_agg(coalesce(x.rest, 0) ORDER BY p.number) AS rest_line
            FROM unnest(spec.classes) WITH ORDINALITY AS c(class, at)
            CROSS JOIN unnest(numbers, kinds, ids) AS p(number, kind, id)
            LEFT JOIN suppressed_cells(wanted, extract(year FROM current_date)::int) x
              ON x.compound_id = p.id AND p.kind = 'compound' AND x.attribute = spec.attribute AND x.class = c.class
            GROUP BY c.at
        ) t;
        WITH RECURSIVE place AS (
            SELECT * FROM unnest(numbers, parents, kinds, ids, names, communities)
                          AS t(number, parent, kind, id, name, community_id)
        ), reach AS (
            SELECT number, community_id FROM place WHERE community_id IS NOT NULL
            UNION
            SELECT p.parent, r.community_id FROM reach r JOIN place p USING (number) WHERE p.parent > 0
        ), block AS MATERIALIZED (
            SELECT nextval(pg_get_serial_sequence('published_count', 'id')) AS id, s.*
            FROM suppressed_counts(parents, weights, cell_counts, cell_rests,
                                   CASE WHEN wanted = 'residents' THEN beside_lines END, spec.groupings, spec.at_least) s
        ), member AS (
            SELECT b.id AS count_id, m.number FROM block b CROSS JOIN LATERAL unnest(b.members) AS m(number)
        ), touched AS (
            SELECT count_id, array_agg(DISTINCT community_id ORDER BY community_id) AS communities
            FROM member JOIN reach USING (number) GROUP BY count_id
        ), stated AS (
            INSERT INTO published_count (id, publication_id, attribute, resolution, community_ids, groups, records, unknown)
            SELECT b.id, publication, spec.attribute, b.resolution, t.communities, (
                SELECT jsonb_agg(jsonb_build_object('classes', g.classes, 'count', b.sums[g.joined]) ORDER BY g.joined)
                FROM (SELECT c.joined, jsonb_agg(c.class ORDER BY c.at) AS classes
                      FROM unnest(b.groups, spec.classes) WITH ORDINALITY AS c(joined, class, at) GROUP BY 1) g),
                b.beside_sums[1], b.beside_sums[2]
            FROM block b JOIN touched t ON t.count_id = b.id
            RETURNING 1
        ), placed AS (
            INSERT INTO published_place (count_id, kind, place_id, name)
            SELECT m.count_id, p.kind, p.id, p.name FROM member m JOIN place p USING (number)
        )
        SELECT count(*) INTO made FROM stated;
        blocks := blocks + made;
    END LOOP;
    RETURN blocks;
END $$
