SELECT n.name, b.address, coalesce(u.code, b.code) AS place_code, CASE WHEN NOT c.placeholder THEN c.name END AS compound_name,
    b.number AS building_number, u.number AS unit_number, CASE WHEN NOT a.placeholder THEN a.code END AS community,
    o.name AS team, nullif(array_to_string(v.skills, ';'), '') AS skills, v.hours_week, w.times, v.limit_m, v.birth_year,
    v.party_member, v.checked_in_on
FROM volunteer v JOIN person n ON n.id = v.person_id JOIN area a ON a.id = v.community_id
LEFT JOIN building b ON b.id = v.building_id LEFT JOIN unit u ON u.id = v.unit_id
LEFT JOIN compound c ON c.id = b.compound_id LEFT JOIN organisation o ON o.id = v.team_id
CROSS JOIN LATERAL (
    SELECT string_agg('周' || substr('一二三四五六日', t.weekday + 1, 1) || ' '
        || to_char(make_interval(mins => t.from_minute), 'HH24:MI') || '-'
        || lpad((t.to_minute / 60)::text, 2, '0') || ':' || lpad((t.to_minute % 60)::text, 2, '0'),
        '; ' ORDER BY t.weekday, t.from_minute) AS times
    FROM availability t WHERE t.volunteer_id = v.id
) w
WHERE v.status <> 'ended' AND (CAST(:community_id AS int8) IS NULL OR v.community_id = :community_id)
ORDER BY a.name, n.name, v.id
