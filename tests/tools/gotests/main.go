// SPDX-License-Identifier: GPL-3.0-or-later
// Command gotests turns the test cases of the Go project's own trace reader (text
// archives and fuzzing finds below internal/trace/testdata) into files that the suite
// uses without Go. It builds only inside a Go source tree; see the build script.
//
//	gotests TESTDATA OUTPUT CORPUS
//
// Below OUTPUT: NAME.trace, the bytes; NAME.spans.tsv, every goroutine state span up to
// where the reader stopped (goroutine, start, end, state, reason); NAME.verdict, "SUCCESS"
// or "FAILURE" and the reader's message. Below CORPUS: the fuzzing finds.
package main

import (
	"bytes"
	"fmt"
	"internal/trace"
	"internal/trace/testtrace"
	"io"
	"os"
	"path/filepath"
	"sort"
	"strconv"
	"strings"
)

type span struct {
	goroutine  int64
	start, end int64
	state      string
	reason     string
}

// collect reads a trace as far as the reader goes.
func collect(data []byte) ([]span, error) {
	r, err := trace.NewReader(bytes.NewReader(data))
	if err != nil {
		return nil, err
	}
	var spans []span
	open := map[int64]span{}
	first, last, sync := int64(-1), int64(0), int64(0)
	for {
		var ev trace.Event
		ev, err = r.ReadEvent()
		if err != nil {
			break
		}
		last = int64(ev.Time())
		if first < 0 {
			first = last
		}
		if ev.Kind() == trace.EventSync {
			sync = last
		}
		if ev.Kind() != trace.EventStateTransition {
			continue
		}
		st := ev.StateTransition()
		if st.Resource.Kind != trace.ResourceGoroutine {
			continue
		}
		id := int64(st.Resource.Goroutine())
		from, to := st.Goroutine()
		if from == to {
			continue
		}
		if o, ok := open[id]; ok {
			o.end = last
			spans = append(spans, o)
			delete(open, id)
		}
		start := last
		if from == trace.GoUndetermined {
			start = sync
		}
		if to != trace.GoNotExist {
			open[id] = span{id, start, 0, strings.ToLower(to.String()), st.Reason}
		}
	}
	for _, o := range open {
		o.end = last
		spans = append(spans, o)
	}
	sort.Slice(spans, func(i, j int) bool {
		if spans[i].goroutine != spans[j].goroutine {
			return spans[i].goroutine < spans[j].goroutine
		}
		return spans[i].start < spans[j].start
	})
	for i := range spans {
		spans[i].start -= first
		spans[i].end -= first
	}
	if err == io.EOF {
		err = nil
	}
	return spans, err
}

func check(err error) {
	if err != nil {
		fmt.Fprintln(os.Stderr, err)
		os.Exit(1)
	}
}

func convert(path, to string) {
	r, _, _, err := testtrace.ParseFile(path)
	check(err)
	data, err := io.ReadAll(r)
	check(err)
	spans, err := collect(data)
	var text bytes.Buffer
	for _, s := range spans {
		fmt.Fprintf(&text, "%d\t%d\t%d\t%s\t%s\n", s.goroutine, s.start, s.end, s.state, s.reason)
	}
	verdict := "SUCCESS\n"
	if err != nil {
		verdict = fmt.Sprintf("FAILURE %s\n", err)
	}
	name := filepath.Join(to, strings.TrimSuffix(filepath.Base(path), ".test"))
	check(os.WriteFile(name+".trace", data, 0o644))
	check(os.WriteFile(name+".spans.tsv", text.Bytes(), 0o644))
	check(os.WriteFile(name+".verdict", []byte(verdict), 0o644))
}

// find writes the bytes of one "go test fuzz v1" file.
func find(path, to string) {
	text, err := os.ReadFile(path)
	check(err)
	lines := strings.SplitN(string(text), "\n", 3)
	quoted := strings.TrimSuffix(strings.TrimPrefix(strings.TrimSpace(lines[1]), "[]byte("), ")")
	data, err := strconv.Unquote(quoted)
	check(err)
	check(os.WriteFile(filepath.Join(to, "go-"+filepath.Base(path)), []byte(data), 0o644))
}

func main() {
	if len(os.Args) != 4 {
		fmt.Fprintln(os.Stderr, "usage: gotests TESTDATA OUTPUT CORPUS")
		os.Exit(2)
	}
	for _, dir := range os.Args[2:] {
		check(os.MkdirAll(dir, 0o755))
	}
	tests, err := filepath.Glob(filepath.Join(os.Args[1], "tests", "*.test"))
	check(err)
	for _, path := range tests {
		convert(path, os.Args[2])
	}
	finds, err := filepath.Glob(filepath.Join(os.Args[1], "fuzz", "FuzzReader", "*"))
	check(err)
	for _, path := range finds {
		find(path, os.Args[3])
	}
}
