package sms

import (
	"crypto/hmac"
	"crypto/sha1" //nolint:gosec // what gateways sign with
	"crypto/sha256"
	"crypto/subtle"
	"encoding/base64"
	"encoding/hex"
	"maps"
	"net/http"
	"net/url"
	"path"
	"slices"
	"strconv"
	"strings"
	"time"

	"passeur/bot"
)

// Received reads a call of the gateway: the hooks of its path, each for the events that it is for.
func (p *described) Received(r *http.Request) ([]bot.Event, []byte, error) {
	hooks, err := p.hooks(r)
	if err != nil {
		return nil, nil, err
	}
	first := hooks[0].Hook
	body, err := p.proven(r, first.Proof)
	if err != nil {
		return nil, nil, err
	}
	items, err := first.items(r, body)
	if err != nil {
		return nil, nil, err
	}
	events, err := p.events(hooks, items, r)
	return events, []byte(first.Answer), err
}

// events are what the items of a call tell. One that makes no sense hides no other; it is an error only when there is nothing else.
func (p *described) events(hooks []hook, items []item, r *http.Request) (events []bot.Event, err error) {
	for _, item := range items {
		i := slices.IndexFunc(hooks, func(h hook) bool { return h.wants(item) })
		if i < 0 {
			continue
		}
		e, failed := p.event(hooks[i], item, r)
		switch {
		case failed != nil:
			err = failed
		case e.ID != "":
			events = append(events, e)
		}
	}
	if len(events) > 0 {
		return events, nil
	}
	return nil, err
}

// hook is a Hook and what it tells of.
type hook struct {
	Hook
	kind string // receipt, reply, stop
}

// hooks are those of the path that is called.
func (p *described) hooks(r *http.Request) ([]hook, error) {
	var found []hook
	for _, h := range []hook{{p.def.Receipt, "receipt"}, {p.def.Reply, "reply"}, {p.def.Stop, "stop"}} {
		if h.Path != "" && h.Path == path.Base(r.URL.Path) {
			found = append(found, h)
		}
	}
	if len(found) == 0 {
		return nil, &Rejection{Status: http.StatusNotFound, Reason: "path"}
	}
	method := found[0].Method
	if method == "" {
		method = http.MethodPost
	}
	if r.Method != method {
		return nil, &Rejection{Status: http.StatusMethodNotAllowed, Reason: "method", Allow: method}
	}
	return found, nil
}

// proven reads the body, and makes sure that the gateway itself calls.
func (p *described) proven(r *http.Request, proof Proof) ([]byte, error) {
	key := p.config.setting(proof.key())
	forged := &Rejection{Status: http.StatusForbidden, Reason: "proof"}
	switch proof.By {
	case "secret":
		if !proven(r.URL.Query().Get("secret"), key) {
			return nil, forged
		}
	case "basic":
		if _, shown, _ := r.BasicAuth(); !proven(shown, key) {
			return nil, forged
		}
	}
	body, err := readBody(r)
	if err != nil {
		return nil, err
	}
	switch proof.By {
	case "hmac":
		stamp := r.Header.Get(proof.Stamp)
		signed := append(slices.Clone(body), stamp...)
		if key == "" || proof.Stamp != "" && stale(stamp, p.now()) || !proof.signs(r.Header.Get(proof.Header), key, signed) {
			return nil, forged
		}
	case "twilio":
		signed, err := p.signedByTwilio(r, body)
		if err != nil {
			return nil, err
		}
		if key == "" || !(Proof{Hash: "sha1", Encoding: "base64"}).signs(r.Header.Get("X-Twilio-Signature"), key, signed) {
			return nil, forged
		}
	}
	return body, nil
}

// oldestCall is how old a signed call may be: it stays well below the time for which an event is known again, and allows for the clock
// of a phone and for its repetitions.
const oldestCall = 24 * time.Hour

// stale tells that a stamp, in Unix seconds, is of another day, or none.
func stale(stamp string, now time.Time) bool {
	s, err := strconv.ParseInt(stamp, 10, 64)
	return err != nil || now.Sub(time.Unix(s, 0)).Abs() > oldestCall
}

// signs compares a signature in a time that tells nothing of it.
func (p Proof) signs(shown, key string, signed []byte) bool {
	sum := sha256.New
	if p.Hash == "sha1" {
		sum = sha1.New
	}
	mac := hmac.New(sum, []byte(key))
	mac.Write(signed)
	var given []byte
	var err error
	if p.Encoding == "base64" {
		given, err = base64.StdEncoding.DecodeString(shown)
	} else {
		given, err = hex.DecodeString(strings.TrimPrefix(shown, "sha256="))
	}
	return err == nil && subtle.ConstantTimeCompare(given, mac.Sum(nil)) == 1
}

// signedByTwilio is the address as Twilio calls it, then the form's fields in alphabetical order, name and value without anything
// between them (twilio.com/docs/usage/security).
func (p *described) signedByTwilio(r *http.Request, body []byte) ([]byte, error) {
	form, err := url.ParseQuery(string(body))
	if err != nil {
		return nil, err
	}
	out := strings.TrimRight(p.config.PublicURL, "/") + r.URL.RequestURI()
	for _, name := range slices.Sorted(maps.Keys(form)) {
		for _, value := range form[name] {
			out += name + value
		}
	}
	return []byte(out), nil
}

// item reads one field of an event.
type item func(field string) string

// items are the events of a call.
func (h *Hook) items(r *http.Request, body []byte) ([]item, error) {
	switch h.Body {
	case "query":
		return []item{r.URL.Query().Get}, nil
	case "form":
		form, err := url.ParseQuery(string(body))
		if err != nil {
			return nil, &Rejection{Status: http.StatusBadRequest, Reason: "form"}
		}
		return []item{form.Get}, nil
	}
	doc := readJSON([]byte(legible(strings.TrimPrefix(string(body), "\ufeff"))))
	if doc == nil {
		return nil, &Rejection{Status: http.StatusBadRequest, Reason: "json"}
	}
	if h.Each != "" {
		doc = at(doc, h.Each)
	}
	list, several := doc.([]any)
	if !several {
		list = []any{doc}
	}
	var out []item
	for _, one := range list {
		out = append(out, func(field string) string { return text(at(one, field)) })
	}
	return out, nil
}

func (h *Hook) wants(it item) bool {
	for field, values := range h.When {
		if !slices.Contains(values, it(field)) {
			return false
		}
	}
	return true
}

// event is what one item tells; without an ID it tells nothing.
func (p *described) event(h hook, it item, r *http.Request) (bot.Event, error) {
	if h.kind == "receipt" {
		return p.receipt(h, it, r)
	}
	from := senderOf(it(h.From))
	if from == "" {
		return bot.Event{}, &Rejection{Status: http.StatusBadRequest, Reason: "no sender"}
	}
	text, when := "STOP", it(h.Time)
	if h.kind == "reply" {
		text = clean(it(h.Text))
	} else if it(h.ID) == "" && when == "" {
		when = p.now().UTC().Format(time.DateOnly) // a STOP is heard, whenever it was; twice a day it is one
	}
	id := messageID(it(h.ID), from, h.kind, text, when)
	if id == "" {
		return bot.Event{}, &Rejection{Status: http.StatusBadRequest, Reason: "neither id nor time"}
	}
	return said(p.def.Name, h.kind+"/"+id, from, text), nil
}

func (p *described) receipt(h hook, it item, r *http.Request) (bot.Event, error) {
	key := it(h.Key)
	if h.Key == "" {
		key = r.URL.Query().Get("task")
	}
	state, known := h.States[it(h.State)]
	if !known && it(h.State) != "" {
		state = h.States["*"]
	}
	return receiptEvent(p.def.Name, key, it(h.ID), state)
}

// receiptEvent is a receipt for a text by its key, in base64url, or else by the gateway's id; a passing state tells nothing.
func receiptEvent(provider, key, id, state string) (bot.Event, error) {
	values := map[string]string{"receipt": state}
	of := ""
	if task, err := base64.RawURLEncoding.DecodeString(key); err == nil && len(task) > 0 {
		of = clean(string(task))
		values["task"] = of
	} else if id = clean(id); id != "" && len(id) <= 128 {
		of = id
		values["ref"] = provider + ":" + id
	} else {
		return bot.Event{}, &Rejection{Status: http.StatusBadRequest, Reason: "no text"}
	}
	if state == "" {
		return bot.Event{}, nil
	}
	return bot.Event{ID: "sms/" + provider + "/dlr/" + of + "/" + state, Role: bot.Itself, Intent: bot.ReceiptIntent, Values: values}, nil
}
