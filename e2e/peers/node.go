package peers

import (
	"bufio"
	"encoding/json"
	"io"
	"os"
	"os/exec"
	"path/filepath"
	"strconv"
	"testing"
	"time"
)

// Node returns a command that runs a script of e2e/node with its packages, which e2e/get-peers installs.
func Node(t testing.TB, script string, args ...string) *exec.Cmd {
	t.Helper()
	node, err := exec.LookPath("node")
	if err != nil {
		Missing(t, "node not found (Debian package nodejs)")
	}
	dir := filepath.Join(root(t), "e2e", "node")
	if _, err := os.Stat(filepath.Join(dir, "node_modules")); err != nil {
		Missing(t, "no packages in e2e/node: run make peers")
	}
	cmd := exec.Command(node, append([]string{script}, args...)...)
	cmd.Dir = dir
	return cmd
}

// root is the folder of the repository.
func root(t testing.TB) string {
	t.Helper()
	dir, err := os.Getwd()
	for err == nil && dir != filepath.Dir(dir) {
		if _, found := os.Stat(filepath.Join(dir, "e2e", "get-peers")); found == nil {
			return dir
		}
		dir = filepath.Dir(dir)
	}
	t.Fatalf("the repository was not found: %v", err)
	return ""
}

// Operator is the SMPP server of an operator, by npm's smpp; Kannel is its client. The last digit of a number chooses what becomes of a
// message: 4 expires, 5 cannot be delivered, 6 is refused, 7 is throttled once, any other arrives.
type Operator struct {
	Port  int
	in    io.Writer
	parts chan Part
	bound chan struct{}
}

// Part is one submit_sm.
type Part struct {
	To, Text string
	Coding   int // data_coding: 0 the default alphabet, 8 UCS-2
	Part, Of int
}

// StartOperator starts it; it ends with the test.
func StartOperator(t testing.TB) *Operator {
	t.Helper()
	o := &Operator{Port: FreePort(t), parts: make(chan Part, 1000), bound: make(chan struct{}, 100)}
	cmd := Node(t, "smsc.js", strconv.Itoa(o.Port))
	in, err := cmd.StdinPipe()
	if err != nil {
		t.Fatal(err)
	}
	out, err := cmd.StdoutPipe()
	if err != nil {
		t.Fatal(err)
	}
	o.in = in
	Start(t, os.DevNull, cmd)
	listening := make(chan struct{})
	go o.read(out, listening)
	select {
	case <-listening:
	case <-time.After(15 * time.Second):
		t.Fatal("the SMPP server does not listen")
	}
	return o
}

func (o *Operator) read(out io.Reader, listening chan struct{}) {
	lines := bufio.NewScanner(out)
	for lines.Scan() {
		var e struct {
			Listening, Bound bool
			Part
		}
		if json.Unmarshal(lines.Bytes(), &e) != nil {
			continue
		}
		switch {
		case e.Listening:
			close(listening)
		case e.Bound:
			o.bound <- struct{}{}
		default:
			o.parts <- e.Part
		}
	}
}

// Next returns the next part that arrived at the operator.
func (o *Operator) Next(t testing.TB) Part {
	t.Helper()
	select {
	case p := <-o.parts:
		return p
	case <-time.After(20 * time.Second):
		t.Fatal("nothing came to the operator within 20 s")
		return Part{}
	}
}

// Type has a person write an SMS.
func (o *Operator) Type(t testing.TB, from, to, text string) {
	t.Helper()
	line, err := json.Marshal(map[string]string{"from": from, "to": to, "text": text})
	if err != nil {
		t.Fatal(err)
	}
	if _, err := o.in.Write(append(line, '\n')); err != nil {
		t.Fatal(err)
	}
}
