package sms

import (
	"embed"
	"encoding/json"
	"errors"
	"fmt"
	"maps"
	"path"
	"regexp"
	"slices"
	"strings"

	"passeur/bot"
)

// Definition describes a gateway whose API is plain enough to be said in a file: how a text is written as a request, how its answers
// are read, how it tells of receipts, replies and opt-outs, and how it proves that it is the one who calls. docs/sms.md says how to
// write one.
//
// In what is sent, {words} in braces are replaced: {to} +33639981234, {to_digits} 33639981234, {to_national} 0639981234, {text},
// {from}, {key} the task's key in letters, digits, - and _, {key_hash} 32 letters and digits that stand for it, {encoding} a word of
// Encodings, {unicode} true or false, {receipt_url} and {reply_url} where the gateway is to call, and the settings {url}, {account},
// {username}, {password}, {token}. What is left empty by that is not sent. The setting url moves the addresses to another host: a region of the vendor's.
type Definition struct {
	Name      string            // as in the settings, in the path of callbacks and in the IDs of events
	Docs      []string          // where the vendor describes it
	Checked   string            // when and by whom it was tried against the live service; "" never
	Needs     []string          // settings without which it cannot work
	Says      map[string]string // what the vendor calls a setting, and where it is found: told by docs and errors
	Phone     bool              // a phone with a SIM card
	Dedupes   bool              // {key} makes it refuse or ignore a text that it has already
	MaxParts  int               // the most parts it sends; 0: no limit known
	Encodings map[string]string // gsm and ucs2: what {encoding} becomes
	Send      Call
	Answers   []AnswerRule // the first that fits says what became of the text; when none fits, the status alone does
	Receipt   Hook
	Reply     Hook
	Stop      Hook // somebody opted out at the gateway: as if she had written STOP
	Balance   BalanceQuery
}

// Call is a request: JSON, Form or Text is its body.
type Call struct {
	URL     string
	Headers map[string]string
	Basic   []string // user and password
	JSON    any
	Form    map[string]string
	Text    string
}

// AnswerRule tells an answer of the gateway and what it means.
type AnswerRule struct {
	Status string   // "201", "2xx"; "" any
	At     string   // where in the answer's JSON a value stands: "messages.0.status"; "" the whole answer as text
	Equals []string // one of these; empty: the value is there, and neither false nor empty
	Has    []string // or it holds one of these, in any case of letters
	Is     string   // sent, refused (never again), later (the gateway or the account is at fault: try again), slow (too fast), done (it has this text already)
	ID     string   // of sent: where its id of the text stands
	Reason string   // of refused: a word for which the catalogue has a text (raison.…)
}

// Hook is how the gateway calls: one event, or several.
type Hook struct {
	Path   string              // of its address, after /sms/<name>/; "" it never calls
	Method string              // POST unless said
	Body   string              // json, form or query
	Proof  Proof               //
	Each   string              // where in the JSON the list of events stands; "" the body is the event, or a list of them
	When   map[string][]string // only events whose fields have one of these values: several kinds may come to one address
	ID     string              // where its id of the event or of the text stands
	Key    string              // of a receipt: where {key} stands; "" in the address that it was given
	From   string              // of a reply: who wrote
	Text   string              // of a reply
	Time   string              // of a reply: when, for IDs of gateways that give none
	State  string              // of a receipt
	States map[string]string   // what its states mean: delivered, failed, rejected, opposed; "*" any other, which without it are passing ones
	Answer string              // what it wants to be answered
}

// Proof is how a call proves where it comes from.
type Proof struct {
	By       string // secret: the address holds the setting secret, as Passeur or the operator wrote it; basic: so does the password of HTTP; hmac; twilio
	Key      string // of hmac and twilio: the setting that is the key; secret unless said
	Header   string // of hmac: where the signature stands
	Stamp    string // of hmac: the header with the time, which is signed behind the body
	Hash     string // of hmac: sha256 unless said, sha1
	Encoding string // of hmac: hex unless said, base64
}

// BalanceQuery is how to ask what is left on the account.
type BalanceQuery struct {
	URL     string // asked with GET
	Headers map[string]string
	Basic   []string
	At      string // where the number stands
	Unit    string // "SMS", "crédits", "€"
}

//go:embed definitions/*.yaml
var definitions embed.FS

// Described returns the names of the gateways whose definitions are part of the program, in alphabetical order.
func Described() []string {
	files, err := definitions.ReadDir("definitions")
	if err != nil {
		return nil
	}
	names := make([]string, len(files))
	for i, f := range files {
		names[i] = strings.TrimSuffix(f.Name(), ".yaml")
	}
	return names
}

// DefinitionFile returns the text of a definition that is part of the program; ok is false when there is none of this name.
func DefinitionFile(name string) (text []byte, ok bool) {
	text, err := definitions.ReadFile(path.Join("definitions", name+".yaml"))
	return text, err == nil
}

// The words that a definition may use.
var (
	settingNames = []string{"url", "account", "username", "password", "token"}
	textNames    = []string{"to", "to_digits", "to_national", "text", "from", "key", "key_hash", "encoding", "unicode", "receipt_url", "reply_url"}
	refusals     = []string{reasonLine, bot.OptedOut, "non-routable", reasonTooLong, reasonEmpty}
	hashes       = []string{"", "sha256", "sha1"}
	encodings    = []string{"", "hex", "base64"}
	fates        = []string{"sent", "refused", "later", "slow", "done"}
	proofKeys    = []string{"secret", "password", "token"}
	proofs       = []string{"secret", "basic", "hmac", "twilio"}
	bodies       = []string{"json", "form", "query"}
	finalStates  = []string{bot.ReceiptDelivered, bot.ReceiptFailed, bot.ReceiptRejected, bot.ReceiptOpposed}
	nameForm     = regexp.MustCompile(`^[a-z0-9][a-z0-9-]{0,30}$`)
	wordForm     = regexp.MustCompile(`\{([a-z_]+)\}`)
	statusForm   = regexp.MustCompile(`^[1-5](\d\d|xx)$`)
)

// check says what is wrong with a definition, as a sentence; nil when it can be used.
func (d *Definition) check() error {
	if !nameForm.MatchString(d.Name) {
		return fmt.Errorf("name « %s » : des lettres minuscules, des chiffres et des tirets", d.Name)
	}
	if len(d.Needs) > 0 && !subset(d.Needs, append(settingNames, "secret", "from", "public_url")) {
		return fmt.Errorf("needs %q : les réglages possibles sont %s, secret, from, public_url", d.Needs, strings.Join(settingNames, ", "))
	}
	if d.Send.URL == "" || bodiesOf(d.Send) != 1 {
		return errors.New("send : il faut une adresse (url) et un seul corps (json, form ou text)")
	}
	if n := len(d.Send.Basic); n != 0 && n != 2 {
		return errors.New("send.basic : une liste de deux mots, comme [\"{username}\", \"{password}\"]")
	}
	if err := d.checkWords(); err != nil {
		return err
	}
	if !slices.ContainsFunc(d.Answers, func(v AnswerRule) bool { return v.Is == "sent" }) {
		return errors.New("answers : aucune réponse ne dit qu'un texte est parti (is: sent)")
	}
	for i, v := range d.Answers {
		if err := v.check(); err != nil {
			return fmt.Errorf("answers[%d] : %w", i+1, err)
		}
	}
	at := map[string]Hook{}
	for _, name := range []string{"receipt", "reply", "stop"} {
		h := map[string]Hook{"receipt": d.Receipt, "reply": d.Reply, "stop": d.Stop}[name]
		if err := h.check(name, d); err != nil {
			return fmt.Errorf("%s : %w", name, err)
		}
		other, shared := at[h.Path]
		if h.Path != "" && shared && (other.Proof != h.Proof || other.Method != h.Method || other.Body != h.Body || other.Each != h.Each || other.Answer != h.Answer) {
			return fmt.Errorf("%s : une autre sorte d'appel vient au même path « %s », avec une autre preuve ou une autre forme ; elles doivent être les mêmes", name, h.Path)
		}
		at[h.Path] = h
	}
	return nil
}

// bodiesOf counts the bodies of a call.
func bodiesOf(c Call) (n int) {
	for _, has := range []bool{c.JSON != nil, len(c.Form) > 0, c.Text != ""} {
		if has {
			n++
		}
	}
	return n
}

// checkWords looks for words in braces that nothing replaces: they would be sent as they are.
func (d *Definition) checkWords() error {
	spoken, err := json.Marshal([]any{d.Send, d.Balance})
	if err != nil {
		return err
	}
	for _, m := range wordForm.FindAllStringSubmatch(string(spoken), -1) {
		if !slices.Contains(settingNames, m[1]) && !slices.Contains(textNames, m[1]) {
			return fmt.Errorf("le mot {%s} n'existe pas ; il y a %s", m[1], strings.Join(append(textNames, settingNames...), ", "))
		}
	}
	if said, err := json.Marshal(d.Send); err != nil || !strings.Contains(string(said), "{text}") || !strings.Contains(string(said), "{to") {
		return errors.New("send : ni le texte ({text}) ni le numéro ({to}, {to_digits} ou {to_national}) ne doivent manquer")
	}
	if strings.Contains(string(spoken), "{encoding}") && (d.Encodings["gsm"] == "" || d.Encodings["ucs2"] == "") {
		return errors.New("encodings : il faut gsm et ucs2, puisque {encoding} est envoyé")
	}
	return nil
}

func (v *AnswerRule) check() error {
	switch {
	case !slices.Contains(fates, v.Is):
		return fmt.Errorf("is « %s » : il y a %s", v.Is, strings.Join(fates, ", "))
	case v.Status != "" && !statusForm.MatchString(v.Status):
		return fmt.Errorf("status « %s » : écrivez 201 ou 2xx", v.Status)
	case v.Is == "sent" && !strings.HasPrefix(v.Status, "2"):
		return errors.New("un texte n'est parti que si l'état HTTP est 2xx")
	case v.Is == "done" && !strings.HasPrefix(v.Status, "2") && !strings.HasPrefix(v.Status, "4"):
		return errors.New("is « done » : avec quel état HTTP, 2xx ou 4xx ?")
	case v.Is == "refused" && !slices.Contains(refusals, v.Reason):
		return fmt.Errorf("reason « %s » : pourquoi ? choisissez parmi %s", v.Reason, strings.Join(refusals, ", "))
	case v.Is == "later" && strings.HasPrefix(v.Status, "5") && v.Status != "503" && v.At == "" && len(v.Has) == 0:
		return fmt.Errorf("après un état %s le message est peut-être parti : le renvoyer en ferait deux", v.Status)
	}
	return nil
}

func (h *Hook) check(kind string, d *Definition) error {
	if h.Path == "" {
		return nil
	}
	switch {
	case !nameForm.MatchString(h.Path):
		return fmt.Errorf("path « %s » : des lettres minuscules, des chiffres et des tirets", h.Path)
	case !slices.Contains(bodies, h.Body):
		return fmt.Errorf("body « %s » : il y a %s", h.Body, strings.Join(bodies, ", "))
	case !slices.Contains(proofs, h.Proof.By):
		return fmt.Errorf("proof.by « %s » : il y a %s ; un appel sans preuve n'est jamais cru", h.Proof.By, strings.Join(proofs, ", "))
	case h.Proof.Key != "" && !slices.Contains(proofKeys, h.Proof.Key):
		return fmt.Errorf("proof.key « %s » : un secret, parmi %s", h.Proof.Key, strings.Join(proofKeys, ", "))
	case !slices.Contains(hashes, h.Proof.Hash), !slices.Contains(encodings, h.Proof.Encoding):
		return errors.New("proof : hash est sha256 ou sha1, encoding est hex ou base64")
	case h.Proof.By == "hmac" && h.Proof.Header == "":
		return errors.New("proof.header : dans quel en-tête est la signature ?")
	case kind == "receipt" && (h.State == "" || !subset(slices.Collect(maps.Values(h.States)), finalStates)):
		return fmt.Errorf("state et states : où est l'état, et lequel veut dire %s", strings.Join(finalStates, ", "))
	case kind == "receipt" && h.ID == "" && h.Key == "" && !d.gives("{receipt_url}"):
		return errors.New("id ou key : quel message est arrivé ?")
	case kind == "receipt" && h.Key == "" && !d.gives("{receipt_url}") && !slices.ContainsFunc(d.Answers, func(v AnswerRule) bool { return v.ID != "" }) && !d.gives("{key"):
		return errors.New("id : aucune réponse (answers) ne dit où est l'identifiant du message (id) : l'accusé ne serait celui d'aucun")
	case kind != "receipt" && h.From == "":
		return errors.New("from : où est le numéro ?")
	case kind == "reply" && (h.Text == "" || h.ID == "" && h.Time == ""):
		return errors.New("text, et id ou time : où est le texte, et qu'est-ce qui le distingue d'un autre ?")
	}
	return nil
}

// gives tells whether a word is sent to the gateway.
func (d *Definition) gives(word string) bool {
	said, err := json.Marshal(d.Send)
	return err == nil && strings.Contains(string(said), word)
}

func subset(some, all []string) bool {
	return !slices.ContainsFunc(some, func(s string) bool { return !slices.Contains(all, s) })
}
