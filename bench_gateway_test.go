//go:build unix

package main

import (
	"bufio"
	"bytes"
	"encoding/base64"
	"fmt"
	"io"
	"net"
	"os"
	"os/exec"
	"strconv"
	"strings"
	"sync"
	"testing"
	"time"
)

// gateway stands for an SMS gateway that takes everything at once: it reads requests as Kannel's smsbox gets them and
// answers 202. It is written on bare connections, so that it costs as little as possible beside what is measured; a
// slower one would flatter every share.
type gateway struct {
	listener net.Listener
	took     func(handedOver)
}

// handedOver is one SMS as the gateway got it.
type handedOver struct {
	to   string // E.164
	key  string // of the task, out of the address asked for receipts
	size int    // of the request, in bytes
	at   time.Time
}

// openGateway listens on a free port of the loopback. took is called from many goroutines, before the answer.
func openGateway(took func(handedOver)) (*gateway, error) {
	l, err := net.Listen("tcp", "127.0.0.1:0")
	if err != nil {
		return nil, err
	}
	g := &gateway{listener: l, took: took}
	go g.accept()
	return g, nil
}

func (g *gateway) url() string { return "http://" + g.listener.Addr().String() }

func (g *gateway) close() error { return g.listener.Close() }

func (g *gateway) accept() {
	for {
		c, err := g.listener.Accept()
		if err != nil {
			return
		}
		go g.serve(c)
	}
}

const accepted = "HTTP/1.1 202 Accepted\r\nContent-Type: text/plain\r\nContent-Length: 25\r\n\r\n0: Accepted for delivery\n"

func (g *gateway) serve(c net.Conn) {
	defer c.Close()
	in := bufio.NewReaderSize(c, 8<<10)
	for {
		sms, body, err := readHead(in)
		if err != nil {
			return
		}
		if _, err := in.Discard(body); err != nil {
			return
		}
		sms.size += body
		sms.at = time.Now()
		g.took(sms)
		if _, err := io.WriteString(c, accepted); err != nil {
			return
		}
	}
}

// readHead reads a request up to its body, of which it tells the size. Names are as Go's client writes them.
func readHead(in *bufio.Reader) (sms handedOver, body int, err error) {
	for {
		line, err := in.ReadSlice('\n')
		if err != nil {
			return sms, 0, err
		}
		sms.size += len(line)
		if line = bytes.TrimRight(line, "\r\n"); len(line) == 0 {
			return sms, body, nil
		}
		name, value, _ := bytes.Cut(line, []byte(": "))
		switch string(name) {
		case "Content-Length":
			body, err = strconv.Atoi(string(value))
		case "X-Kannel-To":
			sms.to = string(value)
		case "X-Kannel-Dlr-Url":
			_, task, _ := bytes.Cut(value, []byte("&task="))
			var key []byte
			key, err = base64.RawURLEncoding.AppendDecode(nil, task)
			sms.key = string(key)
		}
		if err != nil {
			return sms, 0, err
		}
	}
}

// tally counts how often the gateway got each key.
type tally struct {
	mu    sync.Mutex
	times map[string]int
	again int // how often a key came that had come before
	bytes int // of all requests
}

func (c *tally) took(s handedOver) {
	c.mu.Lock()
	defer c.mu.Unlock()
	if c.times == nil {
		c.times = map[string]int{}
	}
	if c.times[s.key]++; c.times[s.key] > 1 {
		c.again++
	}
	c.bytes += s.size
}

func (c *tally) counts() (unique, again int) {
	c.mu.Lock()
	defer c.mu.Unlock()
	return len(c.times), c.again
}

func (c *tally) of(key string) int {
	c.mu.Lock()
	defer c.mu.Unlock()
	return c.times[key]
}

func (c *tally) forget() {
	c.mu.Lock()
	defer c.mu.Unlock()
	c.times, c.again, c.bytes = nil, 0, 0
}

func (c *tally) size() int {
	c.mu.Lock()
	defer c.mu.Unlock()
	return c.bytes
}

// asGateway is set for a process that is nothing but the gateway.
const asGateway = "PASSEUR_TEST_GATEWAY"

// TestGatewayProcess is the gateway in a process of its own: it writes its address, then, for each line that it reads,
// how many keys came, how many came again, how many bytes that was and how many µs of processor it took, since the line before. It does nothing
// unless startGateway runs it.
func TestGatewayProcess(t *testing.T) {
	if os.Getenv(asGateway) == "" {
		t.Skip("runs in a process of its own, for the measures")
	}
	var count tally
	g, err := openGateway(count.took)
	if err != nil {
		t.Fatal(err)
	}
	defer g.close()
	fmt.Println(g.url())
	cpu := used(t)
	for asked := bufio.NewScanner(os.Stdin); asked.Scan(); count.forget() {
		unique, again := count.counts()
		fmt.Println(unique, again, count.size(), (used(t) - cpu).Microseconds())
		cpu = used(t)
	}
}

// far is a process that writes a line for each that it reads, and ends with its input.
type far struct {
	ask   io.WriteCloser
	lines *bufio.Scanner
}

// startFar starts it. Its errors are shown; end it.
func startFar(t *testing.T, cmd *exec.Cmd) (_ *far, end func()) {
	t.Helper()
	cmd.Stderr = os.Stderr
	ask, err1 := cmd.StdinPipe()
	out, err2 := cmd.StdoutPipe()
	if err1 != nil || err2 != nil {
		t.Fatal(err1, err2)
	}
	if err := cmd.Start(); err != nil {
		t.Fatal(err)
	}
	return &far{ask, bufio.NewScanner(out)}, func() {
		_ = ask.Close()
		_ = cmd.Wait()
	}
}

// line is what it answers.
func (f *far) line(t *testing.T) string {
	t.Helper()
	if _, err := io.WriteString(f.ask, "\n"); err != nil || !f.lines.Scan() {
		t.Fatal("a process does not answer", err, f.lines.Err())
	}
	return f.lines.Text()
}

// farGateway is a gateway in another process.
type farGateway struct {
	*far
	url string
}

func startGateway(t *testing.T) *farGateway {
	t.Helper()
	cmd := exec.Command(os.Args[0], "-test.run=^TestGatewayProcess$")
	cmd.Env = append(os.Environ(), asGateway+"=1", "GOCOVERDIR="+t.TempDir())
	process, end := startFar(t, cmd)
	t.Cleanup(end)
	g := &farGateway{far: process}
	for g.lines.Scan() {
		if strings.HasPrefix(g.lines.Text(), "http://") {
			g.url = g.lines.Text()
			return g
		}
	}
	t.Fatal("the gateway did not start")
	return nil
}

// farCount is what came since it was asked last.
type farCount struct {
	unique, again, bytes int
	cpu                  time.Duration // that the gateway took
}

func (g *farGateway) counts(t *testing.T) (c farCount) {
	t.Helper()
	var µs int64
	if _, err := fmt.Sscan(g.line(t), &c.unique, &c.again, &c.bytes, &µs); err != nil {
		t.Fatal(err)
	}
	c.cpu = time.Duration(µs) * time.Microsecond
	return c
}
