-- input: data/races/go-test-go1.27.txt
SELECT r.id, r.kind, r.goroutine, r.previous_kind, r.previous_goroutine, (SELECT group_concat(function || coalesce(':' || nullif(line, 0), ''), ' < ')
  FROM (SELECT function, line FROM stack_frame f WHERE f.stack = r.stack ORDER BY f.depth)) AS stack,
  (SELECT group_concat(function || coalesce(':' || nullif(line, 0), ''), ' < ')
  FROM (SELECT function, line FROM stack_frame f WHERE f.stack = r.previous_stack ORDER BY f.depth)) AS previous
FROM race r
