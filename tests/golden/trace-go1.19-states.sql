-- input: data/expected/go1.19/annotations.trace
SELECT state, reason, count(*), sum(duration_ns), min(duration_ns), max(duration_ns)
FROM span GROUP BY state, reason ORDER BY state, reason
