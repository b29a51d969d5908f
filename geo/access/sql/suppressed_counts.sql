CREATE FUNCTION suppressed_counts(
    parents int[], weights bigint[], counts bigint[], rests bigint[], beside bigint[], wanted int[], at_least bigint
) RETURNS TABLE (resolution int, level_place int, members int[], groups int[], sums bigint[], beside_sums bigint[])
LANGUAGE plpgsql IMMUTABLE SET search_path = public, pg_temp AS $$
-- What may be said of one attribute: for each resolution the blocks of places with their counts by group of classes.
-- parents, weights: as in suppressed_tree. counts: by class and place; rests (NULL: none): as counts, never given out, but
-- every group of them must reach the least count too; beside: by line and place, given out with the blocks whatever they
-- are. wanted: by resolution the groups of the classes, finest first, each later one joining what the ones before join.
-- A block is a place (level_place) or places counted together (NULL); groups: the group of each class.
DECLARE
    up int[]; low int[]; high int[]; place int[]; kids int[]; from_kid int[]; to_kid int[]; spots int[];
    found record;
    n int := cardinality(parents);
    classes int := array_length(counts, 1);
    guards int := CASE WHEN rests IS NULL THEN 0 ELSE classes END;
    others int := coalesce(array_length(beside, 1), 0);
    lines bigint[] := array_fill(0::bigint, ARRAY[classes + guards + others, n]);
    totals bigint[] := array_fill(0::bigint, ARRAY[1 + (guards > 0)::int, classes]);
    of_line int[];
    many int;
BEGIN
    SELECT t.up, t.low, t.high, t.place, t.kids, t.from_kid, t.to_kid, t.spots
    INTO up, low, high, place, kids, from_kid, to_kid, spots FROM suppressed_tree(parents, weights) t;
    FOR i IN 1..n LOOP
        FOR c IN 1..classes LOOP
            lines[c][spots[i]] := counts[c][i];
            totals[1][c] := totals[1][c] + counts[c][i];
            IF guards > 0 THEN
                lines[classes + c][spots[i]] := rests[c][i];
                totals[2][c] := totals[2][c] + rests[c][i];
            END IF;
        END LOOP;
        FOR line IN 1..others LOOP lines[classes + guards + line][spots[i]] := beside[line][i]; END LOOP;
    END LOOP;
    FOR r IN 1..array_length(wanted, 1) LOOP
        resolution := r;
        groups := suppressed_groups(
            totals, (SELECT array_agg(wanted[r][c] ORDER BY c) FROM generate_series(1, classes) c), groups, at_least);
        EXIT WHEN groups IS NULL;
        many := groups[classes];
        of_line := groups;
        FOR c IN 1..guards LOOP of_line := of_line || (many + groups[c]); END LOOP;
        FOR line IN 1..others LOOP of_line := of_line || (many * (1 + (guards > 0)::int) + line); END LOOP;
        FOR found IN SELECT s.node, s.atom, s.sums FROM suppressed_standing(up, low, high, lines, of_line,
            array_fill(at_least, ARRAY[many * (1 + (guards > 0)::int)]) || array_fill(0::bigint, ARRAY[others])) s
        LOOP
            level_place := place[found.node];
            CONTINUE WHEN level_place IS NULL AND NOT found.atom;
            members := CASE WHEN level_place IS NULL THEN kids[from_kid[found.node] : to_kid[found.node]]
                       ELSE ARRAY[level_place] END;
            sums := found.sums[1:many];
            beside_sums := found.sums[many * (1 + (guards > 0)::int) + 1:];
            RETURN NEXT;
        END LOOP;
    END LOOP;
END $$
