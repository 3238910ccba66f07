-- input: data/perf/webshop.txt
SELECT key, count(*), count(DISTINCT coalesce(text, number)) AS different, min(unit) AS unit
FROM sample_label GROUP BY 1 ORDER BY 1
