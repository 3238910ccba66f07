-- input: data/profiles/go1.27/webshop/cpu.pprof
SELECT l.text AS client, count(*) AS samples, sum(v.value) AS nanoseconds
FROM sample_label l JOIN sample_value v ON v.sample = l.sample AND v.idx = 1
WHERE l.key = 'client' GROUP BY 1 ORDER BY 1
