// Healthy: three tickers, each of which does little; a context ends them.
package main

import (
	"context"
	"os"
	"runtime/trace"
	"time"
)

func every(ctx context.Context, d time.Duration, work func()) {
	t := time.NewTicker(d)
	defer t.Stop()
	for {
		select {
		case <-t.C:
			work()
		case <-ctx.Done():
			return
		}
	}
}

func main() {
	f, _ := os.Create(os.Args[1])
	trace.Start(f)
	ctx, stop := context.WithCancel(context.Background())
	n := 0
	for _, d := range []time.Duration{5, 20, 50} {
		go every(ctx, d*time.Millisecond, func() { n++ })
	}
	time.Sleep(1500 * time.Millisecond)
	stop()
	time.Sleep(10 * time.Millisecond)
	trace.Stop()
	f.Close()
}
