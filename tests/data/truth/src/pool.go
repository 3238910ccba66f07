// Healthy: eight workers that wait for jobs most of the time, and still do at the end.
package main

import (
	"os"
	"runtime/trace"
	"time"
)

func worker(jobs <-chan int, done chan<- int) {
	for n := range jobs {
		x := 0
		for i := range 20000 * n {
			x += i
		}
		done <- x
	}
}

func main() {
	f, _ := os.Create(os.Args[1])
	trace.Start(f)
	jobs, done := make(chan int), make(chan int, 8)
	for range 8 {
		go worker(jobs, done)
	}
	for range 60 {
		for n := range 8 {
			jobs <- n + 1
		}
		for range 8 {
			<-done
		}
		time.Sleep(20 * time.Millisecond)
	}
	time.Sleep(300 * time.Millisecond)
	trace.Stop()
	f.Close()
}
