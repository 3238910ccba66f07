-- [Template]
-- Title=Stop-the-World Pauses
-- Title[zh_CN]=停止世界的暂停
-- Question=When did the whole program stand still, and why?
-- Question[zh_CN]=整个程序何时停了下来？为什么？
-- For=trace
-- Reading=One row for each pause, the longest first. No goroutine runs during a pause.
-- Reading[zh_CN]=每行是一次暂停，最长的在前。暂停期间没有协程运行。
-- Threshold=duration_ns >= 1ms
-- Verdict=A pause lasted for a millisecond or more.
-- Verdict[zh_CN]=有一次暂停持续了一毫秒以上。
-- [Parameters]
-- limit=20
SELECT name, start_ns, duration_ns
FROM range WHERE name LIKE 'stop-the-world%' AND start_ns >= :from_ns AND start_ns < :to_ns
ORDER BY duration_ns DESC, start_ns LIMIT :limit
