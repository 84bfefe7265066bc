// Rivals delivers the messages of `make bench-postgres` by job queues that others have written: asynq on Redis, River on PostgreSQL, each as
// its own pages say it is used. One message is one job; the job's arguments are what the request is built from when it is done, and
// the library notes that it was.
//
//	rivals asynq|river <address of the queue's server> <file of messages>
//
// It puts all messages into the queue and writes its settings on a line, "ready …". For a line that it reads it delivers them all and
// writes "took", and how many ns of time and of processor that was, until the last completion was noted. It is a module of its own, so
// that nothing of it enters the program's.
package main

import (
	"bufio"
	"context"
	"encoding/json"
	"fmt"
	"log"
	"os"
	"syscall"
	"time"
)

// queue is a library at work.
type queue interface {
	// fill puts messages into the queue, and returns the settings by which they will be delivered.
	fill(ctx context.Context, messages []Message) (settings string, err error)
	// deliver returns once all are handed over and noted.
	deliver(ctx context.Context, g *gateway, n int) error
}

func main() {
	if err := run(context.Background(), os.Args[1:]); err != nil {
		log.Fatal(err)
	}
}

func run(ctx context.Context, args []string) error {
	queues := map[string]func(ctx context.Context, at string) (queue, error){"asynq": openAsynq, "river": openRiver}
	if len(args) != 3 || queues[args[0]] == nil {
		return fmt.Errorf("rivals asynq|river <address> <file of messages>")
	}
	g, messages, err := read(args[2])
	if err != nil {
		return err
	}
	q, err := queues[args[0]](ctx, args[1])
	if err != nil {
		return err
	}
	settings, err := q.fill(ctx, messages)
	if err != nil {
		return err
	}
	n := len(messages)
	messages = nil // they are the queue's now: nobody's memory is to hold them
	fmt.Println("ready", settings)
	if !bufio.NewScanner(os.Stdin).Scan() {
		return nil
	}
	began, cpu := time.Now(), used()
	if err := q.deliver(ctx, g, n); err != nil {
		return err
	}
	fmt.Println("took", time.Since(began).Nanoseconds(), used()-cpu)
	return nil
}

// read reads the file: one line for the gateway, then one for each message.
func read(path string) (*gateway, []Message, error) {
	f, err := os.Open(path)
	if err != nil {
		return nil, nil, err
	}
	defer f.Close()
	lines := json.NewDecoder(f)
	g := newGateway()
	if err := lines.Decode(g); err != nil {
		return nil, nil, err
	}
	var all []Message
	for lines.More() {
		var m Message
		if err := lines.Decode(&m); err != nil {
			return nil, nil, err
		}
		all = append(all, m)
	}
	return g, all, nil
}

// used is the processor time that this process has taken so far, in ns.
func used() int64 {
	var u syscall.Rusage
	if err := syscall.Getrusage(syscall.RUSAGE_SELF, &u); err != nil {
		log.Fatal(err)
	}
	return u.Utime.Nano() + u.Stime.Nano()
}
