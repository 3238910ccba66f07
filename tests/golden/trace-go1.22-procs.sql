-- input: data/expected/go1.22/selects.trace
SELECT proc, count(*), sum(duration_ns), count(DISTINCT goroutine) FROM proc_span GROUP BY proc ORDER BY proc
