-- input: data/profiles/go1.27/leak/allocs.pprof
SELECT p.kind, p.period, p.period_type, p.period_unit, p.default_type, t.idx, t.type, t.unit,
  (SELECT sum(value) FROM sample_value v WHERE v.idx = t.idx) AS total
FROM profile p JOIN sample_type t ON t.profile = p.id ORDER BY t.idx
