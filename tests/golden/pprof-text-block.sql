-- input: data/profiles/go1.19/contention/block.debug1.txt.zst
SELECT p.kind, s.id, v.idx, v.value, f.function
FROM profile p, sample s JOIN sample_value v ON v.sample = s.id
JOIN stack_frame f ON f.stack = s.stack AND f.depth = 0 ORDER BY s.id, v.idx
