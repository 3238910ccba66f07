-- [Template]
-- Title=Goroutine Growth by Function
-- Title[zh_CN]=各函数的协程增长
-- Question=Whose goroutines are created faster than they end?
-- Question[zh_CN]=哪些函数的协程创建得比结束得快？
-- For=trace
-- Reading=One row for each function that goroutines started in. alive is how many were left when the recording ended. A number that keeps growing is a leak.
-- Reading[zh_CN]=每行是一个协程入口函数。alive 是记录结束时还在的协程数。持续增长就是泄漏。
-- Threshold=grown >= 100
-- Verdict=A hundred goroutines or more that were created in this time had not ended.
-- Verdict[zh_CN]=有一百个以上在此期间创建的协程还没有结束。
-- [Parameters]
-- limit=20
SELECT CASE name WHEN '' THEN '(unknown)' ELSE name END AS function,
       sum(create_ns > 0) AS created, count(end_ns) AS ended, count(*) - count(end_ns) AS alive,
       sum(create_ns > 0) - sum(create_ns > 0 AND end_ns IS NOT NULL) AS grown
FROM goroutine WHERE system = 0
GROUP BY name ORDER BY grown DESC, alive DESC, function LIMIT :limit
