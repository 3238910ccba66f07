-- [Template]
-- Title=Longest Waits of a Dump
-- Title[zh_CN]=转储中的最长等待
-- Question=Which goroutines have waited longest?
-- Question[zh_CN]=哪些协程等待得最久？
-- For=dump
-- Reading=One row for each goroutine that has waited for at least minutes.
-- Reading[zh_CN]=每行是一个至少等待了 minutes 分钟的协程。
-- Threshold=wait_minutes >= 5
-- Verdict=A goroutine has waited for five minutes or more.
-- Verdict[zh_CN]=有协程等待了五分钟以上。
-- [Parameters]
-- minutes=1
-- limit=20
SELECT d.id, d.state, d.wait_minutes, f.function, f.file, f.line
FROM dump_goroutine d
LEFT JOIN stack_frame f ON f.stack = d.stack AND f.depth = coalesce(
         (SELECT min(o.depth) FROM stack_frame o WHERE o.stack = d.stack
               AND o.function NOT GLOB 'runtime.*' AND o.function NOT GLOB 'runtime/*'
               AND o.function NOT GLOB 'internal/*' AND o.function NOT GLOB 'sync.*'
               AND o.function NOT GLOB 'sync/*' AND o.function NOT GLOB 'syscall.*'
               AND o.function NOT GLOB 'time.*'), 0)
WHERE d.wait_minutes >= :minutes
ORDER BY d.wait_minutes DESC, d.id LIMIT :limit
