-- input: data/gotrace1/cgo-go1.21.trace
SELECT g.id, g.name, g.create_ns, s.state, s.reason, count(*), sum(s.duration_ns)
FROM goroutine g JOIN span s ON s.goroutine = g.id GROUP BY 1, 4, 5 ORDER BY 1, 4, 5
