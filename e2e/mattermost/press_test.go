package mattermost_test

import (
	"bytes"
	"encoding/json"
	"fmt"
	"io"
	"maps"
	"net/http"
	"net/http/httptest"
	"strings"
	"sync"
	"testing"

	"passeur/bot"
	"passeur/e2e/peers"

	"github.com/mattermost/mattermost/server/public/model"
)

// door is the address that the server calls; it keeps what came.
type door struct {
	*httptest.Server
	mu      sync.Mutex
	inside  http.Handler
	command string // the slash command that calls here
	token   string // its token
	bodies  [][]byte
	answers []*httptest.ResponseRecorder
}

func openDoor(t *testing.T) *door {
	d := &door{}
	d.Server = httptest.NewServer(d)
	t.Cleanup(d.Close)
	return d
}

func (d *door) ServeHTTP(w http.ResponseWriter, r *http.Request) {
	body, _ := io.ReadAll(r.Body)
	r.Body = io.NopCloser(bytes.NewReader(body))
	answer := httptest.NewRecorder()
	d.inside.ServeHTTP(answer, r)
	d.mu.Lock()
	d.bodies, d.answers = append(d.bodies, body), append(d.answers, answer)
	d.mu.Unlock()
	maps.Copy(w.Header(), answer.Header())
	w.WriteHeader(answer.Code)
	_, _ = w.Write(answer.Body.Bytes())
}

func (d *door) last() (body []byte, answer *httptest.ResponseRecorder) {
	d.mu.Lock()
	defer d.mu.Unlock()
	return d.bodies[len(d.bodies)-1], d.answers[len(d.answers)-1]
}

// reachable starts an adapter that the server can call.
func reachable(t *testing.T, s *peers.Mattermost) (*listening, *door) {
	d := openDoor(t)
	cfg := config(s)
	cfg.PublicURL, cfg.ProofKey = d.URL, bytes.Repeat([]byte{7}, 32)
	l := listen(t, cfg, nil)
	d.inside = l.Network
	return l, d
}

// post calls the door as somebody who found its address.
func (d *door) post(t *testing.T, path, kind, authorization string, body []byte) int {
	t.Helper()
	req, err := http.NewRequestWithContext(t.Context(), http.MethodPost, d.URL+path, bytes.NewReader(body))
	if err != nil {
		t.Fatal(err)
	}
	req.Header.Set("Content-Type", kind)
	req.Header.Set("Authorization", authorization)
	res, err := http.DefaultClient.Do(req)
	if err != nil {
		t.Fatal(err)
	}
	defer res.Body.Close()
	return res.StatusCode
}

var choices = []bot.Choice{{Words: "oui", Label: "Oui"}, {Words: "non", Label: "Non merci"}}

// asked posts a question and waits until the adapter hears.
func asked(t *testing.T, s *peers.Mattermost, l *listening, u *peers.User, key string) *model.Post {
	t.Helper()
	s.Post(t, u, "bonjour")
	l.wait(t, u, 1)
	id := sent(t, l.Network, address(u), bot.Rendered{Key: key, About: "rdv/1", Text: "Vous venez ?", Choices: choices})
	return find(t, s, u, id)
}

func pressed(t *testing.T, s *peers.Mattermost) {
	l, _ := reachable(t, s)
	marie := person(t, s)
	post := asked(t, s, l, marie, "q1")
	if peers.Button(post, "Oui") == "" || peers.Button(post, "Non merci") == "" {
		t.Fatalf("no buttons: %+v", post.GetProps())
	}
	if raw, _ := json.Marshal(post.GetProps()); strings.Contains(string(raw), "proof") || strings.Contains(string(raw), "/press") {
		t.Errorf("the client sees what the button carries: %s", raw)
	}
	s.Press(t, marie, post, "Non merci")
	e := l.wait(t, marie, 2)[1]
	if e.Pressed != "q1" || e.Text != "non" || e.Role != bot.Conseiller || e.Values["name"] == "" || e.Cursor != "" {
		t.Errorf("heard %+v", e)
	}
	s.Press(t, marie, post, "Non merci")
	if again := l.wait(t, marie, 3)[2]; again.ID == e.ID {
		t.Error("two presses are one event")
	}
	sent(t, l.Network, address(marie), bot.Rendered{Key: "q2", Text: "C'est noté.", Replace: post.Id})
	if p := find(t, s, marie, post.Id); p.Message != "C'est noté." || len(p.Attachments()) > 0 || p.GetProp("passeur_about") != "rdv/1" {
		t.Errorf("edited to %q with %+v", p.Message, p.GetProps())
	}
}

// menu chooses the ninth of nine answers; what was not offered is refused.
func menu(t *testing.T, s *peers.Mattermost) {
	l, d := reachable(t, s)
	marie := person(t, s)
	s.Post(t, marie, "bonjour")
	l.wait(t, marie, 1)
	many := []bot.Choice{{Words: "répondre", Label: "Répondre", Beside: true}}
	for i := range 9 {
		many = append(many, bot.Choice{Words: fmt.Sprint(i + 1), Label: fmt.Sprint("Jeanne, décembre ", i+1)})
	}
	post := find(t, s, marie, sent(t, l.Network, address(marie), bot.Rendered{Key: "q9", Text: "Lequel ?", Choices: many}))
	actions := post.Attachments()[0].Actions
	if len(actions) != 2 || len(actions[0].Options) != 9 || peers.Button(post, "Répondre") == "" {
		t.Fatalf("shown %+v", actions)
	}
	choose := func(option string) {
		if _, err := marie.API.DoPostActionWithCookie(t.Context(), post.Id, actions[0].Id, option, ""); err != nil && !strings.Contains(err.Error(), "400") {
			t.Log(err)
		}
	}
	choose(actions[0].Options[8].Value)
	if e := l.wait(t, marie, 2)[1]; e.Text != "9" || e.Pressed != "q9" {
		t.Errorf("heard %+v", e)
	}
	for _, option := range []string{"9", "10 " + strings.Fields(actions[0].Options[8].Value)[1], " ", "9 " + strings.Repeat("A", 43), "oui"} {
		choose(option)
		if _, answer := d.last(); answer.Code != http.StatusForbidden {
			t.Errorf("%q is answered %d", option, answer.Code)
		}
	}
	if n := len(l.from(marie)); n != 2 {
		t.Errorf("%d events heard, want 2", n)
	}
}

// forged takes a real press, a real dialog and a real command apart and sends two hundred that are not quite them.
func forged(t *testing.T, s *peers.Mattermost) {
	l, d := commanded(t, s)
	marie, zoe := person(t, s), person(t, s)
	l.answers(opening("q1"))
	heard := asks(t, s, marie)
	s.Press(t, marie, asked(t, s, l, marie, "q1"), "Oui")
	press, _ := d.last()
	submit(t, s, marie, heard.dialog(t), map[string]any{"mots": "oui"})
	dialog, _ := d.last()
	d.typed(t, s, marie, "mes rdv")
	command, _ := d.last()
	l.wait(t, marie, 4)
	genuine := []struct {
		path, kind, authorization string
		body                      []byte
		spoil                     func(t *testing.T, genuine []byte, i int, other string) []byte
	}{
		{"/mattermost/press", "application/json", "", press, spoilt},
		{"/mattermost/submit", "application/json", "", dialog, spoiltDialog},
		{"/mattermost/command", "application/x-www-form-urlencoded", "Token " + d.token, command, spoiltCommand},
	}
	accepted := 0
	for i := range 200 {
		g := genuine[i%len(genuine)]
		body := g.spoil(t, g.body, i/len(genuine), zoe.Id)
		if code := d.post(t, g.path, g.kind, g.authorization, body); code < 400 {
			accepted++
			t.Errorf("%d taken at %s: %s", code, g.path, body)
		}
	}
	for _, g := range genuine {
		if code := d.post(t, g.path, g.kind, g.authorization, g.body); code != http.StatusOK { // again: the bot handles its ID once
			t.Errorf("a repetition at %s is answered %d", g.path, code)
		}
	}
	if n := len(l.from(marie)) + len(l.from(zoe)); n != 4 {
		t.Errorf("%d events heard, want 4", n)
	}
	fmt.Println("bar forged_accepted", accepted)
}

// spoilt changes one thing of a press.
func spoilt(t *testing.T, genuine []byte, i int, other string) []byte {
	t.Helper()
	var r model.PostActionIntegrationRequest
	if err := json.Unmarshal(genuine, &r); err != nil {
		t.Fatal(err)
	}
	proof, _ := r.Context["proof"].(string)
	switch i % 9 {
	case 8: // a shortcut's press made of a question's
		r.Context["question"], r.Context["about"] = "", "person/p1"
	case 0: // somebody else presses
		r.UserId = other
	case 1:
		r.Context["words"] = "non"
	case 2:
		r.Context["question"] = fmt.Sprint("q", i)
	case 3: // for ever
		r.Context["until"] = "99999999999"
	case 4: // one letter of the proof
		at := i % len(proof)
		letter := byte('A')
		if proof[at] == letter {
			letter = 'B'
		}
		r.Context["proof"] = proof[:at] + string(letter) + proof[at+1:]
	case 5:
		delete(r.Context, []string{"words", "question", "until", "proof"}[i/9%4])
	case 6: // the border between two fields
		r.Context["words"], r.Context["question"] = "ouiq", "1"
	case 7:
		r.Context["proof"] = []any{proof, i}
	}
	body, err := json.Marshal(r)
	if err != nil {
		t.Fatal(err)
	}
	return body
}

// pressLost: what the bot could not keep is told to who pressed, by the server.
func pressLost(t *testing.T, s *peers.Mattermost) {
	l, d := reachable(t, s)
	marie := person(t, s)
	post := asked(t, s, l, marie, "q1")
	l.mu.Lock()
	l.refuse = func(bot.Event) bool { return true }
	l.mu.Unlock()
	s.Press(t, marie, post, "Oui")
	if _, answer := d.last(); !strings.Contains(answer.Body.String(), "reponse-pas-notee") {
		t.Errorf("told %q", answer.Body)
	}
	l.stop()
	s.Press(t, marie, post, "Oui")
	if _, answer := d.last(); !strings.Contains(answer.Body.String(), "reponse-pas-notee") {
		t.Errorf("told after the end: %q", answer.Body)
	}
	if _, err := http.Get(d.URL + "/mattermost/press"); err != nil {
		t.Fatal(err)
	}
	if _, answer := d.last(); answer.Code != http.StatusMethodNotAllowed {
		t.Errorf("GET is answered %d", answer.Code)
	}
	large := strings.Repeat("a", 10<<20)
	if code := d.post(t, "/mattermost/press", "application/json", "", []byte(`{"context":"`+large+`"}`)); code != http.StatusRequestEntityTooLarge {
		t.Errorf("10 MB are answered %d", code)
	}
	if code := d.post(t, "/mattermost/command", "application/x-www-form-urlencoded", "", []byte("text="+large)); code != http.StatusRequestEntityTooLarge {
		t.Errorf("10 MB of a command are answered %d", code)
	}
}

// pressedTwice: the button of a question is none of the question that takes its place, as in the second click of two.
func pressedTwice(t *testing.T, s *peers.Mattermost) {
	l, _ := reachable(t, s)
	marie := person(t, s)
	post := asked(t, s, l, marie, "q1")
	first := peers.Button(post, "Oui")
	s.Press(t, marie, post, "Oui")
	l.wait(t, marie, 2)
	sent(t, l.Network, address(marie), bot.Rendered{Key: "q2", Text: "J'annule ?", Replace: post.Id, Choices: choices})
	if _, err := marie.API.DoPostAction(t.Context(), post.Id, first); err == nil {
		t.Error("the old button is pressed")
	}
	s.Press(t, marie, find(t, s, marie, post.Id), "Non merci")
	if e := l.wait(t, marie, 3)[2]; e.Pressed != "q2" || e.Text != "non" {
		t.Errorf("heard %+v", e)
	}
}
