-- input: data/perf/webshop.txt
SELECT f.function, count(*) AS samples, sum(v.value) AS nanoseconds
FROM sample s JOIN sample_value v ON v.sample = s.id AND v.idx = 1
JOIN stack_frame f ON f.stack = s.stack AND f.depth = 0 GROUP BY 1 ORDER BY 2 DESC, 1
