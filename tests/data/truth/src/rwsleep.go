// Sick: reload holds a write lock while it sleeps 40 ms, as over a slow disk; twenty readers wait.
package main

import (
	"os"
	"runtime/trace"
	"sync"
	"time"
)

var (
	mu    sync.RWMutex
	table = map[int]int{}
)

func reload() {
	mu.Lock()
	defer mu.Unlock()
	time.Sleep(40 * time.Millisecond)
	table[0]++
}

func reader(until time.Time) {
	for time.Now().Before(until) {
		mu.RLock()
		_ = table[0]
		mu.RUnlock()
		time.Sleep(3 * time.Millisecond)
	}
}

func main() {
	f, _ := os.Create(os.Args[1])
	trace.Start(f)
	until := time.Now().Add(600 * time.Millisecond)
	for range 20 {
		go reader(until)
	}
	for range 8 {
		time.Sleep(30 * time.Millisecond)
		reload()
	}
	time.Sleep(100 * time.Millisecond)
	trace.Stop()
	f.Close()
}
