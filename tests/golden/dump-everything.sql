-- input: data/dumps/everything.txt
SELECT d.id, d.state, d.wait_minutes, d.locked_to_thread, d.creator, d.count, (SELECT group_concat(function || coalesce(':' || nullif(line, 0), ''), ' < ')
  FROM (SELECT function, line FROM stack_frame f WHERE f.stack = d.stack ORDER BY f.depth)) AS stack,
  (SELECT group_concat(function || coalesce(':' || nullif(line, 0), ''), ' < ')
  FROM (SELECT function, line FROM stack_frame f WHERE f.stack = d.create_stack ORDER BY f.depth)) AS created
FROM dump_goroutine d
