-- input: data/expected/go1.27/annotations.trace
SELECT task, goroutine, time_ns, category, message FROM log ORDER BY time_ns
