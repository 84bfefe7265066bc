package playground

import (
	"encoding/json"
	"fmt"
	"io"
	"net/http"
	"strconv"
	"strings"
	"time"
)

// stream tells a browser what changed, from where it was: the Last-Event-ID that it sends when it comes back.
func (p *Playground) stream(w http.ResponseWriter, r *http.Request) {
	control := http.NewResponseController(w)
	_ = control.SetWriteDeadline(time.Time{}) // a stream has no end; a recorder has no deadline
	h := w.Header()
	h.Set("Content-Type", "text/event-stream; charset=utf-8")
	h.Set("X-Accel-Buffering", "no")
	at := lastSeen(r.Header.Get("Last-Event-ID"))
	changed, stop := p.board.watch()
	defer stop()
	beat := time.NewTicker(heartbeat)
	defer beat.Stop()
	if _, err := fmt.Fprintf(w, "retry: %d\n\n", patience.Milliseconds()); err != nil {
		return
	}
	for {
		select {
		case <-changed:
			p.catchUp(r.Context())
			next, err := tell(w, p.board.since(at))
			if err != nil || control.Flush() != nil {
				return
			}
			at = next
		case <-beat.C:
			if _, err := io.WriteString(w, ": \n\n"); err != nil || control.Flush() != nil {
				return
			}
		case <-p.closed:
			return
		case <-r.Context().Done():
			return
		}
	}
}

const (
	heartbeat = 20 * time.Second // below the 30 s after which proxies drop a silent connection
	patience  = time.Second      // before a browser connects again
)

// tell writes the news and returns how far the browser is then.
func tell(w io.Writer, n news) (seen, error) {
	if n.reset {
		if err := event(w, "", "reset", []byte("{}")); err != nil {
			return n.seen, err
		}
	}
	for _, item := range n.posts {
		data, err := json.Marshal(item)
		if err != nil {
			return n.seen, err
		}
		if err := event(w, eventID(n.seen.run, item.change), "post", data); err != nil {
			return n.seen, err
		}
	}
	if n.scene == nil {
		return n.seen, nil
	}
	return n.seen, event(w, eventID(n.seen.run, n.seen.change), "scene", n.scene)
}

// event writes one event; its data is JSON and so has no line break.
func event(w io.Writer, id, name string, data []byte) error {
	if id != "" {
		id = "id: " + id + "\n"
	}
	_, err := fmt.Fprintf(w, "%sevent: %s\ndata: %s\n\n", id, name, data)
	return err
}

func eventID(run string, change int64) string { return run + "-" + strconv.FormatInt(change, 10) }

// lastSeen reads the id of an event; one that was never given is as good as none.
func lastSeen(id string) seen {
	run, number, ok := strings.Cut(id, "-")
	change, err := strconv.ParseInt(number, 10, 64)
	if !ok || err != nil || change < 0 {
		return seen{}
	}
	return seen{run: run, change: change}
}
