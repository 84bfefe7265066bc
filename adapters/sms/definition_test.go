package sms

import (
	"context"
	"crypto/hmac"
	"crypto/sha256"
	"encoding/hex"
	"fmt"
	"net/http"
	"net/http/httptest"
	"net/url"
	"strings"
	"testing"
	"time"

	"passeur/bot"
)

// good is a definition in which nothing is wrong.
func good() *Definition {
	return &Definition{Name: "exemple", Send: Call{URL: "https://sms.example.fr/send", Form: map[string]string{"to": "{to}", "text": "{text}", "ref": "{key}"}},
		Answers: []AnswerRule{{Status: "200", Is: "sent"}},
		Receipt: Hook{Path: "receipt", Body: "json", Proof: Proof{By: "secret"}, Key: "ref", State: "state", States: map[string]string{"OK": bot.ReceiptDelivered}},
		Reply:   Hook{Path: "reply", Body: "json", Proof: Proof{By: "secret"}, ID: "id", From: "from", Text: "text"}}
}

// TestFaultsOfDefinitions: what would go wrong later is said at start.
func TestFaultsOfDefinitions(t *testing.T) {
	if err := good().check(); err != nil {
		t.Fatal(err)
	}
	for says, spoil := range map[string]func(*Definition){
		"name":              func(d *Definition) { d.Name = "Exemple !" },
		"needs":             func(d *Definition) { d.Needs = []string{"mot"} },
		"un seul corps":     func(d *Definition) { d.Send.Text = "{text}" },
		"send.basic":        func(d *Definition) { d.Send.Basic = []string{"{username}:{password}"} },
		"{texte}":           func(d *Definition) { d.Send.Form["x"] = "{texte}" },
		"({text})":          func(d *Definition) { d.Send.Form["text"] = "bonjour" },
		"({to}":             func(d *Definition) { d.Send.Form["to"] = "+33" },
		"is: sent":          func(d *Definition) { d.Answers = nil },
		"answers[2] : is":   func(d *Definition) { d.Answers = append(d.Answers, AnswerRule{Is: "perhaps"}) },
		"reason « bof »":    func(d *Definition) { d.Answers = append(d.Answers, AnswerRule{Is: "refused", Reason: "bof"}) },
		"peut-être parti":   func(d *Definition) { d.Answers = append(d.Answers, AnswerRule{Status: "500", Is: "later"}) },
		"receipt : state":   func(d *Definition) { d.Receipt.States = map[string]string{"OK": "arrived"} },
		"receipt : id ou":   func(d *Definition) { d.Receipt.Key = "" },
		"serait celui":      func(d *Definition) { d.Receipt.Key, d.Receipt.ID, d.Send.Form["ref"] = "", "id", "" },
		"reply : proof.by":  func(d *Definition) { d.Reply.Proof.By = "trust" },
		"reply : proof.key": func(d *Definition) { d.Reply.Proof.Key = "from" },
		"reply : proof :":   func(d *Definition) { d.Reply.Proof = Proof{By: "hmac", Header: "X", Hash: "md5"} },
		"même path":         func(d *Definition) { d.Reply.Path, d.Reply.Proof = "receipt", Proof{By: "basic"} },
	} {
		d := good()
		spoil(d)
		if err := d.check(); err == nil || !strings.Contains(err.Error(), says) {
			t.Errorf("%s: %v", says, err)
		}
	}
}

// TestAWordIsNoParameter: nothing of a text becomes a parameter of the address.
func TestAWordIsNoParameter(t *testing.T) {
	var got url.Values
	d := good()
	d.Send = Call{URL: gateway(t, func(w http.ResponseWriter, r *http.Request) { got = r.URL.Query() }) + "/send?key={password}&to={to_digits}&msg={text}", Text: "-"}
	d.Receipt = Hook{}
	n, err := Open(Config{Provider: "http", Definition: d, Password: "a+b&c"}, nil, nil, discard())
	if err != nil {
		t.Fatal(err)
	}
	if _, err := send(t, n, "bonjour&to=33639980000"); err != nil || got.Get("key") != "a+b&c" || len(got["to"]) != 1 || got.Get("msg") != "bonjour&to=33639980000" {
		t.Errorf("%v, %v", got, err)
	}
}

// TestStopsAtTheDoor: however odd a call is written, a STOP in it is heard, at the number that said it.
func TestStopsAtTheDoor(t *testing.T) {
	x := readTable(t, "octopush").providerCase(t, "octopush")
	n, err := Open(x.config, nil, nil, discard())
	if err != nil {
		t.Fatal(err)
	}
	heard := ""
	n.ear.Open(func(_ context.Context, e bot.Event) (bot.Response, error) {
		heard += e.From.ID() + " " + e.Text
		return bot.Response{}, nil
	})
	for _, c := range []struct{ path, body, want string }{
		{"reply", `[{"number":"","text":"x","reception_date":"a"},{"number":"+33639981234","text":"STOP","reception_date":"b"}]`, "+33639981234 STOP"},
		{"stop", `{"number":"+33639981234"}`, "+33639981234 STOP"},
		{"stop", "\xef\xbb\xbf" + `{"number":"+33639981234","stop_date":"c"}`, "+33639981234 STOP"},
		{"reply", "{\"number\":\"+33639981234\",\"text\":\"ARR\xcaT\",\"reception_date\":\"d\"}", "+33639981234 ARRÊT"},
		{"reply", `{"number":"+33 6 39 98 12 34","text":"STOP","reception_date":"e"}`, "+33639981234 STOP"},
		{"reply", `{"number":"06.39.98.12.34","text":"STOP","reception_date":"f"}`, "+33639981234 STOP"},
	} {
		heard = ""
		w := httptest.NewRecorder()
		n.ServeHTTP(w, httptest.NewRequest(http.MethodPost, "/sms/octopush/"+c.path+"?secret="+x.config.Secret, strings.NewReader(c.body)))
		if w.Code != http.StatusOK || heard != c.want {
			t.Errorf("%s %q: %d, heard %q", c.path, c.body, w.Code, heard)
		}
	}
}

// TestAnOldSignatureIsNotBelieved: the IDs of events are known for 35 days, and a START of last year must not come back.
func TestAnOldSignatureIsNotBelieved(t *testing.T) {
	x := readTable(t, "smsgate").providerCase(t, "smsgate")
	n, err := Open(x.config, nil, nil, discard())
	if err != nil {
		t.Fatal(err)
	}
	n.ear.Open(func(context.Context, bot.Event) (bot.Response, error) { return bot.Response{}, nil })
	const body = `{"id":"ev1","event":"sms:received","payload":{"messageId":"m","phoneNumber":"+33639981234","message":"START"}}`
	for age, want := range map[time.Duration]int{time.Minute: http.StatusOK, 48 * time.Hour: http.StatusForbidden, -48 * time.Hour: http.StatusForbidden} {
		stamp := fmt.Sprint(time.Now().Add(-age).Unix())
		mac := hmac.New(sha256.New, []byte(x.config.Secret))
		mac.Write([]byte(body + stamp))
		r := httptest.NewRequest(http.MethodPost, "/sms/smsgate/webhook", strings.NewReader(body))
		r.Header = http.Header{"X-Signature": {hex.EncodeToString(mac.Sum(nil))}, "X-Timestamp": {stamp}}
		w := httptest.NewRecorder()
		if n.ServeHTTP(w, r); w.Code != want {
			t.Errorf("signed %s ago: %d, want %d", age, w.Code, want)
		}
	}
}

// TestAReceiptMayTellOfAnOptOut: what the operator carries no more is no failure like others.
func TestAReceiptMayTellOfAnOptOut(t *testing.T) {
	for name, body := range map[string]string{
		"brevo":    `{"messageId":123,"msg_status":"blacklisted","to":"33639981234"}`,
		"octopush": `{"message_id":"abc","number":"+33639981234","status":"BLACKLISTED_NUMBER"}`,
	} {
		x := readTable(t, name).providerCase(t, name)
		events, _, err := x.provider(t).Received(httptest.NewRequest(http.MethodPost, "/sms/"+name+"/receipt?secret="+x.config.Secret+"&task=cmR2L3I", strings.NewReader(body)))
		if err != nil || len(events) != 1 || events[0].Values["receipt"] != bot.ReceiptOpposed {
			t.Errorf("%s: %+v, %v", name, events, err)
		}
	}
}
