INSERT INTO known (row, id)
SELECT p.row, h.id
FROM incoming s JOIN placed p USING (row) JOIN household h ON h.unit_id = p.unit_id AND h.room = s.room
WHERE NOT EXISTS (SELECT FROM known k WHERE k.row = p.row);
