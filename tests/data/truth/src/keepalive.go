// Healthy: a server whose clients keep their connections open and are quiet.
package main

import (
	"fmt"
	"io"
	"net/http"
	"net/http/httptest"
	"os"
	"runtime/trace"
	"sync"
	"time"
)

func handle(w http.ResponseWriter, r *http.Request) {
	time.Sleep(2 * time.Millisecond)
	fmt.Fprint(w, "ok")
}

func main() {
	server := httptest.NewServer(http.HandlerFunc(handle))
	http.DefaultTransport.(*http.Transport).MaxIdleConnsPerHost = 40
	get := func() {
		r, err := http.Get(server.URL)
		if err != nil {
			panic(err)
		}
		io.Copy(io.Discard, r.Body)
		r.Body.Close()
	}
	f, _ := os.Create(os.Args[1])
	trace.Start(f)
	var wg sync.WaitGroup
	for range 40 {
		wg.Add(1)
		go func() { defer wg.Done(); get() }()
	}
	wg.Wait()
	for range 5 {
		time.Sleep(100 * time.Millisecond)
		get()
	}
	time.Sleep(time.Second)
	trace.Stop()
	f.Close()
}
