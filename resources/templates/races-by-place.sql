-- [Template]
-- Title=Races by Place
-- Title[zh_CN]=各位置的数据竞争
-- Question=Which places access the same memory without an order between them?
-- Question[zh_CN]=哪些位置无序地访问了同一块内存？
-- For=race
-- Reading=One row for each pair of places. Each is a bug, however seldom it happens.
-- Reading[zh_CN]=每行是一对位置。每一处都是错误，不论它多么少见。
-- Threshold=races >= 1
-- Verdict=There is a data race.
-- Verdict[zh_CN]=存在数据竞争。
-- [Parameters]
-- limit=50
SELECT count(*) AS races, r.kind, a.function, a.file, a.line, r.previous_kind,
       b.function AS previous_function, b.file AS previous_file, b.line AS previous_line
FROM race r LEFT JOIN stack_frame a ON a.stack = r.stack AND a.depth = 0
LEFT JOIN stack_frame b ON b.stack = r.previous_stack AND b.depth = 0
GROUP BY 2, 3, 4, 5, 6, 7, 8, 9 ORDER BY races DESC, min(r.id) LIMIT :limit
