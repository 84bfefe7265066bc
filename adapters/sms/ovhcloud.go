package sms

import (
	"bytes"
	"crypto/sha1" //nolint:gosec // the signature that OVHcloud asks for
	"encoding/hex"
	"encoding/json"
	"errors"
	"fmt"
	"net/http"
	"net/url"
	"path"
	"strconv"
	"strings"
	"time"

	"passeur/bot"
)

// ovhcloud speaks to the SMS API of OVHcloud (api.ovh.com/console, /sms), the French host with short codes that people can answer.
//
// The settings: account is the name of the SMS account ("sms-xx12345-1"), username the application key, password the application
// secret, token the consumer key, with the rights POST /sms/*/jobs and GET /sms/*. Without from, texts leave from a short code that
// people can answer for 48 hours; with one, a declared sender.
//
// What the API does not say and must be kept from it:
//   - without noStopClause it adds "STOP 36111" and defers to decent hours of its own: texts leave as service messages;
//   - it answers 200 for a number that it does not take: invalidReceivers tells;
//   - receipts (callBack of the account) give its own id of the text, nothing of ours;
//   - its calls are not signed: the secret stands in the addresses that the operator gives it, PublicURL +
//     /sms/ovhcloud/dlr?secret=… (callBack) and /sms/ovhcloud/mo?secret=… (smsResponse, type cgi).
type ovhcloud struct {
	api    string // of the account, without a final slash
	config Config
	fake   bool
	clock
}

const ovhAPI = "https://eu.api.ovh.com/1.0"

// ovhParts is the most parts of a text: OVHcloud documents no limit below that of the air interface, and nobody reads ten.
const ovhParts = 10

// NewOVHcloud returns the provider for OVHcloud. Of c it wants Account, Username, Password and Token; URL only to speak to another of
// its endpoints. Errors are *Fault.
func NewOVHcloud(c Config) (Provider, error) {
	if c.URL == "" {
		c.URL = ovhAPI
	}
	u, err := url.Parse(c.URL)
	if err != nil || u.Host == "" || u.Scheme != "http" && u.Scheme != "https" {
		return nil, &Fault{"url", "laissez ce réglage vide, ou donnez un point d'accès d'OVHcloud, comme " + ovhAPI}
	}
	if strings.ContainsAny(c.Account, "/?# ") {
		return nil, &Fault{"account", "recopiez le nom du compte SMS, comme sms-xx12345-1"}
	}
	c.MaxParts = orDefault(c.MaxParts, ovhParts)
	return &ovhcloud{api: strings.TrimRight(c.URL, "/") + "/sms/" + c.Account, config: c, fake: isLoopback(u.Hostname()), clock: clock{time.Now}}, nil
}

// Can says that OVHcloud receives when texts leave from its short code and calls can be proven.
func (o *ovhcloud) Can() Abilities {
	called := o.config.Secret != "" && o.config.PublicURL != ""
	return Abilities{Name: "ovhcloud", Receives: called && o.config.From == "", Receipts: called, Fiction: o.fake, Batch: 1, MaxParts: o.config.MaxParts}
}

// ovhJob is a text for POST /sms/{serviceName}/jobs. Its fields are those of the API.
type ovhJob struct {
	Message           string   `json:"message"`
	Receivers         []string `json:"receivers"`
	Sender            string   `json:"sender,omitempty"`
	SenderForResponse bool     `json:"senderForResponse,omitempty"`
	NoStopClause      bool     `json:"noStopClause"`
	Priority          string   `json:"priority"`
	Coding            string   `json:"coding"`
	Charset           string   `json:"charset"`
}

var ovhCodings = map[Encoding]string{GSM7: "7bit", UCS2: "8bit"}

// Request writes one text.
func (o *ovhcloud) Request(ts ...Text) (*http.Request, error) {
	if len(ts) != 1 {
		return nil, fmt.Errorf("ovhcloud takes one text a request, got %d", len(ts))
	}
	t := ts[0]
	body, err := json.Marshal(ovhJob{Message: t.Text, Receivers: []string{t.To}, Sender: o.config.From, SenderForResponse: o.config.From == "",
		NoStopClause: true, Priority: "high", Coding: ovhCodings[t.Encoding], Charset: "UTF-8"})
	if err != nil {
		return nil, err
	}
	return o.signed(http.MethodPost, o.api+"/jobs", body)
}

// signed is a request with the signature of the API: SHA-1 of application secret, consumer key, method, address, body and time, joined
// by "+".
func (o *ovhcloud) signed(method, address string, body []byte) (*http.Request, error) {
	r, err := http.NewRequest(method, address, bytes.NewReader(body)) //nolint:noctx // the network adds its own
	if err != nil {
		return nil, bare(err)
	}
	stamp := strconv.FormatInt(o.now().Unix(), 10)
	sum := sha1.Sum([]byte(strings.Join([]string{o.config.Password, o.config.Token, method, address, string(body), stamp}, "+")))
	r.Header = http.Header{
		"X-Ovh-Application": {o.config.Username},
		"X-Ovh-Consumer":    {o.config.Token},
		"X-Ovh-Timestamp":   {stamp},
		"X-Ovh-Signature":   {"$1$" + hex.EncodeToString(sum[:])},
	}
	if len(body) > 0 {
		r.Header.Set("Content-Type", "application/json;charset=utf-8")
	}
	return r, nil
}

// Sent reads ids and invalidReceivers. 402 and a message about credits mean that the account is empty: the text waits.
func (o *ovhcloud) Sent(r *http.Response, body []byte) (string, error) {
	var said struct {
		IDs              []json.Number
		InvalidReceivers []string
		Message          string
	}
	if err := json.Unmarshal(body, &said); err != nil {
		return "", failure(r)
	}
	switch {
	case r.StatusCode == http.StatusOK && len(said.InvalidReceivers) > 0:
		return "", refused(reasonLine)
	case r.StatusCode == http.StatusOK && len(said.IDs) > 0:
		return said.IDs[0].String(), nil
	case r.StatusCode == http.StatusPaymentRequired, r.StatusCode >= 400 && strings.Contains(strings.ToLower(said.Message), "credit"):
		return "", errBroke
	case r.StatusCode == http.StatusBadRequest && strings.Contains(strings.ToLower(said.Message), "signature"):
		return "", errors.New("OVHcloud refuse la signature : les trois clés sont-elles les bonnes, l'horloge de la machine est-elle à l'heure ?")
	}
	return "", failure(r)
}

// errBroke: the account is empty. It is the operator's to fill, and the text's to wait for.
var errBroke = errors.New("plus de crédit chez le fournisseur de SMS")

// ovhFinals are the receipts that end the story, as OVHcloud writes them for dlr.
var ovhFinals = map[string]string{"1": bot.ReceiptDelivered, "2": bot.ReceiptFailed, "16": bot.ReceiptRejected}

// Received reads /sms/ovhcloud/dlr, a receipt, and /sms/ovhcloud/mo, an answer.
func (o *ovhcloud) Received(r *http.Request) ([]bot.Event, []byte, error) {
	if !proven(r.URL.Query().Get("secret"), o.config.Secret) {
		return nil, nil, &Rejection{Status: http.StatusForbidden, Reason: "secret"}
	}
	switch action := path.Base(r.URL.Path); {
	case action == "mo" && r.Method == http.MethodPost:
		return o.message(r)
	case action == "dlr" && r.Method == http.MethodGet:
		q := r.URL.Query()
		e, err := receiptEvent("ovhcloud", "", q.Get("id"), ovhFinals[q.Get("dlr")])
		return some(e), nil, err
	case action == "mo":
		return nil, nil, &Rejection{Status: http.StatusMethodNotAllowed, Reason: "method", Allow: http.MethodPost}
	case action == "dlr":
		return nil, nil, &Rejection{Status: http.StatusMethodNotAllowed, Reason: "method", Allow: http.MethodGet}
	}
	return nil, nil, &Rejection{Status: http.StatusNotFound, Reason: "path"}
}

// message reads an answer: a form with id, senderid and message.
func (o *ovhcloud) message(r *http.Request) ([]bot.Event, []byte, error) {
	body, err := readBody(r)
	if err != nil {
		return nil, nil, err
	}
	form, err := url.ParseQuery(string(body))
	if err != nil {
		return nil, nil, &Rejection{Status: http.StatusBadRequest, Reason: "form"}
	}
	from := senderOf(form.Get("senderid"))
	if from == "" || form.Get("id") == "" {
		return nil, nil, &Rejection{Status: http.StatusBadRequest, Reason: "no sender or no id"}
	}
	id := messageID(form.Get("id"), from, form.Get("shortcode"), form.Get("message"), "")
	return []bot.Event{said("ovhcloud", id, from, clean(form.Get("message")))}, nil, nil
}

// some is an event, if it tells anything.
func some(e bot.Event) []bot.Event {
	if e.ID == "" {
		return nil
	}
	return []bot.Event{e}
}

// Ask asks for the account, whose creditsLeft counts texts.
func (o *ovhcloud) Ask() *http.Request {
	r, err := o.signed(http.MethodGet, o.api, nil)
	if err != nil {
		return nil
	}
	return r
}

// Left reads creditsLeft.
func (o *ovhcloud) Left(body []byte) (Balance, error) {
	var said struct{ CreditsLeft *float64 }
	if err := json.Unmarshal(body, &said); err != nil || said.CreditsLeft == nil {
		return Balance{}, errUnreadable
	}
	return Balance{Provider: "ovhcloud", Left: *said.CreditsLeft, Unit: "SMS"}, nil
}

// AskStopped asks for the blacklist of the account: the numbers that answered STOP, which OVHcloud does not hand on.
func (o *ovhcloud) AskStopped() *http.Request {
	r, err := o.signed(http.MethodGet, o.api+"/blacklists", nil)
	if err != nil {
		return nil
	}
	return r
}

// Stopped reads the blacklist, an array of numbers. What is no number is left out.
func (o *ovhcloud) Stopped(body []byte) (numbers []string, err error) {
	var said []string
	if err := json.Unmarshal(body, &said); err != nil {
		return nil, errUnreadable
	}
	for _, number := range said {
		if number = normalise(clean(number)); strings.HasPrefix(number, "+") {
			numbers = append(numbers, number)
		}
	}
	return numbers, nil
}
