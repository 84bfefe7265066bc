package sms

import (
	"bytes"
	"crypto/sha256"
	"encoding/base64"
	"encoding/hex"
	"encoding/json"
	"errors"
	"fmt"
	"net/http"
	"net/url"
	"slices"
	"strconv"
	"strings"
	"time"

	"passeur/bot"
)

// described speaks to a gateway as a Definition says.
type described struct {
	def      *Definition
	config   Config
	can      Abilities
	receipts string // address of receipts, up to the key; "" none
	replies  string
	clock
}

func newDescribed(c Config) (Provider, error) {
	d := c.Definition
	if err := d.check(); err != nil {
		return nil, &Fault{"definition", err.Error()}
	}
	d = d.at(c.URL)
	p := &described{def: d, config: c, clock: clock{time.Now}}
	heard := c.PublicURL != ""
	for _, h := range []struct {
		hook *Hook
		url  *string
	}{{&d.Receipt, &p.receipts}, {&d.Reply, &p.replies}} {
		base, err := c.callbackURL(d.Name, h.hook.Path)
		if err != nil {
			return nil, err
		}
		if h.hook.Path == "" || !heard || c.setting(h.hook.Proof.key()) == "" {
			continue
		}
		if *h.url = base; h.hook.Proof.By == "secret" {
			*h.url += "?secret=" + c.Secret
		}
	}
	p.can = Abilities{Name: d.Name, Receives: p.replies != "", Receipts: p.receipts != "", Dedupes: d.Dedupes, Phone: d.Phone, Batch: 1, MaxParts: orDefault(c.MaxParts, d.MaxParts)}
	if to, err := url.Parse(strings.ReplaceAll(d.Send.URL, "{url}", c.URL)); err != nil || to.Host == "" || to.Scheme != "http" && to.Scheme != "https" {
		return nil, &Fault{"url", "ce doit être une adresse, par exemple https://sms.example.fr"}
	} else if isLoopback(to.Hostname()) {
		p.can.Fiction = true
	}
	return p, nil
}

// at is the definition with its addresses on another host: a region of the vendor's, or a fake.
func (d *Definition) at(host string) *Definition {
	if host == "" || strings.Contains(d.Send.URL, "{url}") {
		return d
	}
	moved := *d
	for _, address := range []*string{&moved.Send.URL, &moved.Balance.URL} {
		if _, rest, ok := strings.Cut(*address, "://"); ok {
			_, path, _ := strings.Cut(rest, "/")
			*address = strings.TrimRight(host, "/") + "/" + path
		}
	}
	return &moved
}

// key is the setting that proves.
func (p Proof) key() string {
	if p.Key == "" {
		return "secret"
	}
	return p.Key
}

// Can is what the definition says, as far as the settings allow it.
func (p *described) Can() Abilities { return p.can }

// Request writes one text.
func (p *described) Request(ts ...Text) (*http.Request, error) {
	if len(ts) != 1 {
		return nil, fmt.Errorf("%s takes one text a request, got %d", p.def.Name, len(ts))
	}
	return p.def.Send.write(http.MethodPost, p.words(ts[0]))
}

// words are what stands in braces.
func (p *described) words(t Text) map[string]string {
	encoding, unicode := p.def.Encodings["gsm"], "false"
	if t.Encoding == UCS2 {
		encoding, unicode = p.def.Encodings["ucs2"], "true"
	}
	key, sum := "", ""
	if t.Key != "" {
		key = base64.RawURLEncoding.EncodeToString([]byte(t.Key))
		hash := sha256.Sum256([]byte(t.Key))
		sum = hex.EncodeToString(hash[:16])
	}
	national := t.To
	if rest, french := strings.CutPrefix(t.To, "+33"); french {
		national = "0" + rest
	}
	w := map[string]string{"to": t.To, "to_digits": strings.TrimPrefix(t.To, "+"), "to_national": national, "text": t.Text, "from": p.config.From,
		"key": key, "key_hash": sum, "encoding": encoding, "unicode": unicode, "receipt_url": keyed(p.receipts, key), "reply_url": p.replies}
	for _, name := range settingNames {
		w[name] = p.config.setting(name)
	}
	return w
}

// keyed is the address of a text's receipt.
func keyed(base, key string) string {
	switch {
	case base == "" || key == "":
		return base
	case strings.Contains(base, "?"):
		return base + "&task=" + key
	}
	return base + "?task=" + key
}

// write fills in a call.
func (c *Call) write(method string, words map[string]string) (*http.Request, error) {
	body, kind, err := c.body(words)
	if err != nil {
		return nil, err
	}
	r, err := http.NewRequest(method, inURL(c.URL, words), bytes.NewReader(body)) //nolint:noctx // the network adds its own
	if err != nil {
		return nil, bare(err)
	}
	if len(body) > 0 {
		r.Header.Set("Content-Type", kind)
	}
	r.Header.Set("Accept", "application/json")
	for name, value := range c.Headers {
		if value = inWords(value, words); value != "" {
			r.Header.Set(name, value)
		}
	}
	if len(c.Basic) == 2 {
		r.SetBasicAuth(inWords(c.Basic[0], words), inWords(c.Basic[1], words))
	}
	return r, nil
}

func (c *Call) body(words map[string]string) (body []byte, kind string, err error) {
	switch {
	case c.JSON != nil:
		var out bytes.Buffer
		e := json.NewEncoder(&out)
		e.SetEscapeHTML(false)
		err := e.Encode(inJSON(c.JSON, words))
		return bytes.TrimSpace(out.Bytes()), "application/json; charset=utf-8", err
	case len(c.Form) > 0:
		form := url.Values{}
		for name, value := range c.Form {
			if filled := inWords(value, words); filled != "" {
				form.Set(name, filled)
			}
		}
		return []byte(form.Encode()), "application/x-www-form-urlencoded", nil
	case c.Text != "":
		return []byte(inWords(c.Text, words)), "text/plain; charset=utf-8", nil
	}
	return nil, "", nil
}

// inWords replaces the words in braces.
func inWords(s string, words map[string]string) string {
	return wordForm.ReplaceAllStringFunc(s, func(m string) string { return words[m[1:len(m)-1]] })
}

// inURL does so in an address, whose host is a setting's at most. Nothing of a word can become a parameter of its own.
func inURL(s string, words map[string]string) string {
	path, query, asks := strings.Cut(s, "?")
	fill := func(part string, escape func(string) string) string {
		return wordForm.ReplaceAllStringFunc(part, func(m string) string {
			if name := m[1 : len(m)-1]; name != "url" {
				return escape(words[name])
			}
			return words["url"]
		})
	}
	if path = fill(path, url.PathEscape); !asks {
		return path
	}
	return path + "?" + fill(query, url.QueryEscape)
}

// inJSON does so in a JSON value. What becomes empty is left out; {unicode} alone is a JSON boolean.
func inJSON(v any, words map[string]string) any {
	switch v := v.(type) {
	case map[string]any:
		out := map[string]any{}
		for key, value := range v {
			if filled := inJSON(value, words); filled != "" {
				out[key] = filled
			}
		}
		return out
	case []any:
		out := make([]any, len(v))
		for i, value := range v {
			out[i] = inJSON(value, words)
		}
		return out
	case string:
		if v == "{unicode}" {
			return words["unicode"] == "true"
		}
		return inWords(v, words)
	}
	return v
}

// Sent finds the first verdict that fits.
func (p *described) Sent(r *http.Response, body []byte) (string, error) {
	doc := readJSON(body)
	for _, v := range p.def.Answers {
		if v.fits(r.StatusCode, doc, body) {
			return v.pronounce(r, doc)
		}
	}
	return "", failure(r)
}

func (v *AnswerRule) fits(status int, doc any, body []byte) bool {
	if code := strconv.Itoa(status); v.Status != "" && v.Status != code && v.Status != code[:1]+"xx" {
		return false
	}
	value := string(body)
	if v.At != "" {
		value = text(at(doc, v.At))
	}
	lower := strings.ToLower(value)
	switch {
	case len(v.Equals) > 0:
		return slices.Contains(v.Equals, value)
	case len(v.Has) > 0:
		return slices.ContainsFunc(v.Has, func(s string) bool { return strings.Contains(lower, strings.ToLower(s)) })
	case v.At != "":
		return value != "" && value != "false"
	}
	return true
}

func (v *AnswerRule) pronounce(r *http.Response, doc any) (string, error) {
	switch v.Is {
	case "sent":
		return text(at(doc, v.ID)), nil
	case "done":
		return "", nil
	case "refused":
		return "", refused(v.Reason)
	case "slow":
		if asked, ok := bot.ParseRetryAfter(r.Header.Get("Retry-After"), time.Now()); ok {
			return "", asked
		}
		return "", bot.RetryAfter{Wait: slowDown}
	}
	if v.Reason != "" {
		return "", errors.New(v.Reason)
	}
	return "", fmt.Errorf("la passerelle SMS a répondu %d", r.StatusCode)
}

// readJSON is a body's JSON; nil for anything else.
func readJSON(body []byte) (doc any) {
	d := json.NewDecoder(bytes.NewReader(body))
	d.UseNumber()
	if err := d.Decode(&doc); err != nil {
		return nil
	}
	return doc
}

// at is what stands at a path of a JSON value: "messages.0.id"; nil when there is nothing.
func at(doc any, path string) any {
	if path == "" {
		return nil
	}
	for step := range strings.SplitSeq(path, ".") {
		switch v := doc.(type) {
		case map[string]any:
			doc = v[step]
		case []any:
			i, err := strconv.Atoi(step)
			if err != nil || i < 0 || i >= len(v) {
				return nil
			}
			doc = v[i]
		default:
			return nil
		}
	}
	return doc
}

// text is a JSON value as text; "" for null, lists and objects.
func text(v any) string {
	switch v := v.(type) {
	case string:
		return v
	case json.Number:
		return v.String()
	case bool:
		return strconv.FormatBool(v)
	}
	return ""
}

// Ask writes the question for the balance.
func (p *described) Ask() *http.Request {
	b := p.def.Balance
	if b.URL == "" {
		return nil
	}
	call := Call{URL: b.URL, Headers: b.Headers, Basic: b.Basic}
	r, err := call.write(http.MethodGet, p.words(Text{}))
	if err != nil {
		return nil
	}
	return r
}

// Left reads the balance.
func (p *described) Left(body []byte) (Balance, error) {
	left, err := strconv.ParseFloat(text(at(readJSON(body), p.def.Balance.At)), 64)
	if err != nil {
		return Balance{}, errUnreadable
	}
	return Balance{Provider: p.def.Name, Left: left, Unit: p.def.Balance.Unit}, nil
}
