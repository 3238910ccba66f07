-- input: data/expected/go1.22/selects.trace
SELECT id, name, parent, create_ns, start_ns, end_ns, running_ns, runnable_ns, waiting_ns, syscall_ns,
  span_count, system FROM goroutine ORDER BY id
