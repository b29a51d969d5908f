CREATE FUNCTION suppressed_tree(
    parents int[], weights bigint[],
    OUT up int[], OUT low int[], OUT high int[], OUT place int[],
    OUT kids int[], OUT from_kid int[], OUT to_kid int[], OUT spots int[]
) LANGUAGE plpgsql IMMUTABLE SET search_path = public, pg_temp AS $$
-- The place tree with siblings halved again and again where their weights balance: every merged block is one of its nodes.
-- parents: of place i, less than i, 0 for the first. Nodes stand after the node above them (up); a node holds the spots
-- low to high; place is the place it is, NULL for several places
-- counted together: kids from from_kid to to_kid. spots: where each place stands.
DECLARE
    n int := cardinality(parents);
    loads bigint[];
    sizes int[] := array_fill(1, ARRAY[n]);
    quantity int[] := array_fill(0, ARRAY[n]);
    first int[] := array_fill(1, ARRAY[n]);
    free int[];
    so_far bigint[] := array_fill(0::bigint, ARRAY[n]);
    node int := 0; nodes int := 1; a int; b int; middle int; half bigint; kid int; part int; ends int[];
BEGIN
    up := array_fill(NULL::int, ARRAY[2 * n]);
    low := up; high := up; place := up; from_kid := up; to_kid := up;
    kids := array_fill(0, ARRAY[n]);
    spots := array_fill(1, ARRAY[n]);
    SELECT array_agg(greatest(w, 0) + 1 ORDER BY i) INTO loads FROM unnest(weights) WITH ORDINALITY AS t(w, i);
    FOR i IN REVERSE n..2 LOOP
        sizes[parents[i]] := sizes[parents[i]] + sizes[i];
        loads[parents[i]] := loads[parents[i]] + loads[i];
        quantity[parents[i]] := quantity[parents[i]] + 1;
    END LOOP;
    FOR i IN 2..n LOOP first[i] := first[i - 1] + quantity[i - 1]; END LOOP;
    free := first;
    FOR i IN 2..n LOOP kids[free[parents[i]]] := i; free[parents[i]] := free[parents[i]] + 1; END LOOP;
    FOR i IN 1..n LOOP
        a := spots[i] + 1; half := 0;
        FOR j IN first[i]..first[i] + quantity[i] - 1 LOOP
            spots[kids[j]] := a; a := a + sizes[kids[j]];
            half := half + loads[kids[j]]; so_far[j] := half;
        END LOOP;
    END LOOP;
    place[1] := 1; low[1] := 1; high[1] := n; from_kid[1] := 1; to_kid[1] := quantity[1];
    WHILE node < nodes LOOP
        node := node + 1; a := from_kid[node]; b := to_kid[node];
        CONTINUE WHEN a > b;
        middle := a;
        IF a < b THEN
            half := so_far[a] - loads[kids[a]] + so_far[b];
            WHILE middle < b - 1 AND 2 * so_far[middle] < half LOOP middle := middle + 1; END LOOP;
            IF middle > a AND half - 2 * so_far[middle - 1] <= 2 * so_far[middle] - half THEN middle := middle - 1; END IF;
        END IF;
        ends := CASE WHEN a = b THEN ARRAY[a - 1, a] ELSE ARRAY[a - 1, middle, b] END;
        FOR part IN 2..cardinality(ends) LOOP
            nodes := nodes + 1; up[nodes] := node; a := ends[part - 1] + 1; b := ends[part]; kid := kids[b];
            low[nodes] := spots[kids[a]]; high[nodes] := spots[kid] + sizes[kid] - 1;
            IF a = b THEN place[nodes] := kid; a := first[kid]; b := first[kid] + quantity[kid] - 1; END IF;
            from_kid[nodes] := a; to_kid[nodes] := b;
        END LOOP;
    END LOOP;
    up := up[1:nodes]; low := low[1:nodes]; high := high[1:nodes]; place := place[1:nodes];
    from_kid := from_kid[1:nodes]; to_kid := to_kid[1:nodes];
END $$
