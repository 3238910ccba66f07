-- input: data/dumps/everything.txt
SELECT severity, name, count, detail FROM import_note ORDER BY name
