-- [Template]
-- Title=Who Ended the Waits
-- Title[zh_CN]=谁结束了等待
-- Question=Which goroutines do others depend on?
-- Question[zh_CN]=其他协程依赖于哪些协程？
-- For=trace
-- Reading=One row for each pair of functions: goroutines of waiter waited until one of waker went on.
-- Reading[zh_CN]=每行是一对函数：waiter 的协程一直等到 waker 的协程将其唤醒。
-- [Parameters]
-- limit=20
WITH g AS MATERIALIZED (SELECT id, name, system FROM goroutine)
SELECT g.name AS waiter, w.name AS waker, s.reason, count(*) AS waits,
       sum(s.duration_ns) AS total_ns, max(s.duration_ns) AS longest_ns
FROM span s JOIN g ON g.id = s.goroutine JOIN g w ON w.id = s.waker
WHERE s.state = 'waiting' AND g.system = 0 AND s.start_ns >= :from_ns AND s.start_ns < :to_ns
GROUP BY 1, 2, 3 ORDER BY total_ns DESC, 1, 2 LIMIT :limit
