package main

import (
	"bytes"
	"context"
	"encoding/base64"
	"fmt"
	"io"
	"net/http"
	"strings"
	"sync/atomic"
)

// connections is how many the gateway has to each sender, the bot and the bare loop too.
const connections = 64

// Message is what a job is given.
type Message struct {
	Key    string `json:"key"` // what it is known by in receipts
	To     string `json:"to"`
	Text   string `json:"text"`
	Coding string `json:"coding"`
}

// Kind implements river.JobArgs.
func (Message) Kind() string { return "message" }

// gateway is how Kannel's smsbox is called.
type gateway struct {
	URL      string
	Header   http.Header // what all requests say
	Receipts string      // the address for receipts, less the message's key

	client *http.Client
	left   atomic.Int64
	all    chan struct{} // closed when all were taken
}

func newGateway() *gateway {
	return &gateway{all: make(chan struct{}), client: &http.Client{Transport: &http.Transport{
		MaxIdleConns: connections, MaxIdleConnsPerHost: connections, MaxConnsPerHost: connections,
	}}}
}

// send hands one message over.
func (g *gateway) send(ctx context.Context, m Message) error {
	req, err := http.NewRequestWithContext(ctx, http.MethodPost, g.URL, strings.NewReader(m.Text))
	if err != nil {
		return err
	}
	req.Header = g.Header.Clone()
	req.Header["X-Kannel-To"] = []string{m.To}
	req.Header["X-Kannel-Coding"] = []string{m.Coding}
	req.Header["X-Kannel-Dlr-Url"] = []string{g.Receipts + base64.RawURLEncoding.EncodeToString([]byte(m.Key))}
	res, err := g.client.Do(req)
	if err != nil {
		return err
	}
	defer res.Body.Close()
	answer, err := io.ReadAll(res.Body)
	if err != nil {
		return err
	}
	if res.StatusCode != http.StatusAccepted || !bytes.HasPrefix(answer, []byte("0:")) {
		return fmt.Errorf("%d %s", res.StatusCode, answer)
	}
	if g.left.Add(-1) == 0 {
		close(g.all)
	}
	return nil
}
