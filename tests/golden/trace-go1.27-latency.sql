-- input: data/expected/go1.27/annotations.trace
SELECT cause, count(*), sum(duration_ns), max(duration_ns), count(waker) FROM sched_latency
GROUP BY cause ORDER BY cause
