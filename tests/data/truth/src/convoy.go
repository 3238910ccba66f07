// Sick: sixteen goroutines do nearly all of their work under one mutex, so that they run one by one.
package main

import (
	"os"
	"runtime/trace"
	"sync"
)

var (
	mu    sync.Mutex
	total int
)

func step() {
	mu.Lock()
	for i := range 60000 {
		total += i
	}
	mu.Unlock()
}

func worker(wg *sync.WaitGroup) {
	defer wg.Done()
	for range 40 {
		step()
	}
}

func main() {
	f, _ := os.Create(os.Args[1])
	trace.Start(f)
	var wg sync.WaitGroup
	for range 16 {
		wg.Add(1)
		go worker(&wg)
	}
	wg.Wait()
	trace.Stop()
	f.Close()
}
