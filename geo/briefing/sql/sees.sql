SELECT app_city_wide(), ARRAY(SELECT m.community_id FROM membership m ORDER BY 1)
