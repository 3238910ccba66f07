-- input: data/expected/go1.19/annotations.trace
SELECT task, goroutine, name, start_ns, end_ns, depth FROM region ORDER BY goroutine, start_ns, depth
