-- input: data/expected/go1.27/annotations.trace
SELECT name, time_ns, value FROM metric ORDER BY time_ns, name
