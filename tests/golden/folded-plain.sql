-- input: data/perf/stacks.folded
SELECT s.id, v.value, (SELECT group_concat(function || coalesce(':' || nullif(line, 0), ''), ' < ') FROM (SELECT * FROM stack_frame WHERE stack = s.stack ORDER BY depth)) AS stack FROM sample s JOIN sample_value v ON v.sample = s.id ORDER BY 1
