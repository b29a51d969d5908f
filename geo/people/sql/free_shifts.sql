UPDATE shift SET status = 'open', volunteer_id = NULL, version = version + 1, changed_at = now()
WHERE circle_id = :circle_id AND on_day >= :day AND volunteer_id = ANY (:volunteer_ids)
  AND status IN ('offered', 'accepted')
