-- input: data/expected/go1.19/annotations.trace
SELECT task, goroutine, time_ns, category, message FROM log ORDER BY time_ns
