-- input: data/perf/difference.folded
SELECT s.id, t.type, v.value FROM sample s JOIN sample_value v ON v.sample = s.id
JOIN sample_type t ON t.idx = v.idx ORDER BY 1, t.idx
