-- input: data/damaged/truncated-last-generation-1.27.trace
SELECT state, reason, count(*), sum(duration_ns), min(duration_ns), max(duration_ns)
FROM span GROUP BY state, reason ORDER BY state, reason
