// Sick: with one processor, compute has all of it in slices of 10 ms; tick, which wants to run every
// 2 ms for a moment, is late each time.
package main

import (
	"os"
	"runtime"
	"runtime/trace"
	"time"
)

var sink int

func compute(until time.Time) {
	for time.Now().Before(until) {
		for i := range 100000 {
			sink += i
		}
	}
}

func tick(until time.Time) {
	for time.Now().Before(until) {
		time.Sleep(2 * time.Millisecond)
	}
}

func main() {
	runtime.GOMAXPROCS(1)
	f, _ := os.Create(os.Args[1])
	trace.Start(f)
	until := time.Now().Add(time.Second)
	go compute(until)
	go compute(until)
	go tick(until)
	time.Sleep(time.Until(until))
	trace.Stop()
	f.Close()
}
