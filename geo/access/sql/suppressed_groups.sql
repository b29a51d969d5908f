CREATE FUNCTION suppressed_groups(totals bigint[], wanted int[], finer int[], at_least bigint) RETURNS int[]
LANGUAGE plpgsql IMMUTABLE SET search_path = public, pg_temp AS $$
-- Groups of neighbouring classes that all reach the least count in the whole city: the wanted ones, joined where the finer
-- groups (NULL: none) already are and wherever one is too small. totals: lines of counts by class, each line must reach it.
-- NULL when not even all classes together do.
DECLARE
    classes int := cardinality(wanted);
    joined int[] := array_fill(1, ARRAY[classes]);
    many int;
    sums bigint[];
    smallest int;
    other int;
BEGIN
    FOR c IN 2..classes LOOP
        joined[c] := joined[c - 1]
            + (wanted[c] <> wanted[c - 1] AND (finer IS NULL OR finer[c] <> finer[c - 1]))::int;
    END LOOP;
    LOOP
        many := joined[classes];
        SELECT array_agg(s ORDER BY g) INTO sums
        FROM (SELECT joined[c] AS g, sum(totals[1][c]) AS s FROM generate_series(1, classes) c GROUP BY 1) t;
        SELECT t.g INTO smallest
        FROM (SELECT joined[c] AS g, sum(totals[line][c]) AS s
              FROM generate_series(1, classes) c, generate_series(1, array_length(totals, 1)) line
              GROUP BY joined[c], line) t
        WHERE t.s < at_least ORDER BY sums[t.g], t.g LIMIT 1;
        IF NOT FOUND THEN RETURN joined; END IF;
        IF many = 1 THEN RETURN NULL; END IF;
        other := CASE WHEN smallest = 1 THEN 2 WHEN smallest = many OR sums[smallest - 1] <= sums[smallest + 1]
                 THEN smallest - 1 ELSE smallest + 1 END;
        FOR c IN 1..classes LOOP
            IF joined[c] >= greatest(smallest, other) THEN joined[c] := joined[c] - 1; END IF;
        END LOOP;
    END LOOP;
END $$
