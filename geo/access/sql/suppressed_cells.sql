CREATE FUNCTION suppressed_cells(wanted text, of_year int) RETURNS TABLE (
    compound_id bigint, attribute text, class text, n bigint, rest bigint
) LANGUAGE sql STABLE SET search_path = public, pg_temp AS $$
-- How many people of each class live in each compound. Residents: as recorded by building; rest are those of them who are
-- not helped (helped ones of unknown age taken off every class), so that residents less helped gives no small number.
-- Helped: persons with a need that has not ended, in every attribute, an unknown value being a class of its own.
WITH helped AS (
    SELECT b.id AS building_id, b.compound_id, p.risk_class, p.living_alone, of_year - p.birth_year AS age
    FROM personal.helped_person p
    JOIN building b ON b.id = p.building_id AND b.closed_on IS NULL
    WHERE EXISTS (SELECT FROM care_need c WHERE c.helped_person_id = p.id AND c.status <> 'ended')
), aged AS (
    SELECT h.*, CASE WHEN age IS NULL THEN 'unknown' WHEN age < 18 THEN 'age_0_17' WHEN age < 40 THEN 'age_18_39'
                     WHEN age < 60 THEN 'age_40_59' WHEN age < 70 THEN 'age_60_69' WHEN age < 90 THEN 'age_70_89'
                     ELSE 'age_90_up' END AS age_class
    FROM helped h
), helped_here AS (
    SELECT building_id, age_class, count(*) AS n FROM aged GROUP BY 1, 2
), recorded AS (
    SELECT b.compound_id, c.class, c.n, greatest(c.n - coalesce(k.n, 0) - coalesce(u.n, 0), 0) AS rest
    FROM residents r
    JOIN building b ON b.id = r.building_id AND b.closed_on IS NULL
    CROSS JOIN LATERAL (VALUES ('age_0_17', r.age_0_17), ('age_18_39', r.age_18_39), ('age_40_59', r.age_40_59),
                               ('age_60_69', r.age_60_69), ('age_70_89', r.age_70_89), ('age_90_up', r.age_90_up)
                       ) c(class, n)
    LEFT JOIN helped_here k ON k.building_id = r.building_id AND k.age_class = c.class
    LEFT JOIN helped_here u ON u.building_id = r.building_id AND u.age_class = 'unknown'
    WHERE wanted = 'residents' AND c.n IS NOT NULL
)
SELECT compound_id, 'age', class, sum(n)::bigint, sum(rest)::bigint FROM recorded GROUP BY 1, 3
UNION ALL
SELECT compound_id, 'everybody', 'all', sum(n)::bigint, sum(rest)::bigint FROM recorded GROUP BY 1
UNION ALL
SELECT a.compound_id, c.attribute, c.class, count(*), NULL
FROM aged a
CROSS JOIN LATERAL (VALUES ('everybody', 'all'), ('age', a.age_class), ('risk', a.risk_class),
    ('alone', CASE a.living_alone WHEN true THEN 'yes' WHEN false THEN 'no' ELSE 'unknown' END)) c(attribute, class)
WHERE wanted = 'helped'
GROUP BY 1, 2, 3 $$
