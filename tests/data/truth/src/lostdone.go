// Sick: one of ten workers returns early without Done, so that gather waits for good.
package main

import (
	"os"
	"runtime/trace"
	"sync"
	"time"
)

func work(n int, wg *sync.WaitGroup) {
	time.Sleep(time.Duration(n) * time.Millisecond)
	if n == 7 {
		return
	}
	wg.Done()
}

func gather() {
	var wg sync.WaitGroup
	for n := range 10 {
		wg.Add(1)
		go work(n, &wg)
	}
	wg.Wait()
}

func main() {
	f, _ := os.Create(os.Args[1])
	trace.Start(f)
	go gather()
	time.Sleep(1500 * time.Millisecond)
	trace.Stop()
	f.Close()
}
