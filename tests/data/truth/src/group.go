// Healthy: an errgroup, written out: at most four at once, the first error cancels, all end.
package main

import (
	"context"
	"errors"
	"os"
	"runtime/trace"
	"sync"
	"time"
)

type group struct {
	wg     sync.WaitGroup
	once   sync.Once
	slots  chan struct{}
	cancel context.CancelFunc
	err    error
}

func (g *group) run(f func() error) {
	g.slots <- struct{}{}
	g.wg.Add(1)
	go func() {
		defer func() { <-g.slots; g.wg.Done() }()
		if err := f(); err != nil {
			g.once.Do(func() { g.err = err; g.cancel() })
		}
	}()
}

func fetch(ctx context.Context, n int) error {
	select {
	case <-time.After(time.Duration(5+n%7) * time.Millisecond):
	case <-ctx.Done():
		return ctx.Err()
	}
	if n == 80 {
		return errors.New("no such page")
	}
	return nil
}

func main() {
	f, _ := os.Create(os.Args[1])
	trace.Start(f)
	ctx, cancel := context.WithCancel(context.Background())
	g := &group{slots: make(chan struct{}, 4), cancel: cancel}
	for n := range 100 {
		g.run(func() error { return fetch(ctx, n) })
	}
	g.wg.Wait()
	trace.Stop()
	f.Close()
}
