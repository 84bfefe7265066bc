package main

import (
	"encoding/json"
	"errors"
	"fmt"
	"io"
	"net"
	"net/http"
	"os"
	"time"
)

// orders are the commands that write, by their name at the socket.
var orders = []order{eraseOrder, pauseOrder, resumeOrder, retryOrder, learntOrder, schoolOrder, venuesOrder, prioritiesOrder, answersOrder, rdvOrder, listOrder}

// controls is what the running bot does for commands. Who may open the socket may already open the database.
func (s *server) controls() http.Handler {
	mux := http.NewServeMux()
	for _, o := range orders {
		mux.HandleFunc("POST /"+o.name, func(w http.ResponseWriter, r *http.Request) { s.obey(w, r, o) })
	}
	mux.HandleFunc("POST /"+runningOrder, func(w http.ResponseWriter, _ *http.Request) { _ = json.NewEncoder(w).Encode(s.running()) })
	return mux
}

// obey carries out one order that came over the socket.
func (s *server) obey(w http.ResponseWriter, r *http.Request, o order) {
	body, err := io.ReadAll(http.MaxBytesReader(w, r.Body, largestBody))
	if err != nil {
		http.Error(w, tooLarge().Error(), http.StatusRequestEntityTooLarge)
		return
	}
	n, err := o.do(r.Context(), s.house.bot, demand{number: r.URL.Query().Get("number"), body: body})
	if err != nil {
		http.Error(w, err.Error(), http.StatusInternalServerError)
		return
	}
	_ = json.NewEncoder(w).Encode(n)
}

func (s *server) controlServer() *http.Server {
	return &http.Server{Handler: s.controls(), ReadHeaderTimeout: 10 * time.Second, ReadTimeout: 30 * time.Second,
		WriteTimeout: 15 * time.Minute, IdleTimeout: time.Minute} // taking up all that was parked may be long
}

// openControl opens the socket beside the database, for commands that write while the bot runs. On a server they write themselves: nil.
func (s *server) openControl() (net.Listener, error) {
	if onServer(s.cfg) {
		return nil, nil
	}
	path := controlSocket(s.cfg)
	if err := os.Remove(path); err != nil && !errors.Is(err, os.ErrNotExist) {
		return nil, err
	}
	l, err := net.Listen("unix", path)
	if err != nil {
		return nil, fmt.Errorf("impossible d'ouvrir la prise des commandes %s : %w", path, err)
	}
	return l, os.Chmod(path, 0o600)
}
