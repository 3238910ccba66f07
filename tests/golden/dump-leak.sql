-- input: data/dumps/leak-go1.27.txt.zst
SELECT d.state, count(*), f.function, c.function AS created_by, d.creator
FROM dump_goroutine d
LEFT JOIN stack_frame f ON f.stack = d.stack AND f.depth = (SELECT depth - 1 FROM stack WHERE id = d.stack)
LEFT JOIN stack_frame c ON c.stack = d.create_stack AND c.depth = 0
GROUP BY 1, 3, 4, 5 ORDER BY 1, 3
