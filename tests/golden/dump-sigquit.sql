-- input: data/dumps/sigquit-go1.19.txt
SELECT id, state, locked_to_thread, (SELECT depth FROM stack WHERE stack.id = d.stack) AS depth FROM dump_goroutine d
