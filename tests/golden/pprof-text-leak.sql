-- input: data/profiles/go1.27/leak/goroutineleak.debug1.txt.zst
SELECT p.kind, s.id, v.value, (SELECT group_concat(function || coalesce(':' || nullif(line, 0), ''), ' < ') FROM (SELECT * FROM stack_frame WHERE stack = s.stack ORDER BY depth)) AS stack
FROM profile p, sample s JOIN sample_value v ON v.sample = s.id ORDER BY s.id
