-- [Template]
-- Title=Slow Tasks by Name
-- Title[zh_CN]=各名称的慢任务
-- Question=Which tasks take far longer than the others of their name?
-- Question[zh_CN]=哪些任务比同名的其他任务慢得多？
-- For=trace
-- Reading=One row for each name of tasks that have ended. ratio is the longest over the mean.
-- Reading[zh_CN]=每行是一种已结束的任务。ratio 是最长时间与平均时间之比。
-- Threshold=ratio >= 5
-- Verdict=The slowest task took five times as long as the mean or more.
-- Verdict[zh_CN]=最慢的任务用时是平均值的五倍以上。
-- [Parameters]
-- limit=20
SELECT name, count(*) AS tasks, sum(end_ns - start_ns) / count(*) AS mean_ns,
       max(end_ns - start_ns) AS longest_ns,
       round(1.0 * max(end_ns - start_ns) * count(*) / max(1, sum(end_ns - start_ns)), 2) AS ratio
FROM task WHERE end_ns IS NOT NULL AND start_ns >= :from_ns AND start_ns < :to_ns
GROUP BY name ORDER BY longest_ns DESC, name LIMIT :limit
