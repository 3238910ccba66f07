-- [Template]
-- Title=Scheduling Latency by Function
-- Title[zh_CN]=各函数的调度延迟
-- Question=Whose goroutines were ready to run, but had to wait for a processor?
-- Question[zh_CN]=哪些协程已经就绪，却还要等待处理器？
-- For=trace
-- Reading=One row for each function that goroutines started in. Delays of microseconds are normal; delays of milliseconds mean too few processors, or goroutines that run for long without a break.
-- Reading[zh_CN]=每行是一个协程入口函数。微秒级的延迟是正常的；毫秒级的延迟说明处理器不够，或有协程长时间不间断地运行。
-- Threshold=longest_ns >= 10ms
-- Verdict=A goroutine that was ready had to wait 10 ms or more for a processor.
-- Verdict[zh_CN]=有就绪的协程等待处理器达 10 毫秒以上。
-- [Parameters]
-- limit=20
WITH g AS MATERIALIZED (SELECT id, name FROM goroutine),
     l AS MATERIALIZED (SELECT goroutine, count(*) AS delays, sum(duration_ns) AS total_ns,
                               max(duration_ns) AS longest_ns
                        FROM sched_latency WHERE start_ns >= :from_ns AND start_ns < :to_ns
                        GROUP BY goroutine)
SELECT CASE g.name WHEN '' THEN '(unknown)' ELSE g.name END AS function,
       sum(l.delays) AS delays, sum(l.total_ns) AS total_ns,
       sum(l.total_ns) / sum(l.delays) AS mean_ns, max(l.longest_ns) AS longest_ns
FROM l JOIN g ON g.id = l.goroutine
GROUP BY g.name ORDER BY 3 DESC, 1 LIMIT :limit
