package mask

import (
	"cmp"
	"slices"
	"strings"
	"unicode"
	"unicode/utf8"

	"passeur/intents"
	"passeur/intents/french"
)

// reading is a text in tokens, with what is known of them before any name is looked for.
type reading struct {
	text   string
	toks   []french.Token
	kept   []string // the placeholder that a token is part of
	placed []bool   // part of the name of a commune
}

// read cuts a text into tokens and holds the placeholders that stand in it.
func read(text string, placeholders []string) reading {
	r := reading{text: text, toks: french.Tokenize(text)}
	r.kept, r.placed = make([]string, len(r.toks)), make([]bool, len(r.toks))
	for i := range r.toks {
		r.hold(i, placeholders)
	}
	return r
}

// hold marks the placeholder that begins at token i, if there is one.
func (r *reading) hold(i int, placeholders []string) {
	if r.toks[i].Norm != "[" || i+2 >= len(r.toks) {
		return
	}
	for _, p := range placeholders {
		if strings.HasPrefix(r.text[r.toks[i].Start:], p) {
			r.kept[i], r.kept[i+1], r.kept[i+2] = p, p, p
		}
	}
}

// place marks the communes that were found in the text from byte offset on.
func (r *reading) place(hits []intents.CommuneHit, offset int) {
	for _, h := range hits {
		at, _ := slices.BinarySearchFunc(r.toks, offset+h.Start, func(t french.Token, start int) int { return cmp.Compare(t.Start, start) })
		for ; at < len(r.toks) && r.toks[at].End <= offset+h.End; at++ {
			r.placed[at] = true
		}
	}
}

func (r *reading) held(i int) bool { return r.kept[i] != "" }

func (r *reading) free(i int) bool { return r.toks[i].Kind == french.Word && !r.held(i) }

// before is the token of the word before token i when nothing but a hyphen or a full stop of short forms stands between them, else -1.
func (r *reading) before(i int) int {
	at := i - 1
	if at >= 0 && (r.toks[at].Norm == "-" || r.toks[at].Norm == "." && at > 0 && r.toks[at].Glued && r.toks[at-1].Kind == french.Word && len(r.toks[at-1].Norm) <= 4 && r.abbreviates(at-1)) {
		at--
	}
	if at >= 0 && (r.toks[at].Kind == french.Word || r.held(at)) {
		return at
	}
	return -1
}

// abbreviates reports whether a full stop after token i is one of a short form: of a title or of an initial.
func (r *reading) abbreviates(i int) bool {
	return french.Titles[r.toks[i].Norm] || saints[r.toks[i].Norm] || len(r.toks[i].Norm) == 1
}

// after is the token of the word after token i, as before.
func (r *reading) after(i int) int {
	at := i + 1
	if at < len(r.toks) && r.toks[at].Norm == "-" {
		at++
	}
	if at < len(r.toks) && (r.toks[at].Kind == french.Word || r.held(at)) {
		return at
	}
	return -1
}

func (r *reading) wordBefore(i int) string {
	if at := r.before(i); at >= 0 && !r.held(at) {
		return r.toks[at].Norm
	}
	return ""
}

// capital reports whether the word i begins with a capital.
func (r *reading) capital(i int) bool {
	first, _ := utf8.DecodeRuneInString(r.text[r.toks[i].Start:])
	return unicode.IsUpper(first) || unicode.IsTitle(first)
}

// title reports whether the token i is a title. "me" and "m" are also words of their own; a capital says nothing in a text that shouts.
func (r *reading) title(i int, shouts bool) bool {
	t := r.toks[i]
	dotted := strings.HasPrefix(r.text[t.End:], ".")
	switch t.Norm {
	case "m":
		return dotted || r.text[t.Start:t.End] == "M" && strings.HasPrefix(r.text[t.End:], " ")
	case "me":
		return dotted || r.capital(i) && !shouts
	}
	return french.Titles[t.Norm]
}
