-- input: data/races/race-go1.19.txt
SELECT r.id, r.kind, printf('0x%x', r.address) AS address, r.goroutine, r.previous_kind, r.previous_goroutine,
  (SELECT group_concat(function || coalesce(':' || nullif(line, 0), ''), ' < ')
  FROM (SELECT function, line FROM stack_frame f WHERE f.stack = r.stack ORDER BY f.depth)) AS stack, (SELECT group_concat(function || coalesce(':' || nullif(line, 0), ''), ' < ')
  FROM (SELECT function, line FROM stack_frame f WHERE f.stack = r.previous_stack ORDER BY f.depth)) AS previous, (SELECT group_concat(function || coalesce(':' || nullif(line, 0), ''), ' < ')
  FROM (SELECT function, line FROM stack_frame f WHERE f.stack = r.goroutine_create_stack ORDER BY f.depth)) AS created,
  (SELECT group_concat(function || coalesce(':' || nullif(line, 0), ''), ' < ')
  FROM (SELECT function, line FROM stack_frame f WHERE f.stack = r.previous_create_stack ORDER BY f.depth)) AS previous_created
FROM race r
