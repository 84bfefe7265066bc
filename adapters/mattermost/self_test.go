package mattermost

import (
	"bytes"
	"encoding/json"
	"net/http"
	"net/http/httptest"
	"testing"
	"time"

	"github.com/mattermost/mattermost/server/public/model"
)

func callSelf(a *Network, body []byte) *httptest.ResponseRecorder {
	w := httptest.NewRecorder()
	a.ServeHTTP(w, httptest.NewRequest(http.MethodPost, selfPath, bytes.NewReader(body)))
	return w
}

// Nothing but what the bot made for this purpose, a minute ago at most, is answered; the rest is counted.
func TestSelfIsJudged(t *testing.T) {
	a, now := withButtons(1), time.Now()
	me, zoe := model.NewId(), model.NewId()
	set := func(name string, value any) func(*model.PostActionIntegrationRequest) {
		return func(r *model.PostActionIntegrationRequest) { r.Context[name] = value }
	}
	for name, test := range map[string]struct {
		by     *Network
		made   time.Time
		change func(*model.PostActionIntegrationRequest)
		own    bool
	}{
		"its own":                    {a, now, func(*model.PostActionIntegrationRequest) {}, true},
		"of the same key":            {withButtons(1), now, func(*model.PostActionIntegrationRequest) {}, true},
		"of another key":             {withButtons(2), now, func(*model.PostActionIntegrationRequest) {}, false},
		"too old":                    {a, now.Add(-selfLife - time.Minute), func(*model.PostActionIntegrationRequest) {}, false},
		"somebody else's":            {a, now, func(r *model.PostActionIntegrationRequest) { r.UserId = zoe }, false},
		"for ever":                   {a, now, set(ctxUntil, "99999999999"), false},
		"for once more":              {a, now, set(ctxOnce, model.NewId()), false},
		"without a proof":            {a, now, set(ctxProof, ""), false},
		"with a proof of its answer": {a, now, set(ctxProof, a.proof(provesAnswer, "")), false},
		"with a number":              {a, now, set(ctxProof, 1), false},
		"nothing in it":              {a, now, func(r *model.PostActionIntegrationRequest) { r.Context = nil }, false},
	} {
		own := test.by.ownPress(me, test.made)
		made := *own
		made.Context = map[string]any{}
		for k, v := range own.Context {
			made.Context[k] = v
		}
		test.change(&made)
		body, err := json.Marshal(made)
		if err != nil {
			t.Fatal(err)
		}
		before := a.Forged()
		w := callSelf(a, body)
		var said model.PostActionIntegrationResponse
		if w.Code == http.StatusOK {
			if err := json.Unmarshal(w.Body.Bytes(), &said); err != nil || said.Update == nil {
				t.Fatalf("%s: %v, %s", name, err, w.Body)
			}
		}
		if test.own != (w.Code == http.StatusOK && a.answered(own, said.Update.Message)) || test.own != (a.Forged() == before) {
			t.Errorf("%s: %d, %d counted", name, w.Code, a.Forged()-before)
		}
	}
}

// A proof of one purpose is none of another.
func TestSelfIsNoPress(t *testing.T) {
	a, marie := withButtons(1), model.NewId()
	if w := callSelf(a, pressOf(t, a, marie, marie, time.Now())); w.Code != http.StatusForbidden {
		t.Errorf("a press is answered %d", w.Code)
	}
	body, err := json.Marshal(a.ownPress(marie, time.Now()))
	if err != nil {
		t.Fatal(err)
	}
	w := httptest.NewRecorder()
	a.ServeHTTP(w, httptest.NewRequest(http.MethodPost, pressPath, bytes.NewReader(body)))
	if w.Code != http.StatusForbidden || a.Forged() != 2 {
		t.Errorf("the bot's own is taken for a press: %d, %d counted", w.Code, a.Forged())
	}
	a.cfg.ProofKey = nil
	if w := callSelf(a, body); w.Code != http.StatusForbidden {
		t.Errorf("without a key: %d", w.Code)
	}
}

// FuzzSelf: nothing that was not proven is answered, and nothing panics.
func FuzzSelf(f *testing.F) {
	a := withButtons(1)
	body, err := json.Marshal(withButtons(2).ownPress("so6jhfrj33rkzbeswgnt4y3tch", time.Now()))
	if err != nil {
		f.Fatal(err)
	}
	f.Add(body)
	f.Add([]byte(`{"context":{"once":"a","until":"99999999999","proof":""}}`))
	f.Add([]byte(`{"context":{"proof":[1]}}`))
	f.Fuzz(func(t *testing.T, body []byte) {
		if w := callSelf(a, body); w.Code < 400 {
			t.Fatalf("%d for %q", w.Code, body)
		}
	})
}
