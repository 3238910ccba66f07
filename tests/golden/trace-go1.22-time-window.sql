-- input: data/expected/go1.22/selects.trace
SELECT goroutine, start_ns, end_ns, state, reason, proc FROM span
WHERE start_ns >= 36000000 AND start_ns < 40000000 ORDER BY start_ns, goroutine
