UPDATE shift SET status = 'cancelled', reason = :reason, version = version + 1, changed_at = now()
WHERE circle_id = :circle_id AND on_day >= :day AND status IN ('open', 'offered', 'accepted')
