-- input: data/profiles/made/wall-diff.pb
SELECT s.id, f.depth, f.function, f.file, f.line, f.inlined
FROM sample s JOIN stack_frame f ON f.stack = s.stack ORDER BY 1, 2
