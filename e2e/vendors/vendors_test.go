// Package vendors_test runs the vendors' own client libraries against the gateways that our tests play, and our providers against the
// same: what both can talk to is not only our idea of it. It is a module of its own, so that those libraries are nobody's dependency.
package vendors_test

import (
	"context"
	"crypto/hmac"
	"crypto/sha1"
	"encoding/base64"
	"encoding/json"
	"io"
	"log/slog"
	"maps"
	"net/http"
	"net/http/httptest"
	"net/url"
	"slices"
	"strings"
	"testing"

	"github.com/ovh/go-ovh/ovh"
	"github.com/twilio/twilio-go/client"

	"passeur/adapters/sms"
	"passeur/bot"
	"passeur/config"
	"passeur/e2e/peers"
)

const (
	jeanne = "+33639981234"
	text   = "Rendez-vous à 14h, 5 €"
)

// ours sends one text through our provider.
func ours(t *testing.T, c sms.Config) (id string, err error) {
	t.Helper()
	if file, ok := sms.DefinitionFile(c.Provider); ok {
		c.Definition = new(sms.Definition)
		if err := config.Decode(c.Provider, file, c.Definition); err != nil {
			t.Fatal(err)
		}
	}
	n, err := sms.Open(c, nil, io.Discard, slog.New(slog.DiscardHandler))
	if err != nil {
		t.Fatal(err)
	}
	return n.Send(t.Context(), "sms:"+jeanne, bot.Rendered{Key: "rdv/42/v1/j-1", Text: text})
}

// sameTexts looks at what the gateway took of both.
func sameTexts(t *testing.T, v *peers.Vendor, n int) {
	t.Helper()
	took := v.Took()
	if len(took) != n {
		t.Fatalf("%d texts were taken, want %d", len(took), n)
	}
	for _, m := range took {
		if strings.TrimPrefix(m.To, "+") != jeanne[1:] || m.Text != text {
			t.Errorf("the gateway took %+v", m)
		}
	}
}

func TestOVHcloud(t *testing.T) {
	v := peers.StartOVHcloud(t, "ak", "as", "ck")
	theirs, err := ovh.NewClient(v.URL+"/1.0", "ak", "as", "ck")
	if err != nil {
		t.Fatal(err)
	}
	var report struct{ IDs []int64 }
	job := map[string]any{"message": text, "receivers": []string{jeanne}, "senderForResponse": true, "noStopClause": true}
	if err := theirs.Post("/sms/sms-xx12345-1/jobs", job, &report); err != nil || len(report.IDs) != 1 {
		t.Fatalf("%+v, %v", report, err)
	}
	c := sms.Config{Provider: "ovhcloud", URL: v.URL + "/1.0", Account: "sms-xx12345-1", Username: "ak", Password: "as", Token: "ck"}
	if id, err := ours(t, c); err != nil || !strings.HasPrefix(id, "ovhcloud:") {
		t.Fatalf("%q, %v", id, err)
	}
	sameTexts(t, v, 2)
	var account struct{ CreditsLeft float64 }
	if err := theirs.Get("/sms/sms-xx12345-1", &account); err != nil || account.CreditsLeft != 1234 {
		t.Errorf("%+v, %v", account, err)
	}
	n, err := sms.Open(c, nil, io.Discard, slog.New(slog.DiscardHandler))
	if err != nil {
		t.Fatal(err)
	}
	if left, err := n.Balances(t.Context()); err != nil || len(left) != 1 || left[0].Left != 1234 {
		t.Errorf("%+v, %v", left, err)
	}
	var blacklist []string
	if err := theirs.Get("/sms/sms-xx12345-1/blacklists", &blacklist); err != nil || len(blacklist) != 1 {
		t.Fatalf("%v, %v", blacklist, err)
	}
	ctx, stop := context.WithCancel(t.Context())
	heard := ""
	err = n.Listen(ctx, func(_ context.Context, e bot.Event) (bot.Response, error) {
		heard += e.From.ID()
		stop()
		return bot.Response{}, nil
	})
	if err != nil || heard != blacklist[0] {
		t.Errorf("heard %q, %v; the vendor's client reads %q", heard, err, blacklist)
	}
	c.Password = "wrong"
	if _, err := ours(t, c); err == nil || !strings.Contains(err.Error(), "signature") {
		t.Errorf("with a wrong secret: %v", err)
	}
	wrong, _ := ovh.NewClient(v.URL+"/1.0", "ak", "wrong", "ck")
	if err := wrong.Post("/sms/sms-xx12345-1/jobs", job, nil); err == nil {
		t.Error("the vendor's client got through with a wrong secret")
	}
}

// node sends one text with a library of npm.
func node(t *testing.T, args ...string) (failed string) {
	t.Helper()
	out, err := peers.Node(t, "vendors.mjs", args...).CombinedOutput()
	if err != nil {
		t.Fatalf("%v: %s", err, out)
	}
	var said struct {
		OK    any
		Error string
	}
	if err := json.Unmarshal(out, &said); err != nil {
		t.Fatalf("%v: %s", err, out)
	}
	return said.Error
}

func TestBrevo(t *testing.T) {
	v := peers.StartBrevo(t, "xkeysib-0000")
	if failed := node(t, "brevo", v.URL, "xkeysib-0000"); failed != "" {
		t.Fatal(failed)
	}
	c := sms.Config{Provider: "brevo", URL: v.URL, Password: "xkeysib-0000", From: "Passeur"}
	if id, err := ours(t, c); err != nil || id != "brevo:1511882900176222" {
		t.Fatalf("%q, %v", id, err)
	}
	sameTexts(t, v, 2)
	if failed := node(t, "brevo", v.URL, "wrong"); failed != "401" {
		t.Errorf("with a wrong key their client says %q", failed)
	}
	c.Password = "wrong"
	if _, err := ours(t, c); err == nil || !strings.Contains(err.Error(), "401") {
		t.Errorf("with a wrong key ours says %v", err)
	}
}

func TestSMSGate(t *testing.T) {
	v := peers.StartSMSGate(t, "passeur", "clef")
	if failed := node(t, "smsgate", v.URL, "passeur", "clef"); failed != "" {
		t.Fatal(failed)
	}
	c := sms.Config{Provider: "smsgate", URL: v.URL, Username: "passeur", Password: "clef", Secret: "0123456789abcdef"}
	for range 2 { // the second is one too many, and the phone knows it
		if _, err := ours(t, c); err != nil {
			t.Fatal(err)
		}
	}
	sameTexts(t, v, 2)
	if failed := node(t, "smsgate", v.URL, "passeur", "wrong"); failed != "401" {
		t.Errorf("with a wrong password their client says %q", failed)
	}
}

// TestTwilioSignature: Twilio's own validator and ours believe the same calls.
func TestTwilioSignature(t *testing.T) {
	const token, public = "auth-token", "https://passeur.example.fr"
	validator := client.NewRequestValidator(token)
	c := sms.Config{Provider: "twilio", Account: "AC0", Password: token, From: "+33757000000", PublicURL: public, Definition: new(sms.Definition)}
	file, _ := sms.DefinitionFile("twilio")
	if err := config.Decode("twilio", file, c.Definition); err != nil {
		t.Fatal(err)
	}
	n, err := sms.Open(c, nil, io.Discard, slog.New(slog.DiscardHandler))
	if err != nil {
		t.Fatal(err)
	}
	ours := func(path, signature string, params map[string]string) bool {
		form := url.Values{}
		for k, v := range params {
			form.Set(k, v)
		}
		r := httptest.NewRequest(http.MethodPost, path, strings.NewReader(form.Encode()))
		r.Header.Set("Content-Type", "application/x-www-form-urlencoded")
		r.Header.Set("X-Twilio-Signature", signature)
		w := httptest.NewRecorder()
		n.ServeHTTP(w, r)
		return w.Code == http.StatusServiceUnavailable // believed, and nobody listens yet
	}
	for path, params := range map[string]map[string]string{
		"/sms/twilio/reply":             {"Body": "Oui à vendredi", "From": jeanne, "MessageSid": "SM1", "To": "+33757000000"},
		"/sms/twilio/receipt?task=cmR2": {"MessageSid": "SM1", "MessageStatus": "delivered", "To": jeanne},
	} {
		for _, signature := range []string{sign(public+path, params, token), sign(public+path, params, "other"), sign(public+path+"x", params, token), ""} {
			theirs := validator.Validate(public+path, params, signature)
			if got := ours(path, signature, params); got != theirs {
				t.Errorf("%s with %q: Twilio believes it %v, we %v", path, signature, theirs, got)
			}
		}
		if !validator.Validate(public+path, params, sign(public+path, params, token)) {
			t.Errorf("%s: not what Twilio signs", path)
		}
	}
}

// sign is X-Twilio-Signature, as twilio.com/docs/usage/security says.
func sign(address string, params map[string]string, token string) string {
	for _, name := range slices.Sorted(maps.Keys(params)) {
		address += name + params[name]
	}
	mac := hmac.New(sha1.New, []byte(token))
	mac.Write([]byte(address))
	return base64.StdEncoding.EncodeToString(mac.Sum(nil))
}
