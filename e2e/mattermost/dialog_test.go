package mattermost_test

import (
	"encoding/json"
	"fmt"
	"net/url"
	"strings"
	"testing"
	"time"

	"passeur/bot"
	"passeur/e2e/peers"

	"github.com/mattermost/mattermost/server/public/model"
)

// form is what the bot has opened in these tests.
var form = bot.Dialog{Form: "essai", About: "person/p1", Title: "Un titre de plus de vingt-quatre octets", Intro: "À lire.", Submit: "Voir", Fields: []bot.DialogField{
	{Name: "mots", Label: "Votre réponse à la personne", Type: bot.Paragraph, Most: 600, Example: "oui"},
	{Name: "jour", Label: "Jour", Type: bot.Date, Value: "2026-12-04", Typed: "vendredi 4 décembre", Optional: true},
	{Name: "combien", Label: "Combien", Type: bot.Number, Optional: true},
	{Name: "resume", Label: "Résumé du matin", Type: bot.YesNo, Options: []bot.Option{{Value: "oui", Label: "Oui"}, {Value: "non", Label: "Non"}}, Optional: true},
	{Name: "comment", Label: "Comment", Type: bot.OneOf, Options: []bot.Option{{Value: "courrier", Label: "Par courrier"}, {Value: "courriel", Label: "Par mail"}}, Optional: true},
	{Name: "themes", Label: "Thèmes", Type: bot.SomeOf, Options: []bot.Option{{Value: "caf", Label: "CAF"}, {Value: "mails", Label: "Mails"}, {Value: "achats", Label: "Achats"}}, Optional: true},
}}

// opening has the form opened when a question's button is pressed.
func opening(question string) func(bot.Event) bot.Response {
	return func(e bot.Event) bot.Response {
		if e.Pressed == question && e.Trigger {
			return bot.Response{Form: &form}
		}
		return bot.Response{}
	}
}

// client is somebody's client, which the server asks to open dialogs.
type client struct{ *model.WebSocketClient }

// asks returns when the server has said hello: it has nobody to open a dialog for before.
func asks(t *testing.T, s *peers.Mattermost, u *peers.User) client {
	t.Helper()
	ws, err := model.NewWebSocketClient4("ws"+strings.TrimPrefix(s.URL, "http"), u.API.AuthToken)
	if err != nil {
		t.Fatal(err)
	}
	t.Cleanup(ws.Close)
	ws.Listen()
	c := client{ws}
	c.wait(t, model.WebsocketEventHello)
	return c
}

// wait returns the next event of a kind.
func (c client) wait(t *testing.T, kind model.WebsocketEventType) *model.WebSocketEvent {
	t.Helper()
	late := time.After(20 * time.Second)
	for {
		select {
		case e := <-c.EventChannel:
			if e.EventType() == kind {
				return e
			}
		case <-c.ResponseChannel:
		case <-late:
			t.Fatalf("no %q was heard", kind)
		}
	}
}

// dialog waits for the next dialog that the server has the client open.
func (c client) dialog(t *testing.T) *model.OpenDialogRequest {
	t.Helper()
	text, _ := c.wait(t, model.WebsocketEventOpenDialog).GetData()["dialog"].(string)
	var r model.OpenDialogRequest
	if err := json.Unmarshal([]byte(text), &r); err != nil {
		t.Fatal(err)
	}
	return &r
}

// submit sends a dialog, as a client does; it returns what the server shows of the answer.
func submit(t *testing.T, s *peers.Mattermost, u *peers.User, d *model.OpenDialogRequest, values map[string]any) *model.SubmitDialogResponse {
	t.Helper()
	answer, _, err := u.API.SubmitInteractiveDialog(t.Context(), model.SubmitDialogRequest{Type: "dialog_submission", URL: d.URL, CallbackId: d.Dialog.CallbackId,
		State: d.Dialog.State, TeamId: s.Team.Id, ChannelId: s.DM(t, u).Id, Submission: values})
	if err != nil {
		t.Fatal(err)
	}
	return answer
}

func dialogs(t *testing.T, s *peers.Mattermost) {
	l, d := reachable(t, s)
	marie := person(t, s)
	l.answers(opening("q1"))
	heard := asks(t, s, marie)
	s.Press(t, marie, asked(t, s, l, marie, "q1"), "Oui")
	shown := heard.dialog(t)
	if len(shown.Dialog.Title) > model.DialogTitleMaxLength || !strings.HasSuffix(shown.Dialog.Title, "…") || shown.Dialog.IntroductionText != "À lire." {
		t.Errorf("title %q", shown.Dialog.Title)
	}
	types := map[string]string{}
	for _, e := range shown.Dialog.Elements {
		types[e.Name] = e.Type + e.SubType
		if len(e.DisplayName) > model.DialogElementDisplayNameMaxLength {
			t.Errorf("label %q is too long", e.DisplayName)
		}
	}
	for name, want := range map[string]string{"mots": "textarea", "jour": "text", "combien": "textnumber", "resume": "radio", "comment": "select", "themes.caf": "bool", "themes.achats": "bool"} {
		if types[name] != want {
			t.Errorf("%s is shown as %q, want %q", name, types[name], want)
		}
	}
	l.answers(func(bot.Event) bot.Response {
		return bot.Response{Errors: map[string]string{"mots": "trop long", "themes": "un seul"}}
	})
	values := map[string]any{"mots": "oui\nà demain", "jour": "vendredi", "combien": "3", "resume": "oui", "comment": nil, "themes.caf": true, "themes.mails": false, "themes.achats": true}
	if answer := submit(t, s, marie, shown, values); answer.Errors["mots"] != "trop long" || answer.Errors["themes.achats"]+answer.Errors["themes.caf"]+answer.Errors["themes.mails"] != "un seul" {
		t.Errorf("told %+v", answer)
	}
	first := l.wait(t, marie, 3)[2]
	l.answers(nil)
	if answer := submit(t, s, marie, shown, values); len(answer.Errors) > 0 || answer.Error != "" {
		t.Errorf("told %+v", answer)
	}
	if first.Intent != bot.FormIntent || first.About != "person/p1" || first.Role != bot.Conseiller {
		t.Errorf("heard %+v", first)
	}
	for name, want := range map[string]string{"form": "essai", "field.mots": "oui\nà demain", "field.jour": "vendredi", "field.combien": "3", "field.resume": "oui", "field.comment": "", "field.themes": "achats,caf"} {
		got := first.Values[name]
		if name == "field.themes" && got == "caf,achats" {
			got = want
		}
		if got != want {
			t.Errorf("%s was heard as %q, want %q", name, got, want)
		}
	}
	if _, answer := d.last(); strings.Contains(answer.Body.String(), "errors") {
		t.Errorf("answered %s", answer.Body)
	}
	l.mu.Lock()
	times := l.times[first.ID]
	l.mu.Unlock()
	if times != 2 {
		t.Errorf("the same dialog has %d times the same ID, want 2", times)
	}
}

// spoiltDialog changes one thing of a submitted dialog.
func spoiltDialog(t *testing.T, genuine []byte, i int, other string) []byte {
	t.Helper()
	var r model.SubmitDialogRequest
	if err := json.Unmarshal(genuine, &r); err != nil {
		t.Fatal(err)
	}
	parts := strings.Split(r.State, "|")
	switch i % 7 {
	case 0: // somebody else sends it
		r.UserId = other
	case 1: // another form
		parts[0] = "rdv"
	case 2: // about somebody else
		parts[1] = "cGVyc29uL3Ay"
	case 3: // once more
		parts[2] = fmt.Sprint("nonce", i)
	case 4: // for ever
		parts[3] = "99999999999"
	case 5: // a part is missing, or one is left over
		parts = [][]string{nil, parts[:4], append(parts, "")}[i/7%3]
	case 6:
		parts[4] = strings.ToLower(parts[4]) + "A"
	}
	r.State = strings.Join(parts, "|")
	body, err := json.Marshal(r)
	if err != nil {
		t.Fatal(err)
	}
	return body
}

// spoiltCommand changes one thing of a command's call; its header stays right.
func spoiltCommand(t *testing.T, genuine []byte, i int, _ string) []byte {
	t.Helper()
	form, err := url.ParseQuery(string(genuine))
	if err != nil {
		t.Fatal(err)
	}
	token := form.Get("token")
	switch i % 5 {
	case 0:
		form.Set("token", model.NewId())
	case 1:
		form.Set("token", token[:len(token)-1-i%10])
	case 2:
		form.Set("user_id", model.NewId())
	case 3:
		form.Set("trigger_id", "")
	case 4:
		form.Del("token")
	}
	return []byte(form.Encode())
}
