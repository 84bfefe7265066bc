// Package telegramtest is a Bot API server for tests: updates that stay until an offset confirms them, long polling, limits that are counted strictly,
// people who block the bot, contacts, buttons, edits, and answers that are none of Telegram's.
package telegramtest

import (
	"encoding/json"
	"fmt"
	"net/http"
	"net/http/httptest"
	"strconv"
	"strings"
	"sync"
	"time"
)

// Token is the one that the server takes; Account is the name of its bot.
const (
	Token   = "123456:AAH-fictif"
	Account = "PasseurEssaiBot"
)

// Sent is a message as a person has it now.
type Sent struct {
	Chat, ID int64
	Text     string
	Markup   string // as JSON; "" no buttons
	At       time.Time
	Edits    int
}

// Server is a Bot API server. Its methods may be called at any time.
type Server struct {
	URL string

	http    *httptest.Server
	mu      sync.Mutex
	news    chan struct{} // closed when an update comes
	updates []map[string]any
	last    int64 // update id
	message int64
	sent    []*Sent
	blocked map[int64]bool
	all     []time.Time         // of accepted messages
	chats   map[int64]time.Time // when the last one was accepted
	limited bool
	refused int // with 429
	fails   []Failure
	webhook map[string]string
	polls   int
	pressed int
}

// Failure is how one request to send is answered instead.
type Failure struct {
	Status int
	Body   string
	Wait   time.Duration // before it; no answer at all with a Status of 0
}

// New starts a server; close it with Close.
func New() *Server {
	s := &Server{news: make(chan struct{}), blocked: map[int64]bool{}, chats: map[int64]time.Time{}, last: 1000}
	s.http = httptest.NewServer(http.HandlerFunc(s.serve))
	s.URL = s.http.URL
	return s
}

// Close stops it.
func (s *Server) Close() {
	s.http.CloseClientConnections()
	s.http.Close()
}

// Say has somebody write in her private chat. It returns the update's id.
func (s *Server) Say(chat int64, text string) int64 {
	return s.add("message", map[string]any{"message_id": s.nextMessage(), "date": time.Now().Unix(), "chat": private(chat), "from": person(chat), "text": text})
}

// Show has somebody share a contact, of the account owner.
func (s *Server) Show(chat int64, phone string, owner int64) int64 {
	return s.add("message", map[string]any{"message_id": s.nextMessage(), "date": time.Now().Unix(), "chat": private(chat), "from": person(chat),
		"contact": map[string]any{"phone_number": phone, "user_id": owner, "first_name": "Jeanne"}})
}

// Press has somebody press the button of a message that carries data.
func (s *Server) Press(chat, message int64, data string) int64 {
	return s.add("callback_query", map[string]any{"id": strconv.FormatInt(message, 10), "from": person(chat), "data": data,
		"message": map[string]any{"message_id": message, "date": time.Now().Unix(), "chat": private(chat)}})
}

// Block has somebody block the bot, and Telegram say so.
func (s *Server) Block(chat int64) {
	s.mu.Lock()
	s.blocked[chat] = true
	s.mu.Unlock()
	s.add("my_chat_member", map[string]any{"chat": private(chat), "from": person(chat), "date": time.Now().Unix(), "new_chat_member": map[string]any{"status": "kicked"}})
}

// Limit has the limits counted: 30 messages in any second, one in any second of a chat.
func (s *Server) Limit() {
	s.mu.Lock()
	defer s.mu.Unlock()
	s.limited = true
}

// Fail has the next requests to send answered so.
func (s *Server) Fail(f ...Failure) {
	s.mu.Lock()
	defer s.mu.Unlock()
	s.fails = append(s.fails, f...)
}

// Messages are those that were taken, in their order.
func (s *Server) Messages() (out []Sent) {
	s.mu.Lock()
	defer s.mu.Unlock()
	for _, m := range s.sent {
		out = append(out, *m)
	}
	return out
}

// Refused is how many requests were answered 429.
func (s *Server) Refused() int {
	s.mu.Lock()
	defer s.mu.Unlock()
	return s.refused
}

// Waiting is how many updates are not confirmed.
func (s *Server) Waiting() int {
	s.mu.Lock()
	defer s.mu.Unlock()
	return len(s.updates)
}

// Polls is how often updates were asked for.
func (s *Server) Polls() int {
	s.mu.Lock()
	defer s.mu.Unlock()
	return s.polls
}

// Webhook is what was set: "url", "secret_token"; nil when none is.
func (s *Server) Webhook() map[string]string {
	s.mu.Lock()
	defer s.mu.Unlock()
	return s.webhook
}

// Acknowledged is how many presses were.
func (s *Server) Acknowledged() int {
	s.mu.Lock()
	defer s.mu.Unlock()
	return s.pressed
}

// Raw adds an update as it is written.
func (s *Server) Raw(kind string, body map[string]any) int64 { return s.add(kind, body) }

func private(chat int64) map[string]any { return map[string]any{"id": chat, "type": "private"} }

func person(chat int64) map[string]any {
	return map[string]any{"id": chat, "is_bot": false, "first_name": "Jeanne"}
}

func (s *Server) nextMessage() int64 {
	s.mu.Lock()
	defer s.mu.Unlock()
	s.message++
	return s.message
}

func (s *Server) add(kind string, body map[string]any) int64 {
	s.mu.Lock()
	defer s.mu.Unlock()
	s.last++
	s.updates = append(s.updates, map[string]any{"update_id": s.last, kind: body})
	close(s.news)
	s.news = make(chan struct{})
	return s.last
}

func (s *Server) serve(w http.ResponseWriter, r *http.Request) {
	method, ok := strings.CutPrefix(r.URL.Path, "/bot"+Token+"/")
	if !ok {
		refuse(w, http.StatusUnauthorized, "Unauthorized", 0)
		return
	}
	p := params(r)
	switch method {
	case "getUpdates":
		s.give(w, r, p)
	case "sendMessage", "editMessageText":
		s.take(w, method, p)
	case "getMe":
		succeed(w, map[string]any{"id": 123456, "is_bot": true, "first_name": "Passeur", "username": Account})
	case "setWebhook", "deleteWebhook":
		s.mu.Lock()
		if s.webhook = p; method == "deleteWebhook" {
			s.webhook = nil
		}
		s.mu.Unlock()
		succeed(w, true)
	case "getWebhookInfo":
		succeed(w, map[string]any{"url": s.Webhook()["url"]})
	case "answerCallbackQuery":
		s.mu.Lock()
		s.pressed++
		s.mu.Unlock()
		succeed(w, true)
	default:
		refuse(w, http.StatusNotFound, "Not Found", 0)
	}
}

// params are the fields of a form or of a JSON body.
func params(r *http.Request) map[string]string {
	p := map[string]string{}
	if strings.HasPrefix(r.Header.Get("Content-Type"), "application/json") {
		var all map[string]any
		_ = json.NewDecoder(r.Body).Decode(&all)
		for k, v := range all {
			p[k] = fmt.Sprint(v)
			if n, ok := v.(float64); ok {
				p[k] = strconv.FormatInt(int64(n), 10)
			}
		}
		return p
	}
	_ = r.ParseMultipartForm(1 << 20)
	for k := range r.Form {
		p[k] = r.Form.Get(k)
	}
	return p
}

// give answers a poll: an offset forgets what is below it.
func (s *Server) give(w http.ResponseWriter, r *http.Request, p map[string]string) {
	offset, _ := strconv.ParseInt(p["offset"], 10, 64)
	seconds, _ := strconv.Atoi(p["timeout"])
	limit := time.NewTimer(time.Duration(seconds) * time.Second)
	defer limit.Stop()
	for {
		s.mu.Lock()
		for len(s.updates) > 0 && s.updates[0]["update_id"].(int64) < offset {
			s.updates = s.updates[1:]
		}
		batch, news := s.updates[:min(len(s.updates), 100)], s.news
		s.polls++
		s.mu.Unlock()
		if len(batch) > 0 || seconds == 0 {
			succeed(w, append([]map[string]any{}, batch...))
			return
		}
		select {
		case <-news:
		case <-limit.C:
			seconds = 0
		case <-r.Context().Done():
			return
		}
	}
}

// take takes a message, unless something stands in the way.
func (s *Server) take(w http.ResponseWriter, method string, p map[string]string) {
	chat, _ := strconv.ParseInt(p["chat_id"], 10, 64)
	if f, ok := s.failing(); ok {
		time.Sleep(f.Wait)
		if f.Status == 0 {
			panic(http.ErrAbortHandler)
		}
		w.WriteHeader(f.Status)
		fmt.Fprint(w, f.Body)
		return
	}
	s.mu.Lock()
	defer s.mu.Unlock()
	now := time.Now()
	switch {
	case s.blocked[chat]:
		refuse(w, http.StatusForbidden, "Forbidden: bot was blocked by the user", 0)
		return
	case s.limited && s.tooFast(chat, now):
		s.refused++
		refuse(w, http.StatusTooManyRequests, "Too Many Requests: retry after 1", 1)
		return
	}
	if method == "editMessageText" {
		s.edit(w, p, chat)
		return
	}
	s.all, s.chats[chat] = append(s.all, now), now
	s.message++
	m := &Sent{Chat: chat, ID: s.message, Text: p["text"], Markup: p["reply_markup"], At: now}
	s.sent = append(s.sent, m)
	succeed(w, map[string]any{"message_id": m.ID, "date": now.Unix(), "chat": private(chat), "text": m.Text})
}

func (s *Server) edit(w http.ResponseWriter, p map[string]string, chat int64) {
	for _, m := range s.sent {
		if strconv.FormatInt(m.ID, 10) == p["message_id"] && m.Chat == chat {
			m.Text, m.Markup, m.Edits = p["text"], p["reply_markup"], m.Edits+1
			succeed(w, map[string]any{"message_id": m.ID, "date": m.At.Unix(), "chat": private(chat), "text": m.Text})
			return
		}
	}
	refuse(w, http.StatusBadRequest, "Bad Request: message to edit not found", 0)
}

func (s *Server) failing() (f Failure, ok bool) {
	s.mu.Lock()
	defer s.mu.Unlock()
	if len(s.fails) == 0 {
		return f, false
	}
	f, s.fails = s.fails[0], s.fails[1:]
	return f, true
}

func (s *Server) tooFast(chat int64, now time.Time) bool {
	if at, ok := s.chats[chat]; ok && now.Sub(at) < time.Second {
		return true
	}
	return len(s.all) >= 30 && now.Sub(s.all[len(s.all)-30]) < time.Second
}

func succeed(w http.ResponseWriter, result any) {
	w.Header().Set("Content-Type", "application/json")
	_ = json.NewEncoder(w).Encode(map[string]any{"ok": true, "result": result})
}

func refuse(w http.ResponseWriter, code int, why string, retryAfter int) {
	w.Header().Set("Content-Type", "application/json")
	w.WriteHeader(code)
	body := map[string]any{"ok": false, "error_code": code, "description": why}
	if retryAfter > 0 {
		body["parameters"] = map[string]any{"retry_after": retryAfter}
	}
	_ = json.NewEncoder(w).Encode(body)
}
