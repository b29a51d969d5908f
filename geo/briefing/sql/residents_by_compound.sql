SELECT b.compound_id, sum(coalesce(r.age_0_17, 0))::bigint AS age_0_17, sum(r.age_18_39)::bigint AS age_18_39,
       sum(r.age_40_59)::bigint AS age_40_59, sum(r.age_60_69)::bigint AS age_60_69,
       sum(r.age_70_89)::bigint AS age_70_89, sum(r.age_90_up)::bigint AS age_90_up,
       count(*)::int AS records
FROM residents r
JOIN building b ON b.id = r.building_id AND b.closed_on IS NULL
WHERE r.age_18_39 IS NOT NULL AND r.age_40_59 IS NOT NULL AND r.age_60_69 IS NOT NULL AND r.age_70_89 IS NOT NULL
  AND r.age_90_up IS NOT NULL AND (CAST(:community AS bigint) IS NULL OR b.community_id = :community)
GROUP BY b.compound_id
ORDER BY b.compound_id
