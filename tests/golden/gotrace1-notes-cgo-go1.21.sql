-- input: data/gotrace1/cgo-go1.21.trace
SELECT severity, name, count, detail FROM import_note
UNION ALL SELECT '', 'complete', complete, '' FROM source ORDER BY 2, 4
