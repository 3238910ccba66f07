-- [Template]
-- Title=Lock Convoys
-- Title[zh_CN]=锁的排队
-- Question=At which locks do goroutines queue?
-- Question[zh_CN]=协程在哪些锁上排队？
-- For=trace
-- Reading=One row for each place that locks a mutex. queue is how many goroutines were waiting there on average: above 1, the lock is never free.
-- Reading[zh_CN]=每行是一处加锁的代码。queue 是平均有多少协程在那里等待：大于 1 表示这把锁总有人在等。
-- Threshold=queue >= 1
-- Verdict=On average at least one goroutine was waiting for this lock at any time.
-- Verdict[zh_CN]=平均任何时刻都至少有一个协程在等待这把锁。
-- [Parameters]
-- limit=20
SELECT f.function, f.file, f.line, sum(w.waits) AS waits, sum(w.total_ns) AS total_ns,
       max(w.longest_ns) AS longest_ns,
       round(1.0 * sum(w.total_ns) / (SELECT max(1, min(:to_ns, duration_ns) - max(:from_ns, 0))
         FROM source), 3) AS queue
FROM (SELECT stack, count(*) AS waits, sum(duration_ns) AS total_ns,
             max(duration_ns) AS longest_ns
      FROM span WHERE state = 'waiting' AND reason LIKE 'sync%'
        AND start_ns >= :from_ns AND start_ns < :to_ns GROUP BY stack) w
LEFT JOIN stack_frame f ON f.stack = w.stack AND f.depth = coalesce(
         (SELECT min(o.depth) FROM stack_frame o WHERE o.stack = w.stack
               AND o.function NOT GLOB 'runtime.*' AND o.function NOT GLOB 'runtime/*'
               AND o.function NOT GLOB 'internal/*' AND o.function NOT GLOB 'sync.*'
               AND o.function NOT GLOB 'sync/*' AND o.function NOT GLOB 'syscall.*'
               AND o.function NOT GLOB 'time.*'), 0)
WHERE EXISTS (SELECT 1 FROM stack_frame l WHERE l.stack = w.stack
              AND (l.function LIKE 'sync.(*Mutex).%' OR l.function LIKE 'sync.(*RWMutex).%'
                   OR l.function LIKE 'internal/sync.(*Mutex).%'))
GROUP BY 1, 2, 3 ORDER BY total_ns DESC, 1 LIMIT :limit
