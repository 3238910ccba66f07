-- input: data/gotrace1/cut-go1.21.trace
SELECT state, reason, count(*), sum(duration_ns), max(stack) FROM span GROUP BY 1, 2 ORDER BY 1, 2
