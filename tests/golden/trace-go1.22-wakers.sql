-- input: data/expected/go1.22/selects.trace
SELECT s.goroutine, s.waker, s.reason, count(*), sum(s.duration_ns),
  coalesce(f.function, '') AS waker_function
FROM span s LEFT JOIN stack_frame f ON f.stack = s.waker_stack AND f.depth = 0
WHERE s.state = 'waiting' GROUP BY 1, 2, 3, 6 ORDER BY 1, 2, 3, 6
