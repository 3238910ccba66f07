// Healthy: those who wait for a wait group when the trace ends have goroutines that will call Done:
// their own, those of their own, and workers that take jobs.
package main

import (
	"os"
	"runtime/trace"
	"sync"
	"time"
)

func own() {
	var wg sync.WaitGroup
	for n := range 10 {
		wg.Add(1)
		go func() {
			time.Sleep(time.Duration(n*n*50) * time.Millisecond)
			wg.Done()
		}()
	}
	wg.Wait()
}

func handedOn() {
	var wg sync.WaitGroup
	wg.Add(1)
	go func() {
		time.Sleep(5 * time.Millisecond)
		go func() {
			time.Sleep(5 * time.Second)
			wg.Done()
		}()
	}()
	wg.Wait()
}

func worker(jobs chan *sync.WaitGroup) {
	for wg := range jobs {
		time.Sleep(5 * time.Second)
		wg.Done()
	}
}

// It is as old as the trace, and so is the worker.
func workers(jobs chan *sync.WaitGroup, begin chan bool) {
	var wg sync.WaitGroup
	<-begin
	wg.Add(2)
	go func() {
		time.Sleep(5 * time.Millisecond)
		wg.Done()
	}()
	jobs <- &wg
	wg.Wait()
}

func main() {
	jobs, begin := make(chan *sync.WaitGroup), make(chan bool)
	go worker(jobs)
	go workers(jobs, begin)
	time.Sleep(10 * time.Millisecond)
	f, _ := os.Create(os.Args[1])
	trace.Start(f)
	close(begin)
	go own()
	go handedOn()
	time.Sleep(1500 * time.Millisecond)
	trace.Stop()
	f.Close()
}
