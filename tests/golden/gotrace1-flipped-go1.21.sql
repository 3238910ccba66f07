-- input: data/gotrace1/flipped-go1.21.trace
SELECT state, reason, count(*), sum(duration_ns) FROM span GROUP BY 1, 2 ORDER BY 1, 2
