-- [Template]
-- Title=GC Assists by Place
-- Title[zh_CN]=各位置的 GC 辅助标记
-- Question=Which code allocates so much that it has to help the garbage collector?
-- Question[zh_CN]=哪些代码分配得太多，不得不辅助垃圾回收？
-- For=trace
-- Reading=One row for each place at which an assist began. Allocate less there, or give the heap more room with GOGC or GOMEMLIMIT.
-- Reading[zh_CN]=每行是一处开始辅助标记的代码。可以在那里减少分配，或用 GOGC、GOMEMLIMIT 给堆更多空间。
-- Threshold=longest_ns >= 1ms
-- Verdict=A goroutine was held up by an assist for a millisecond or more.
-- Verdict[zh_CN]=有协程被辅助标记耽误了一毫秒以上。
-- [Parameters]
-- limit=20
SELECT f.function, f.file, f.line, sum(r.assists) AS assists, sum(r.total_ns) AS total_ns,
       max(r.longest_ns) AS longest_ns
FROM (SELECT stack, count(*) AS assists, sum(duration_ns) AS total_ns,
             max(duration_ns) AS longest_ns
      FROM range WHERE name = 'GC mark assist' AND start_ns >= :from_ns AND start_ns < :to_ns
      GROUP BY stack) r
LEFT JOIN stack_frame f ON f.stack = r.stack AND f.depth = coalesce(
         (SELECT min(o.depth) FROM stack_frame o WHERE o.stack = r.stack
               AND o.function NOT GLOB 'runtime.*' AND o.function NOT GLOB 'runtime/*'
               AND o.function NOT GLOB 'internal/*' AND o.function NOT GLOB 'sync.*'
               AND o.function NOT GLOB 'sync/*' AND o.function NOT GLOB 'syscall.*'
               AND o.function NOT GLOB 'time.*'), 0)
GROUP BY 1, 2, 3 ORDER BY total_ns DESC, 1 LIMIT :limit
