-- input: data/expected/go1.27/annotations.trace
SELECT s.goroutine, s.start_ns, f.depth, f.function, f.file, f.line, f.inlined
FROM span s JOIN stack_frame f ON f.stack = s.stack
WHERE s.goroutine = 10 AND s.state = 'waiting' ORDER BY s.start_ns, f.depth LIMIT 40
