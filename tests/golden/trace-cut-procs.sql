-- input: data/damaged/truncated-last-generation-1.27.trace
SELECT proc, count(*), sum(duration_ns), count(DISTINCT goroutine) FROM proc_span GROUP BY proc ORDER BY proc
