-- input: data/dumps/ancestors-go1.27.txt
SELECT d.id, d.state, d.creator, (SELECT group_concat(function || coalesce(':' || nullif(line, 0), ''), ' < ')
  FROM (SELECT function, line FROM stack_frame f WHERE f.stack = d.create_stack ORDER BY f.depth)) AS created FROM dump_goroutine d
