package main

import (
	"context"
	"errors"
	"io"
	"net"
	"net/http"
	"testing"
	"time"
)

// startDoors serves h behind so many doors and returns its address.
func startDoors(t *testing.T, limit int, h http.Handler) string {
	t.Helper()
	l, err := net.Listen("tcp", "127.0.0.1:0")
	if err != nil {
		t.Fatal(err)
	}
	srv := publicServer(h)
	done := make(chan error, 1)
	go func() { done <- srv.Serve(newDoors(l, limit)) }()
	t.Cleanup(func() {
		_ = srv.Close()
		if err := <-done; !errors.Is(err, http.ErrServerClosed) {
			t.Error(err)
		}
	})
	return l.Addr().String()
}

// knock opens a connection and says so much.
func knock(t *testing.T, address, words string) net.Conn {
	t.Helper()
	c, err := net.Dial("tcp", address)
	if err != nil {
		t.Fatal(err)
	}
	t.Cleanup(func() { _ = c.Close() })
	if _, err := io.WriteString(c, words); err != nil {
		t.Fatal(err)
	}
	return c
}

// closed tells that the other side ended the connection, without a word.
func closed(c net.Conn) bool {
	_ = c.SetReadDeadline(time.Now().Add(10 * time.Second))
	_, err := c.Read(make([]byte, 1))
	var late net.Error
	return err != nil && !(errors.As(err, &late) && late.Timeout())
}

// TestSlowClients: those who never finish their request do not keep /health from answering, nor a gateway out.
func TestSlowClients(t *testing.T) {
	address := startDoors(t, 4, new(health))
	var slow []net.Conn
	for range 3 {
		for _, words := range []string{"", "G", "GET /health HTTP/1.1\r\nHost: x\r\nX-Slow: ", "POST /health HTTP/1.1\r\nHost: x\r\nContent-Length: 100\r\n\r\n"} {
			slow = append(slow, knock(t, address, words))
		}
		client := &http.Client{Transport: &http.Transport{DisableKeepAlives: true}, Timeout: 10 * time.Second}
		res, err := client.Get("http://" + address + "/health")
		if err != nil {
			t.Fatal(err)
		}
		_ = res.Body.Close()
		if res.StatusCode != http.StatusOK {
			t.Fatal(res.Status)
		}
	}
	if !closed(slow[0]) {
		t.Error("the first slow client is still served")
	}
}

// TestDoorsSpareTheBusy: a request that is being answered is finished whoever else comes.
func TestDoorsSpareTheBusy(t *testing.T) {
	at, answer := make(chan struct{}), make(chan struct{})
	address := startDoors(t, 1, http.HandlerFunc(func(w http.ResponseWriter, _ *http.Request) {
		close(at)
		<-answer
		_, _ = io.WriteString(w, "ok")
	}))
	ctx, cancel := context.WithTimeout(t.Context(), 10*time.Second)
	defer cancel()
	req, err := http.NewRequestWithContext(ctx, http.MethodGet, "http://"+address, nil)
	if err != nil {
		t.Fatal(err)
	}
	got := make(chan error, 1)
	go func() {
		res, err := http.DefaultTransport.RoundTrip(req)
		if err == nil {
			_, err = io.ReadAll(res.Body)
			_ = res.Body.Close()
		}
		got <- err
	}()
	<-at
	if !closed(knock(t, address, "")) {
		t.Error("a second one came in where there is room for one")
	}
	close(answer)
	if err := <-got; err != nil {
		t.Error(err)
	}
}
