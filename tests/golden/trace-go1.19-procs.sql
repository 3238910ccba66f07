-- input: data/expected/go1.19/annotations.trace
SELECT proc, count(*), sum(duration_ns), count(DISTINCT goroutine) FROM proc_span GROUP BY proc ORDER BY proc
