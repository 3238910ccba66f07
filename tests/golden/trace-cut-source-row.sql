-- input: data/damaged/truncated-last-generation-1.27.trace
SELECT format, duration_ns, event_count, complete FROM source
