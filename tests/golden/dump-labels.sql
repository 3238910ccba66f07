-- input: data/dumps/labels-go1.27.txt
SELECT d.id, d.state, l.label FROM dump_goroutine d LEFT JOIN goroutine_label l ON l.goroutine = d.id
