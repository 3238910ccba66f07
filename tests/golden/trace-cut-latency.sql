-- input: data/damaged/truncated-last-generation-1.27.trace
SELECT cause, count(*), sum(duration_ns), max(duration_ns), count(waker) FROM sched_latency
GROUP BY cause ORDER BY cause
