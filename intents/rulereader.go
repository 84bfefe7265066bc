package intents

import (
	"strings"
	"unicode"

	"passeur/intents/dates"
	"passeur/intents/french"
)

// newRules compiles the rules.
func newRules() *ruleReader {
	classes := lexicon()
	r := &ruleReader{rank: map[Intent]int{}, classes: french.NewClassBook(french.ReadClasses(french.ClassesTable))}
	var order []Intent
	r.usager, order = compileIntents("rules-usager.txt", usagerRules, classes)
	r.pro, _ = compileIntents("rules-pro.txt", proRules, classes)
	r.signs, _ = compileIntents("rules-signs.txt", signRules, nil)
	for i, intent := range order {
		r.rank[intent] = i
	}
	return r
}

// ruleReader reads by rules alone: what it says is evidence for the classifier.
type ruleReader struct {
	usager, pro *book
	signs       *book // of distress, doubt, denial and coming: see data/rules-signs.txt
	rank        map[Intent]int
	classes     *french.ClassBook
}

// message is a text made ready for the rules.
type message struct {
	text     string
	toks     []french.Token
	letters  []string
	words    []string
	at       []int // the token from which each word comes
	clause   []int // the clause of each word
	ctx      Context
	question bool
	signs    []hit
	urgent   bool // holds words of distress
}

// message makes a text ready.
func (r *ruleReader) message(text string, c Context) message {
	m := message{text: text, toks: french.Tokenize(text), ctx: c}
	m.letters = letters(m.toks)
	m.words, m.at = french.Words(m.toks, r.known(c.Pro))
	m.clause = clauses(m.toks, m.at)
	m.question = strings.Contains(text, "?")
	lo, hi := bounds(m.words)
	m.signs = r.signs.hits(r.signs.read(m.words), lo, hi)
	m.urgent = len(m.signsOf(Urgence)) > 0
	return m
}

// remember keeps what is found out about the words of an example.
func (r *ruleReader) remember(m message) {
	book := r.usager
	if m.ctx.Pro {
		book = r.pro
	}
	book.met.Keep(m.words)
	r.signs.met.Keep(m.words)
	stemsMet.Keep(m.words)
	r.classes.Met.Keep(m.words)
	for _, t := range m.toks {
		r.classes.Met.Keep([]string{t.Norm})
		if t.Kind == french.Word {
			soundsMet.Keep([]string{t.Norm})
		}
	}
}

// signsOf are the signs that stand under an intent: Urgence, of distress; Inconnu, of doubt; Annuler, what denies a refusal; Confirmer, of coming.
func (m message) signsOf(i Intent) (out []hit) {
	for _, h := range m.signs {
		if h.pattern.intent == i {
			out = append(out, h)
		}
	}
	return out
}

// rule is what the rules alone make of a text, and what they found on the way.
func (r *ruleReader) rule(m message) (Reading, findings) {
	switch {
	case exactStop(m.letters):
		return Reading{Intent: Stop, Confidence: 1, Why: "mot exact STOP"}, findings{}
	case exactStart(m.letters):
		return Reading{Intent: Reprise, Confidence: 1, Why: "mot exact START"}, findings{}
	}
	reading, f := r.read(m)
	if !m.ctx.Pro && saysStop(m.letters) && traitsOf[reading.Intent].stopHides {
		reading = Reading{Intent: Objection, Confidence: 0.6, Why: "le mot STOP, " + reading.Why}
	}
	return reading, f
}

func (r *ruleReader) known(pro bool) func(string) bool {
	b := r.usager
	if pro {
		b = r.pro
	}
	return func(w string) bool { return b.known(w) || r.signs.exact[w] != nil || yesWords[w] || noWords[w] }
}

func (r *ruleReader) read(m message) (Reading, findings) {
	if i := keyword(m.letters); i != "" {
		return Reading{Intent: i, Confidence: 1, Why: "mot exact"}, findings{}
	}
	if m.ctx.Pro {
		return r.readPro(m)
	}
	if namesLanguage(m) {
		return Reading{Intent: Langue, Confidence: 1, Why: "mot exact"}, findings{}
	}
	if i := network(m.letters); i != "" {
		return Reading{Intent: i, Confidence: 1, Why: "mot exact"}, findings{}
	}
	if i := subscription(m.letters); i != "" {
		return Reading{Intent: i, Confidence: 1, Why: "mot exact"}, findings{}
	}
	if refers(m) {
		return Reading{Intent: Prescription, Confidence: 1, Why: "mot exact"}, findings{}
	}
	f := r.find(m)
	return r.readUsager(m, f), f
}

// saysDate reports whether the text names a day, an hour or a part of the day that suits.
func (m message) saysDate() bool {
	return dates.Says(m.text, m.toks)
}

// foreign reports whether most letters of a text are not Latin.
func foreign(text string) bool {
	latin, other := 0, 0
	for _, c := range text {
		switch {
		case unicode.Is(unicode.Latin, c):
			latin++
		case unicode.IsLetter(c):
			other++
		}
	}
	return other > latin
}
