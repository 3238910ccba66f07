-- [Template]
-- Title=Who Held the Processors
-- Title[zh_CN]=谁占用了处理器
-- Question=Which functions' goroutines ran, and for what share of the time that processors were in use?
-- Question[zh_CN]=哪些函数的协程在运行？各占处理器使用时间的多少？
-- For=trace
-- Reading=One row for each function that goroutines started in. share is the part of all the time in which something ran: 1 is everything.
-- Reading[zh_CN]=每行是一个协程入口函数。share 是它占全部运行时间的比例，1 为全部。
-- Threshold=share >= 0.5
-- Verdict=One function's goroutines took half of all running time or more.
-- Verdict[zh_CN]=某一个函数的协程占了全部运行时间的一半以上。
-- [Parameters]
-- limit=20
WITH g AS MATERIALIZED (SELECT id, name FROM goroutine),
     p AS MATERIALIZED (SELECT goroutine, count(*) AS runs, sum(duration_ns) AS running_ns,
                               max(duration_ns) AS longest_ns
                        FROM proc_span WHERE goroutine IS NOT NULL
                          AND start_ns >= :from_ns AND start_ns < :to_ns GROUP BY goroutine)
SELECT CASE g.name WHEN '' THEN '(unknown)' ELSE g.name END AS function,
       count(*) AS goroutines, sum(p.runs) AS runs, sum(p.running_ns) AS running_ns,
       max(p.longest_ns) AS longest_ns,
       round(1.0 * sum(p.running_ns) / (SELECT sum(running_ns) FROM p), 4) AS share
FROM p JOIN g ON g.id = p.goroutine
GROUP BY g.name ORDER BY 4 DESC, 1 LIMIT :limit
