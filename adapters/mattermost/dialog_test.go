package mattermost

import (
	"bytes"
	"encoding/json"
	"net/http"
	"net/http/httptest"
	"strings"
	"testing"
	"time"
	"unicode/utf8"

	"passeur/bot"

	"github.com/mattermost/mattermost/server/public/model"
)

// TestElementsByVersion: what a server is too old for is shown in another way. The types of 11 are those of the model package and
// were not seen on such a server.
func TestElementsByVersion(t *testing.T) {
	day := bot.DialogField{Name: "jour", Label: "Jour", Type: bot.Date, Value: "2026-12-04", Typed: "vendredi 4 décembre"}
	some := bot.DialogField{Name: "themes", Label: "Thèmes", Type: bot.SomeOf, Value: "mails", Options: []bot.Option{{Value: "caf", Label: "CAF"}, {Value: "mails", Label: "Mails"}}}
	for version, want := range map[string][]string{
		"9.4.2": {`"name":"jour","type":"text","subtype":"","default":"vendredi 4 décembre"`, `"name":"themes.caf","type":"bool","subtype":"","default":"false"`, `"name":"themes.mails","type":"bool","subtype":"","default":"true"`},
		"11.0.0": {`"name":"jour","type":"text"`, `"name":"themes","type":"select","subtype":"","default":"mails"`, `"multiselect":true`,
			`"options":[{"text":"CAF","value":"caf"},{"text":"Mails","value":"mails"}]`},
		"11.1.3":  {`"name":"jour","type":"date","subtype":"","default":"2026-12-04"`, `"multiselect":true`},
		"inconnu": {`"name":"jour","type":"text"`, `"name":"themes.caf","type":"bool"`},
	} {
		a := withButtons(1)
		a.major, a.minor = versionOf(version)
		raw, err := json.Marshal(append(a.elements(day), a.elements(some)...))
		if err != nil {
			t.Fatal(err)
		}
		for _, w := range want {
			if !strings.Contains(string(raw), w) {
				t.Errorf("%s: %s\nlacks %s", version, raw, w)
			}
		}
		d := a.dialog(model.NewId(), &bot.Dialog{Form: "essai", Title: "Un titre", Submit: "Voir", Fields: []bot.DialogField{day, some}}, time.Now())
		request := model.OpenDialogRequest{TriggerId: "a", URL: "https://passeur.example.fr/mattermost/submit", Dialog: d}
		if err := request.IsValid(); err != nil {
			t.Errorf("%s: %v", version, err)
		}
	}
}

func TestCutBytes(t *testing.T) {
	for text, want := range map[string]string{
		"Votre message":            "Votre message",
		"vingt-quatre octets: àéè": "vingt-quatre octets:…",
		"éééééééééééé":             "éééééééééééé",
		"ééééééééééééé":            "éééééééééé…",
	} {
		got := cutBytes(text, labelBytes)
		if len(got) > labelBytes || !utf8.ValidString(got) || got != want {
			t.Errorf("%q is cut to %q (%d bytes), want %q", text, got, len(got), want)
		}
	}
}

// FuzzSubmit: whatever comes, no dialog is taken that was not proven.
func FuzzSubmit(f *testing.F) {
	a, marie := withButtons(1), "so6jhfrj33rkzbeswgnt4y3tch" // the same in every process of the fuzzer
	genuine, err := json.Marshal(model.SubmitDialogRequest{UserId: marie, State: a.state(marie, "essai", "person/p1", time.Now()), Submission: map[string]any{"mots": "oui"}})
	if err != nil {
		f.Fatal(err)
	}
	f.Add(genuine)
	f.Add([]byte(`{"user_id":"` + marie + `","state":"essai|cGVyc29uL3Ay|n|99999999999|"}`))
	f.Add([]byte(`{"state":1,"submission":[]}`))
	f.Fuzz(func(t *testing.T, body []byte) {
		w := httptest.NewRecorder()
		a.ServeHTTP(w, httptest.NewRequest(http.MethodPost, submitPath, bytes.NewReader(body)))
		if w.Code >= 400 {
			return
		}
		var r model.SubmitDialogRequest
		if json.NewDecoder(bytes.NewReader(body)).Decode(&r) != nil || r.UserId != marie || !strings.HasPrefix(r.State, "essai|") {
			t.Errorf("%d for %q", w.Code, body)
		}
	})
}
