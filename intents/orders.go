package intents

import (
	"slices"
	"strconv"
	"strings"

	"passeur/intents/french"
)

// Orders: what begins with fixed words, behind which a number or other words may stand.

// order is what such words say.
type order struct {
	Act    Intent
	Number int
	Rest   string
}

// orderForm are the folded words that an order begins with. An order whose words are all said takes nothing behind them but a number.
type orderForm struct {
	words  string
	act    Intent
	behind behind
}

// readOrder reads a text by the first form that it begins with and that what follows may stand behind.
func readOrder(forms []orderForm, text string) (o order, ok bool) {
	words := slices.DeleteFunc(french.Tokenize(french.Opening(text)), func(w french.Token) bool { return w.Kind == french.Sign })
	for _, form := range forms {
		n, begins := beginsWith(words, form.words)
		if !begins {
			continue
		}
		if o = behindForm(form.act, form.behind, text, words[n:]); form.behind.takes(o, words[n:]) {
			return o, true
		}
	}
	return order{}, false
}

// behind is what may stand behind the words of an order.
type behind int

const (
	anyWords    behind = iota
	numberOnly         // a number, or nothing
	numberFirst        // the same, and words behind the number
	untilWhen          // until when, or a number, or nothing
	aPeriod            // some months and whose figures are meant, or nothing: see ReadPeriod
)

// takes tells whether what stands behind an order may stand there.
func (b behind) takes(o order, words []french.Token) bool {
	switch {
	case b == anyWords || o.Rest == "":
		return true
	case b == numberFirst:
		return o.Number > 0
	case b == aPeriod:
		return periodOnly(o.Rest)
	}
	return b == untilWhen && slices.ContainsFunc(until, func(form string) bool { _, begins := beginsWith(words, form); return begins })
}

// until are the folded words that begin until when somebody is not there.
var until = []string{"jusqu", "jusque", "avant", "pendant", "cette semaine", "cet apres midi", "aujourd hui", "aujourdhui", "demain"}

// beginsWith tells whether words begin with some folded ones, and how many those are.
func beginsWith(words []french.Token, form string) (n int, ok bool) {
	for w := range strings.FieldsSeq(form) {
		if n == len(words) || words[n].Norm != w {
			return 0, false
		}
		n++
	}
	return n, true
}

// behindForm reads what stands behind the words of an order: a number, a text, or a text behind a number.
func behindForm(act Intent, behind behind, text string, words []french.Token) order {
	o := order{Act: act}
	if behind != anyWords {
		words = withoutCourtesy(words)
	}
	if n, behindIt, ok := leadingNumber(words); ok && behind != aPeriod && (len(behindIt) == 0 || behind == numberFirst) {
		o.Number, words = n, behindIt
	}
	if len(words) > 0 {
		o.Rest = strings.TrimSpace(text[words[0].Start:])
	}
	return o
}

// leadingNumber reads the number with which words begin, "1", "n° 1", "numéro 1", and what stands behind it.
func leadingNumber(words []french.Token) (n int, behind []french.Token, ok bool) {
	if len(words) > 1 && (words[0].Norm == "n" || words[0].Norm == "no" || words[0].Norm == "numero" || words[0].Norm == "num") {
		words = words[1:]
	}
	if len(words) == 0 {
		return 0, nil, false
	}
	n, err := strconv.Atoi(words[0].Norm)
	return n, words[1:], err == nil && n > 0
}

// withoutCourtesy leaves out the courtesy at the end of an order: "pas maintenant stp".
func withoutCourtesy(words []french.Token) []french.Token {
	for len(words) > 0 && courtesy[words[len(words)-1].Norm] {
		words = words[:len(words)-1]
	}
	return words
}
