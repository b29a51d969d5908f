SELECT n.id, n.number AS need_number, n.community_id, a.name AS community, n.building_id, n.tasks, n.opened_on,
       b.compound_id, b.number, b.name, b.address, b.code, u.number AS unit_number, h.room,
       CASE WHEN c.placeholder THEN NULL ELSE c.name END AS compound,
       d.last_met_on, d.last_tried_on, d.due_on, d.after_change, d.state, v.result AS last_result, v.recorded_by AS last_by
FROM personal.visits_due(:zone, CAST(:community_id AS bigint), CAST(:need_ids AS bigint[])) d
JOIN care_need n ON n.id = d.care_need_id
JOIN building b ON b.id = n.building_id
JOIN compound c ON c.id = b.compound_id
JOIN area a ON a.id = n.community_id
LEFT JOIN unit u ON u.id = n.unit_id
LEFT JOIN household h ON h.id = n.household_id
LEFT JOIN LATERAL (
    SELECT l.result, l.recorded_by FROM visit l WHERE l.care_need_id = n.id ORDER BY l.visited_at DESC, l.id DESC LIMIT 1
) v ON true
WHERE (CAST(:compound_id AS bigint) IS NULL OR b.compound_id = :compound_id)
  AND (CAST(:building_ids AS bigint[]) IS NULL OR n.building_id = ANY (CAST(:building_ids AS bigint[])))
  AND (CAST(:visitor AS text) IS NULL OR v.recorded_by = :visitor)
  AND (CAST(:until AS date) IS NULL OR d.due_on <= :until)
  AND (CAST(:state AS text) IS NULL OR d.state = :state)
ORDER BY d.due_on, a.name, c.name, length(b.number), b.number, length(u.number), u.number, h.room, n.number
LIMIT :most
