// Healthy: one goroutine computes and writes, as a command that runs once.
package main

import (
	"crypto/sha256"
	"encoding/hex"
	"os"
	"runtime/trace"
)

func main() {
	f, _ := os.Create(os.Args[1])
	out, _ := os.CreateTemp("", "batch")
	defer os.Remove(out.Name())
	trace.Start(f)
	buf := make([]byte, 1<<16)
	for range 400 {
		sum := sha256.Sum256(buf)
		buf[0] = sum[0]
		out.WriteString(hex.EncodeToString(sum[:]) + "\n")
	}
	trace.Stop()
	f.Close()
}
