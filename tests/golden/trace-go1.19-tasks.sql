-- input: data/expected/go1.19/annotations.trace
SELECT id, parent, name, goroutine, start_ns, end_ns FROM task ORDER BY id
