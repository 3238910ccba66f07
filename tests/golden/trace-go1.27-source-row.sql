-- input: data/expected/go1.27/annotations.trace
SELECT importer, format, start_wall_ns IS NOT NULL, duration_ns, byte_count, event_count, complete FROM source
