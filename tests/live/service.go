// SPDX-License-Identifier: GPL-3.0-or-later

// A service with net/http/pprof as one finds it: plain, under a prefix, behind a password, with TLS,
// with a write timeout, on a Unix socket. Prints "NAME ADDRESS" lines, then "ready".
//
// Usage: service FOLDER CERTIFICATE-AND-KEY
package main

import (
	"fmt"
	"net"
	"net/http"
	"net/http/pprof"
	"os"
	"path/filepath"
	"runtime"
	"runtime/trace"
	"sync"
	"time"
)

func work(m *sync.Mutex) {
	for {
		m.Lock()
		for until := time.Now().Add(50 * time.Microsecond); time.Now().Before(until); {
		}
		m.Unlock()
		time.Sleep(2 * time.Millisecond)
	}
}

func listen(network, address string) net.Listener {
	l, err := net.Listen(network, address)
	if err != nil {
		fmt.Fprintln(os.Stderr, err)
		os.Exit(1)
	}
	return l
}

func serve(name string, h http.Handler, writeTimeout time.Duration, pem string) {
	l := listen("tcp", "127.0.0.1:0")
	fmt.Println(name, l.Addr())
	s := &http.Server{Handler: h, WriteTimeout: writeTimeout}
	if pem != "" {
		go s.ServeTLS(l, pem, pem)
	} else {
		go s.Serve(l)
	}
}

func guarded(w http.ResponseWriter, r *http.Request) {
	if name, password, ok := r.BasicAuth(); ok && name == "me" && password == "secret" {
		http.DefaultServeMux.ServeHTTP(w, r)
		return
	}
	w.Header().Set("WWW-Authenticate", `Basic realm="service"`)
	http.Error(w, "who are you?", http.StatusUnauthorized)
}

// As long as the recording lasts, in which the service can be told to exit.
func slowTrace(w http.ResponseWriter, r *http.Request) {
	if trace.Start(w) == nil {
		time.Sleep(time.Minute)
	}
}

func forget() {
	<-make(chan int)
}

// Goroutines that nothing ends.
func leak(http.ResponseWriter, *http.Request) {
	for i := 0; i < 10; i++ {
		go forget()
	}
}

func main() {
	var m sync.Mutex
	runtime.SetMutexProfileFraction(1)
	runtime.SetBlockProfileRate(1)
	for i := 0; i < 8; i++ {
		go work(&m)
	}
	// The index is always at /debug/pprof/, wherever the handlers are.
	http.Handle("/api/", http.StripPrefix("/api", http.HandlerFunc(pprof.Index)))
	http.HandleFunc("/exit", func(http.ResponseWriter, *http.Request) { os.Exit(0) })
	http.HandleFunc("/recorder", slowTrace)
	http.HandleFunc("/leak", leak)
	serve("plain", nil, 0, "")
	serve("short", nil, time.Second, "")
	serve("guarded", http.HandlerFunc(guarded), 0, "")
	serve("tls", nil, 0, os.Args[2])
	socket := filepath.Join(os.Args[1], "service.sock")
	go http.Serve(listen("unix", socket), nil)
	fmt.Println("unix", "unix:"+socket)
	fmt.Println("ready")
	time.Sleep(2 * time.Minute)
}
