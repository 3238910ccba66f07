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
SELECT CASE g.name WHEN '' THEN '(unknown)' ELSE g.name END AS function, count(*) AS delays,
       sum(l.duration_ns) AS total_ns, sum(l.duration_ns) / count(*) AS mean_ns,
       max(l.duration_ns) AS longest_ns
FROM sched_latency l JOIN goroutine g ON g.id = l.goroutine
WHERE l.start_ns >= :from_ns AND l.start_ns < :to_ns
GROUP BY g.name ORDER BY total_ns DESC, function LIMIT :limit
