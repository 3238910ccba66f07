-- input: data/spans/shop.otlp.json
SELECT s.service, s.name, s.kind, s.start_ns, s.duration_ns, s.self_ns, s.critical_ns, s.status, s.message, s.children, p.service, p.name FROM trace_span s LEFT JOIN trace_span p ON p.id = s.parent ORDER BY s.start_ns, s.span_id
