-- input: data/profiles/made/jemalloc.heap
SELECT s.id,
       (SELECT group_concat(value) FROM sample_value v WHERE v.sample = s.id) AS "values",
       (SELECT group_concat(key || '=' || coalesce(text, number)) FROM sample_label l
        WHERE l.sample = s.id) AS labels,
       (SELECT group_concat(function || '@' || file) FROM stack_frame f
        WHERE f.stack = s.stack) AS stack
  FROM sample s ORDER BY s.id
