package sms

import (
	"bytes"
	"crypto/sha256"
	"encoding/base64"
	"encoding/hex"
	"errors"
	"fmt"
	"io"
	"net"
	"net/http"
	"net/url"
	"path"
	"strings"

	"passeur/bot"
)

// kannel speaks to smsbox of Kannel 1.4.5 (kannel.org), the free gateway to SMPP operators and modems.
//
// Texts go out as POST /cgi-bin/sendsms with X-Kannel headers and the text as body, so that neither a number nor a
// password stands in an address that proxies log. What Kannel does not say and must be kept from it:
//   - with coding 0 it turns what is not GSM-7 into "?" and ç into Ç: texts come folded, others leave with coding 2;
//   - it cuts what exceeds max-messages of the sendsms-user and answers 202: MaxParts must not be larger than that;
//   - it accepts an empty text and gives no id of a message: the task's key travels in dlr-url and comes back;
//   - it expands %x in dlr-url (%C3 is a charset followed by 3): the key is base64url, the secret has no percent;
//   - of a long text it asks a receipt for the first part only, and hands emoji on in halves when they fall on a seam;
//   - it answers for an sms-service that keeps silent ("<Empty reply…>") unless that has max-messages = 0;
//   - it gives an incoming message up after http-request-retry tries, whatever Passeur answered: set it to 100 or more,
//     with http-queue-delay = 30.
type kannel struct {
	sendsms  *url.URL
	config   Config
	receipts string // dlr-url up to the key; "" none are asked for
	loopback bool
}

// kannelParts is max-messages of a sendsms-user, when its group does not set it.
const kannelParts = 10

// dlrMask asks for the receipts of finals: the sum of their types.
const dlrMask = "19"

// finals are the types of receipts that end the story, as Kannel writes them for %d. 4 (buffered) and 8 (handed to
// the operator) do not.
var finals = map[string]string{"1": bot.ReceiptDelivered, "2": bot.ReceiptFailed, "16": bot.ReceiptRejected}

// NewKannel returns the provider for Kannel. Of c it wants URL (smsbox: "http://127.0.0.1:13013"), Username and
// Password of a sendsms-user, and, to receive, Secret and PublicURL. Its callbacks, to be written into kannel.conf,
// are PublicURL + /sms/kannel/mo?secret=…&from=%p&to=%P&id=%I&ts=%t (post-url). Errors are *Fault.
func NewKannel(c Config) (Provider, error) {
	u, err := url.Parse(c.URL)
	if err != nil || u.Host == "" || (u.Scheme != "http" && u.Scheme != "https") {
		return nil, &Fault{"url", "ce doit être l'adresse de smsbox, par exemple http://127.0.0.1:13013"}
	}
	if strings.Trim(u.Path, "/") == "" {
		u.Path = "/cgi-bin/sendsms"
	}
	for name, value := range map[string]string{"username": c.Username, "password": c.Password} {
		if value == "" || !headerSafe(value) {
			return nil, &Fault{name, "recopiez celui du groupe sendsms-user, sans espace au bord ni retour à la ligne"}
		}
	}
	receipts, err := receiptURL(c)
	if err != nil {
		return nil, err
	}
	c.MaxParts = orDefault(c.MaxParts, kannelParts)
	return &kannel{sendsms: u, config: c, receipts: receipts, loopback: isLoopback(u.Hostname())}, nil
}

func isLoopback(host string) bool {
	return host == "localhost" || net.ParseIP(host).IsLoopback()
}

func headerSafe(s string) bool {
	return strings.TrimSpace(s) == s && !strings.ContainsAny(s, "\r\n\x00")
}

func receiptURL(c Config) (string, error) {
	base, err := c.callbackURL("kannel", "dlr")
	if err != nil || base == "" || c.Secret == "" {
		return "", err
	}
	return base + "?secret=" + c.Secret + "&type=%d&task=", nil
}

// Can says that Kannel receives when callbacks have a secret, and that it may be given fictitious numbers on the
// loopback, where it is a test.
func (k *kannel) Can() Abilities {
	return Abilities{
		Name:     "kannel",
		Receives: k.config.Secret != "",
		Receipts: k.receipts != "",
		Fiction:  k.loopback,
		Batch:    1,
		MaxParts: k.config.MaxParts,
	}
}

// Request writes one text.
func (k *kannel) Request(ts ...Text) (*http.Request, error) {
	if len(ts) != 1 {
		return nil, fmt.Errorf("kannel takes one text a request, got %d", len(ts))
	}
	t := ts[0]
	r := postTo(k.sendsms, t.Text)
	header := http.Header{ // names in canonical form
		"Content-Type":      {`text/plain; charset="UTF-8"`},
		"X-Kannel-Username": {k.config.Username},
		"X-Kannel-Password": {k.config.Password},
		"X-Kannel-To":       {t.To},
		"X-Kannel-Coding":   {codings[t.Encoding]},
	}
	if k.config.From != "" {
		header["X-Kannel-From"] = []string{k.config.From}
	}
	if k.receipts != "" && t.Key != "" {
		header["X-Kannel-Dlr-Mask"] = []string{dlrMask}
		header["X-Kannel-Dlr-Url"] = []string{k.receipts + base64.RawURLEncoding.EncodeToString([]byte(t.Key))}
	}
	r.Header = header
	return r, nil
}

// codings are the values of X-Kannel-Coding.
var codings = map[Encoding]string{GSM7: "0", UCS2: "2"}

// postTo is http.NewRequest for an address that was read beforehand. The request does not change the address.
func postTo(to *url.URL, text string) *http.Request {
	body := func() (io.ReadCloser, error) { return io.NopCloser(strings.NewReader(text)), nil }
	r := &http.Request{Method: http.MethodPost, URL: to, Host: to.Host, Proto: "HTTP/1.1", ProtoMajor: 1, ProtoMinor: 1,
		ContentLength: int64(len(text)), GetBody: body, Body: http.NoBody}
	if text != "" {
		r.Body, _ = body()
	}
	return r
}

// Sent reads what smsbox says: 202 "0: Accepted for delivery", "3: Queued for later delivery", or "Sent." where
// immediate-sendsms-reply is set. 403 is either wrong credentials (try again once they are mended) or a message that
// no operator link takes (refused). 400 is a receiver that Kannel does not take, or a sender that nobody set.
func (k *kannel) Sent(r *http.Response, body []byte) (string, error) {
	switch {
	case r.StatusCode == http.StatusAccepted && accepted(body):
		return "", nil
	case r.StatusCode == http.StatusForbidden && bytes.HasPrefix(body, []byte("Not routable")):
		return "", refused("non-routable")
	case r.StatusCode == http.StatusBadRequest && bytes.Contains(body, []byte("black-list")):
		return "", refused(bot.OptedOut)
	case r.StatusCode == http.StatusInternalServerError && bytes.HasPrefix(body, []byte("Sending failed")):
		return "", errors.New("kannel n'a pas pu prendre le message")
	case r.StatusCode == http.StatusBadRequest && bytes.HasPrefix(body, []byte("Sender missing")):
		return "", errors.New("kannel n'a pas d'expéditeur : donner from, ou global-sender dans kannel.conf")
	}
	return "", failure(r)
}

func accepted(body []byte) bool {
	for _, start := range []string{"0:", "3:", "Sent."} {
		if bytes.HasPrefix(body, []byte(start)) {
			return true
		}
	}
	return false
}

// Received reads /sms/kannel/mo, a message (post-url), and /sms/kannel/dlr, a receipt (dlr-url).
func (k *kannel) Received(r *http.Request) ([]bot.Event, []byte, error) {
	query := r.URL.Query()
	if !proven(query.Get("secret"), k.config.Secret) {
		return nil, nil, &Rejection{Status: http.StatusForbidden, Reason: "secret"}
	}
	switch action := path.Base(r.URL.Path); {
	case action == "mo" && r.Method == http.MethodPost:
		return k.message(r, query)
	case action == "dlr" && r.Method == http.MethodGet:
		return k.receipt(query)
	case action == "mo":
		return nil, nil, &Rejection{Status: http.StatusMethodNotAllowed, Reason: "method", Allow: http.MethodPost}
	case action == "dlr":
		return nil, nil, &Rejection{Status: http.StatusMethodNotAllowed, Reason: "method", Allow: http.MethodGet}
	}
	return nil, nil, &Rejection{Status: http.StatusNotFound, Reason: "path"}
}

// message reads an incoming text. What the address does not carry is taken from the X-Kannel headers.
func (k *kannel) message(r *http.Request, query url.Values) ([]bot.Event, []byte, error) {
	field := func(name, header string) string {
		if v := query.Get(name); v != "" {
			return v
		}
		return r.Header.Get(header)
	}
	from := senderOf(field("from", "X-Kannel-From"))
	if from == "" {
		return nil, nil, &Rejection{Status: http.StatusBadRequest, Reason: "no sender"}
	}
	body, err := readBody(r)
	if err != nil {
		return nil, nil, err
	}
	text := decode(body, charset(r, query))
	id := messageID(query.Get("id"), from, field("to", "X-Kannel-To"), text, field("ts", "X-Kannel-Time"))
	if id == "" {
		return nil, nil, &Rejection{Status: http.StatusBadRequest, Reason: "neither id nor time"}
	}
	return []bot.Event{said("kannel", id, from, text)}, nil, nil
}

// messageID is Kannel's own id (%I), the same for every repetition. Without one it is a hash of all that makes the
// message, with the second at which Kannel got it, since "oui" may come twice; without that second it is "".
func messageID(id, from, to, text, second string) string {
	if plainID(id) {
		return id
	}
	if id == "" && second == "" {
		return ""
	}
	h := sha256.New()
	for _, field := range []string{id, from, to, text, second} {
		fmt.Fprintf(h, "%d:%s", len(field), field)
	}
	return hex.EncodeToString(h.Sum(nil))
}

// plainID accepts what can stand in an ID: a UUID or its like.
func plainID(id string) bool {
	return id != "" && len(id) <= 64 && strings.Trim(id, base64Alphabet) == ""
}

// receipt reads a delivery receipt. Those that are not final are taken and not told.
func (k *kannel) receipt(query url.Values) ([]bot.Event, []byte, error) {
	key, err := base64.RawURLEncoding.DecodeString(query.Get("task"))
	if err != nil || len(key) == 0 {
		return nil, nil, &Rejection{Status: http.StatusBadRequest, Reason: "no task"}
	}
	state, final := finals[query.Get("type")]
	if !final {
		return nil, nil, nil
	}
	task := clean(string(key))
	return []bot.Event{{
		ID:     "sms/kannel/dlr/" + task + "/" + query.Get("type"),
		Role:   bot.Itself,
		Intent: bot.ReceiptIntent,
		Values: map[string]string{"receipt": state, "task": task},
	}}, nil, nil
}
