-- [Template]
-- Title=Leaks by Stack
-- Title[zh_CN]=各调用栈的泄漏
-- Question=At which places do many goroutines wait?
-- Question[zh_CN]=许多协程在哪些地方等待？
-- For=dump
-- Reading=One row for each stack of waiting goroutines. Many at one place, waiting for minutes, are usually a leak: look for what should have ended their wait.
-- Reading[zh_CN]=每行是一个等待协程的调用栈。许多协程在同一处等待好几分钟，多半是泄漏：看看本该由什么结束它们的等待。
-- Threshold=goroutines >= 10
-- Verdict=Ten goroutines or more wait at the same stack.
-- Verdict[zh_CN]=有十个以上的协程在同一调用栈上等待。
-- [Parameters]
-- limit=20
SELECT d.goroutines, d.state, d.longest_minutes, f.function, f.file, f.line
FROM (SELECT stack, state, sum(coalesce(count, 1)) AS goroutines,
             max(wait_minutes) AS longest_minutes
      FROM dump_goroutine WHERE state NOT IN ('running', 'runnable') GROUP BY stack, state) d
LEFT JOIN stack_frame f ON f.stack = d.stack AND f.depth = coalesce(
         (SELECT min(o.depth) FROM stack_frame o WHERE o.stack = d.stack
               AND o.function NOT GLOB 'runtime.*' AND o.function NOT GLOB 'runtime/*'
               AND o.function NOT GLOB 'internal/*' AND o.function NOT GLOB 'sync.*'
               AND o.function NOT GLOB 'sync/*' AND o.function NOT GLOB 'syscall.*'
               AND o.function NOT GLOB 'time.*'), 0)
ORDER BY d.goroutines DESC, d.longest_minutes DESC, f.function, f.line, d.state LIMIT :limit
