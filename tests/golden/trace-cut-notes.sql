-- input: data/damaged/truncated-last-generation-1.27.trace
SELECT severity, name, count, detail FROM import_note ORDER BY severity, name
