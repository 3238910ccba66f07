-- input: data/spans/shop.otlp.json
SELECT caller, callee, name, calls, joined, lost, orphans, round(low, 6), round(high, 6) FROM service_hop
