SELECT app_city_wide(),
    ARRAY(SELECT DISTINCT m.community_id FROM membership m ORDER BY 1),
    (SELECT d.oid::bigint FROM pg_database d WHERE d.datname = current_database())
