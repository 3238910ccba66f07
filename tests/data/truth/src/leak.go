// Sick: each request leaves a goroutine that receives from a channel nobody sends to or closes.
package main

import (
	"os"
	"runtime/trace"
	"time"
)

func watch(done <-chan struct{}) {
	<-done
}

func request() {
	done := make(chan struct{})
	go watch(done)
	time.Sleep(time.Millisecond)
}

func main() {
	f, _ := os.Create(os.Args[1])
	trace.Start(f)
	for range 300 {
		request()
	}
	time.Sleep(1500 * time.Millisecond)
	trace.Stop()
	f.Close()
}
