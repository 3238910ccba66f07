-- input: data/profiles/made/faulty.pb
SELECT severity, name, count FROM import_note ORDER BY name
