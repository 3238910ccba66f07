-- [Template]
-- Title=Longest Waits by Place
-- Title[zh_CN]=各位置的最长等待
-- Question=Where in the program did goroutines wait, and for how long?
-- Question[zh_CN]=协程在程序的哪些地方等待？等了多久？
-- For=trace
-- Reading=One row for each line of code and reason. Goroutines of the runtime are left out. Long waits of idle workers are normal; long waits within a request are not.
-- Reading[zh_CN]=每行是一行代码和一个等待原因，不含运行时自己的协程。空闲的工作协程长时间等待是正常的，请求处理中的长时间等待则不正常。
-- Threshold=longest_ns >= 1s
-- Verdict=A goroutine waited for a second or more at one place.
-- Verdict[zh_CN]=有协程在同一处等待了一秒以上。
-- [Parameters]
-- least_ns=0
-- limit=20
WITH own AS MATERIALIZED (SELECT id FROM goroutine WHERE system = 0)
SELECT f.function, f.file, f.line, w.reason, sum(w.waits) AS waits, sum(w.total_ns) AS total_ns,
       max(w.longest_ns) AS longest_ns
FROM (SELECT s.stack, s.reason, count(*) AS waits, sum(s.duration_ns) AS total_ns,
             max(s.duration_ns) AS longest_ns
      FROM span s JOIN own g ON g.id = s.goroutine
      WHERE s.state = 'waiting' AND s.duration_ns >= :least_ns
        AND s.start_ns >= :from_ns AND s.start_ns < :to_ns
      GROUP BY s.stack, s.reason) w
LEFT JOIN stack_frame f ON f.stack = w.stack AND f.depth = coalesce(
         (SELECT min(o.depth) FROM stack_frame o WHERE o.stack = w.stack
               AND o.function NOT GLOB 'runtime.*' AND o.function NOT GLOB 'runtime/*'
               AND o.function NOT GLOB 'internal/*' AND o.function NOT GLOB 'sync.*'
               AND o.function NOT GLOB 'sync/*' AND o.function NOT GLOB 'syscall.*'
               AND o.function NOT GLOB 'time.*'), 0)
GROUP BY 1, 2, 3, 4 ORDER BY longest_ns DESC, total_ns DESC, 1 LIMIT :limit
