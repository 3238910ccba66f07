// Healthy: three stages over unbuffered channels; the middle one is the slow one, and all end.
package main

import (
	"os"
	"runtime/trace"
	"sync"
)

func produce(out chan<- int) {
	for i := range 400 {
		out <- i
	}
	close(out)
}

func square(in <-chan int, out chan<- int) {
	for n := range in {
		x := n
		for i := range 100000 {
			x += i * n
		}
		out <- x
	}
	close(out)
}

func sum(in <-chan int, wg *sync.WaitGroup) {
	defer wg.Done()
	total := 0
	for n := range in {
		total += n
	}
	_ = total
}

func main() {
	f, _ := os.Create(os.Args[1])
	trace.Start(f)
	a, b := make(chan int), make(chan int)
	var wg sync.WaitGroup
	wg.Add(1)
	go produce(a)
	go square(a, b)
	go sum(b, &wg)
	wg.Wait()
	trace.Stop()
	f.Close()
}
