-- input: data/profiles/made/wall-diff.pb
SELECT * FROM sample_label ORDER BY sample, key, text, number
