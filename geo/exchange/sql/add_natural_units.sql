INSERT INTO known (row, id)
SELECT p.row, u.id
FROM incoming s JOIN placed p USING (row) JOIN unit u ON u.building_id = p.building_id AND u.number = s.number
WHERE NOT EXISTS (SELECT FROM known k WHERE k.row = p.row);
