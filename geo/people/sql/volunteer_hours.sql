SELECT coalesce(sum(g.minutes) FILTER (WHERE g.given_on >= :since), 0) AS given,
       coalesce(sum(g.minutes) FILTER (WHERE g.given_on >= :since AND g.confirmed_by IS NOT NULL), 0) AS confirmed,
       count(*) FILTER (WHERE g.confirmed_by IS NULL) AS waiting
FROM hours_given g
WHERE CAST(:community_id AS bigint) IS NULL OR g.community_id = :community_id
