// Sick: transfer takes two accounts' mutexes in the order it is given; two of them wait for each
// other for good, and a third for one of the two.
package main

import (
	"os"
	"runtime/trace"
	"sync"
	"time"
)

type account struct {
	sync.Mutex
	money int
}

func transfer(from, to *account) {
	from.Lock()
	defer from.Unlock()
	time.Sleep(5 * time.Millisecond)
	to.Lock()
	defer to.Unlock()
	from.money--
	to.money++
}

func audit(a *account) {
	time.Sleep(50 * time.Millisecond)
	a.Lock()
	defer a.Unlock()
}

func main() {
	f, _ := os.Create(os.Args[1])
	trace.Start(f)
	a, b := &account{}, &account{}
	go transfer(a, b)
	go transfer(b, a)
	go audit(a)
	time.Sleep(1200 * time.Millisecond)
	trace.Stop()
	f.Close()
}
