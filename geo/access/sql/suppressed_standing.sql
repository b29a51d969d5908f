CREATE FUNCTION suppressed_standing(up int[], low int[], high int[], lines bigint[], groups int[], at_least bigint[])
RETURNS TABLE (node int, atom boolean, sums bigint[])
LANGUAGE plpgsql IMMUTABLE SET search_path = public, pg_temp AS $$
-- The nodes of a tree that stand: the first when all its groups reach their least count, any other when it and what it was
-- halved from do. lines: counts by line and spot; groups: the group of each line, at_least: the least count of each group.
-- An atom has nothing standing below it; sums are the counts by group.
DECLARE
    n int := high[1];
    nodes int := cardinality(up);
    many int := cardinality(at_least);
    so_far bigint[] := array_fill(0::bigint, ARRAY[many * (n + 1)]);
    enough boolean[] := array_fill(true, ARRAY[nodes]);
    halved boolean[] := array_fill(true, ARRAY[nodes]);
    stands boolean[] := array_fill(false, ARRAY[nodes]);
    has_below boolean[] := array_fill(false, ARRAY[nodes]);
    start int;
BEGIN
    FOR line IN 1..cardinality(groups) LOOP
        start := (groups[line] - 1) * (n + 1) + 1;
        FOR i IN 1..n LOOP so_far[start + i] := so_far[start + i] + lines[line][i]; END LOOP;
    END LOOP;
    FOR g IN 1..many LOOP
        start := (g - 1) * (n + 1) + 1;
        FOR i IN 1..n LOOP so_far[start + i] := so_far[start + i] + so_far[start + i - 1]; END LOOP;
        FOR i IN 1..nodes LOOP
            IF so_far[start + high[i]] - so_far[start + low[i] - 1] < at_least[g] THEN enough[i] := false; END IF;
        END LOOP;
    END LOOP;
    FOR i IN 2..nodes LOOP
        IF NOT enough[i] THEN halved[up[i]] := false; END IF;
    END LOOP;
    stands[1] := enough[1];
    FOR i IN 2..nodes LOOP
        stands[i] := stands[up[i]] AND halved[up[i]];
        IF stands[i] THEN has_below[up[i]] := true; END IF;
    END LOOP;
    FOR i IN 1..nodes LOOP
        CONTINUE WHEN NOT stands[i];
        node := i; atom := NOT has_below[i];
        sums := array_fill(0::bigint, ARRAY[many]);
        FOR g IN 1..many LOOP
            start := (g - 1) * (n + 1) + 1;
            sums[g] := so_far[start + high[i]] - so_far[start + low[i] - 1];
        END LOOP;
        RETURN NEXT;
    END LOOP;
END $$
