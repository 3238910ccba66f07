-- [Template]
-- Title=Heaviest Functions
-- Title[zh_CN]=开销最大的函数
-- Question=Which functions themselves cost most?
-- Question[zh_CN]=哪些函数自身的开销最大？
-- For=profile
-- Reading=One row for each function, by the profile's default measure. share is the part of all values.
-- Reading[zh_CN]=每行是一个函数，按分析文件的默认指标。share 是占全部的比例。
-- Threshold=share >= 0.3
-- Verdict=One function has three tenths of everything or more.
-- Verdict[zh_CN]=某一个函数占了全部的三成以上。
-- [Parameters]
-- limit=20
SELECT f.function, t.type, t.unit, sum(v.value) AS flat,
       round(1.0 * sum(v.value) / (SELECT total(abs(a.value)) FROM sample_value a
         JOIN sample b ON b.id = a.sample WHERE b.profile = p.id AND a.idx = t.idx), 4) AS share
FROM sample s JOIN profile p ON p.id = s.profile
JOIN sample_type t ON t.profile = p.id AND t.idx = coalesce(
  (SELECT max(d.idx) FROM sample_type d WHERE d.profile = p.id AND d.type = p.default_type),
  (SELECT max(d.idx) FROM sample_type d WHERE d.profile = p.id))
JOIN sample_value v ON v.sample = s.id AND v.idx = t.idx
JOIN stack_frame f ON f.stack = s.stack AND f.depth = 0
GROUP BY p.id, f.function ORDER BY flat DESC, f.function LIMIT :limit
