-- [Template]
-- Title=Heaviest Functions with What They Call
-- Title[zh_CN]=连同被调用者开销最大的函数
-- Question=Below which functions does the cost arise?
-- Question[zh_CN]=开销产生于哪些函数之下？
-- For=profile
-- Reading=One row for each function: what its samples cost together with all that it called.
-- Reading[zh_CN]=每行是一个函数：它自身以及它所调用的一切的开销。
-- [Parameters]
-- limit=20
SELECT c.function, c.type, c.unit, sum(c.value) AS cumulative
FROM (SELECT DISTINCT s.id, f.function, t.type, t.unit, v.value
      FROM sample s JOIN profile p ON p.id = s.profile
      JOIN sample_type t ON t.profile = p.id AND t.idx = coalesce(
  (SELECT max(d.idx) FROM sample_type d WHERE d.profile = p.id AND d.type = p.default_type),
  (SELECT max(d.idx) FROM sample_type d WHERE d.profile = p.id))
      JOIN sample_value v ON v.sample = s.id AND v.idx = t.idx
      JOIN stack_frame f ON f.stack = s.stack
      WHERE f.function NOT GLOB 'runtime.*') c
GROUP BY c.function ORDER BY cumulative DESC, c.function LIMIT :limit
