-- [Template]
-- Title=Long System Calls by Place
-- Title[zh_CN]=各位置的长系统调用
-- Question=Which system calls held up goroutines?
-- Question[zh_CN]=哪些系统调用耽误了协程？
-- For=trace
-- Reading=One row for each line of code that made a system call of at least least_ns. Each of them holds an OS thread.
-- Reading[zh_CN]=每行是一行代码，其系统调用至少持续 least_ns。每个这样的调用占用一个系统线程。
-- Threshold=longest_ns >= 10ms
-- Verdict=A system call took 10 ms or more.
-- Verdict[zh_CN]=有系统调用持续了 10 毫秒以上。
-- [Parameters]
-- least_ns=100us
-- limit=20
SELECT f.function, f.file, f.line, sum(w.calls) AS calls, sum(w.total_ns) AS total_ns,
       max(w.longest_ns) AS longest_ns
FROM (SELECT stack, count(*) AS calls, sum(duration_ns) AS total_ns,
             max(duration_ns) AS longest_ns
      FROM span WHERE state = 'syscall' AND duration_ns >= :least_ns
        AND start_ns >= :from_ns AND start_ns < :to_ns GROUP BY stack) w
LEFT JOIN stack_frame f ON f.stack = w.stack AND f.depth = coalesce(
         (SELECT min(o.depth) FROM stack_frame o WHERE o.stack = w.stack
               AND o.function NOT GLOB 'runtime.*' AND o.function NOT GLOB 'runtime/*'
               AND o.function NOT GLOB 'internal/*' AND o.function NOT GLOB 'sync.*'
               AND o.function NOT GLOB 'sync/*' AND o.function NOT GLOB 'syscall.*'
               AND o.function NOT GLOB 'time.*'), 0)
GROUP BY 1, 2, 3 ORDER BY total_ns DESC, 1 LIMIT :limit
