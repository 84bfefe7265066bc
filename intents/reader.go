package intents

import (
	"strings"
	"time"
	"unicode"
)

// NewReader returns a Reader that goes by rules and lexicon alone, without training. It keeps about 1 MB and
// reads a message in 20 to 40 µs.
//
// It looks, in this order, for the exact keywords STOP and START, which beat every context; for words of distress, which add
// Urgent to whatever follows, and are the intent Urgence only if nothing else is said; for QUI, EFFACER and AIDE; for a
// closed answer to the open question; and for the patterns of the rules.
//
// Confidence is 1 for a keyword, 0.95 for a closed answer, 0.6 to 0.9 for rules, by how much of the text they
// explain, 0.4 where a weak sign decided or two intents were close, and 0.2 when nothing was understood.
func NewReader() Reader {
	classes := lexicon()
	r := &ruleReader{rank: map[Intent]int{}}
	var order []Intent
	r.usager, order = compile(usagerRules, classes)
	r.pro, _ = compile(proRules, classes)
	r.distress, _ = compile(signRules, nil, Urgence)
	r.undecided, _ = compile(signRules, nil, Inconnu)
	r.denied, _ = compile(signRules, nil, Annuler)
	r.coming, _ = compile(signRules, nil, Confirmer)
	for i, intent := range order {
		r.rank[intent] = i
	}
	return r
}

// ruleReader implements Reader.
type ruleReader struct {
	usager, pro, distress, undecided, denied, coming *book
	rank                                             map[Intent]int
}

// message is a text made ready for the rules.
type message struct {
	text     string
	toks     []token
	letters  []string
	words    []string
	at       []int // the token from which each word comes
	clause   []int // the clause of each word
	ctx      Context
	question bool
	urgent   bool // holds words of distress
}

// Read implements Reader.
func (r *ruleReader) Read(text string, c Context) Reading {
	text = unsigned(opening(text))
	m := message{text: text, toks: tokenize(text), ctx: c}
	m.letters = letters(m.toks)
	switch {
	case exactStop(m.letters):
		return Reading{Intent: Stop, Confidence: 1, Why: "mot exact STOP"}
	case exactStart(m.letters):
		return Reading{Intent: Reprise, Confidence: 1, Why: "mot exact START"}
	}
	m.words, m.at = plain(m.toks, r.known(c.Pro))
	m.clause = clauses(m.toks, m.at)
	m.question = strings.Contains(text, "?")
	m.urgent = len(r.distress.hits(r.distress.read(m.words), 0, len(m.words))) > 0
	reading := r.read(m)
	if !c.Pro && saysStop(m.letters) && stopHides[reading.Intent] {
		reading = Reading{Intent: Objection, Confidence: 0.6, Why: "le mot STOP, " + reading.Why}
	}
	if m.urgent {
		reading.Urgent = true
		reading.Why = "lexique détresse, " + reading.Why
		if reading.Intent == Inconnu {
			reading.Intent, reading.Confidence = Urgence, 0.8
		}
	}
	return reading
}

// stopHides are the intents that nobody has who writes STOP beside: a person would rather be asked than written to again.
var stopHides = map[Intent]bool{Merci: true, Bonjour: true, Confirmer: true, Oui: true, Non: true, Inconnu: true, Annuler: true, Humain: true,
	Reporter: true, Permanence: true, Abonnement: true, FinAbonnement: true, RepDate: true, RepCommune: true}

func (r *ruleReader) known(pro bool) func(string) bool {
	b := r.usager
	if pro {
		b = r.pro
	}
	return func(w string) bool { return b.known(w) || r.distress.exact[w] != nil || yesWords[w] || noWords[w] }
}

func (r *ruleReader) read(m message) Reading {
	if i := keyword(m.letters); i != "" {
		return Reading{Intent: i, Confidence: 1, Why: "mot exact"}
	}
	if m.ctx.Pro {
		return r.readPro(m)
	}
	if i := subscription(m.letters); i != "" {
		return Reading{Intent: i, Confidence: 1, Why: "mot exact"}
	}
	return r.readUsager(m)
}

// saysDate reports whether a text names a day, an hour or a part of the day that suits.
func saysDate(text string) bool { return len(Dates(text, anyDay)) > 0 }

// anyDay stands for today where only the presence of a date matters.
var anyDay = time.Date(2026, 1, 7, 0, 0, 0, 0, time.UTC)

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
