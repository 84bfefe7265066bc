package intents

import (
	"time"

	"passeur/intents/dates"
	"passeur/intents/french"
	"passeur/intents/phones"
)

// Place is a place that the installation knows by name.
type Place struct {
	Label   string // "Médiathèque de Coutances"
	Commune string // INSEE code
}

// Booking is what a professional said of an appointment, in one sentence or in answer to one question. What was not said
// is left empty; nothing is guessed.
type Booking struct {
	Phones    []phones.Phone
	PhoneErr  error        // a *phones.Error if something that looks like a number is none
	Whens     []dates.When // more than one: ask which
	Name      string       // as typed: "Jeanne", "Mme Roger", "Jeanne D."
	Number    int          // the number in a list: "annuler 2"; 0 none
	PlaceText string       // the label of a known place, otherwise as typed: "mairie de Coutances", "à Coutances"
	Communes  []Commune    // of the place, sorted by code; more than one: ask which
	Told      string       // how the person was told: "vive_voix", "telephone", "courrier", "courriel"; "" not said
}

// ReadBooking reads "rdv 06 39 98 12 34 Jeanne vendredi 4 décembre 10h mairie de Coutances", its parts in any order and
// any of them missing, and as well "déplacer Jeanne mardi 14h", "annuler 2" or the answer to a single question. Known
// places are looked for first, then words like "mairie" or "CCAS" with what follows them, then a commune. What is left
// over is the name. Only the first 2,000 characters are read.
func (g *Gazetteer) ReadBooking(text string, now time.Time, places []Place) Booking {
	text = french.Opening(text)
	r := &bookingReader{g: g, text: text, toks: french.Tokenize(text), places: places}
	r.taken = make([]bool, len(r.toks))
	r.readPhones()
	r.readNumber()
	r.readWhens(now)
	r.readTold()
	r.readTitled()
	r.readPlace()
	r.readName()
	return r.Booking
}

// bookingReader takes the tokens of a sentence one part after the other.
type bookingReader struct {
	Booking
	g      *Gazetteer
	text   string
	toks   []french.Token
	taken  []bool
	places []Place
}

// norm returns the folded token i, "" outside or when it was taken.
func (r *bookingReader) norm(i int) string {
	if i < 0 || i >= len(r.toks) || r.taken[i] {
		return ""
	}
	return r.toks[i].Norm
}

func (r *bookingReader) take(from, to int) {
	for i := from; i < to; i++ {
		r.taken[i] = true
	}
}

// takeBytes takes the tokens that lie in a stretch of the text.
func (r *bookingReader) takeBytes(start, end int) {
	for i, t := range r.toks {
		if t.Start < end && t.End > start {
			r.taken[i] = true
		}
	}
}

// typed returns the text of the tokens from..to-1 as written.
func (r *bookingReader) typed(from, to int) string {
	return r.text[r.toks[from].Start:r.toks[to-1].End]
}

func (r *bookingReader) readPhones() {
	r.Phones, r.PhoneErr = phones.Find(r.text)
	for _, s := range phones.Spans(r.text) {
		r.takeBytes(s.Start, s.End)
	}
}

// readNumber reads the list number behind a verb, or one that is the whole text.
func (r *bookingReader) readNumber() {
	if len(r.toks) == 1 && r.toks[0].Kind == french.Number {
		r.setNumber(0)
		return
	}
	for i := range r.toks {
		if !french.HasPrefix(r.norm(i), verbPrefixes) {
			continue
		}
		j, article := i+1, false
		for numberWords[r.norm(j)] {
			article = article || r.norm(j) == "le"
			j++
		}
		if r.norm(j) == "" || r.toks[j].Kind != french.Number || r.dateBehind(j+1) || article && j+1 < len(r.toks) {
			continue
		}
		r.setNumber(j)
		return
	}
}

// dateBehind reports whether token i makes the number before it a date or an hour.
func (r *bookingReader) dateBehind(i int) bool {
	s := r.norm(i)
	return dates.IsHourWord(s) || dates.MonthOf(s) > 0 || s == "/" || s == ":" || s == "er" || s == "-" || s == "."
}

func (r *bookingReader) setNumber(i int) {
	if n := french.Atoi(r.toks[i].Norm); n > 0 && n < 1000 {
		r.Number = n
		r.taken[i] = true
	}
}

// verbPrefixes begin the verbs behind which a number is one of a list.
var verbPrefixes = []string{"annul", "supprim", "deplac", "decal", "report", "enlev", "affich"}

// numberWords may stand between such a verb and the number.
var numberWords = map[string]bool{"le": true, "rdv": true, "rendez": true, "-": true, "vous": true, "numero": true, "no": true, "permanence": true, "la": true, "n": true, "°": true, "#": true}

// readWhens reads the dates. Of "de jeudi à vendredi" the second one is meant: it is where the appointment goes.
func (r *bookingReader) readWhens(now time.Time) {
	whens := dates.Read(r.text, now)
	for i, w := range whens {
		if r.Number > 0 && r.covered(w) {
			continue
		}
		if i+1 == len(whens) || !w.HasDay || !whens[i+1].HasDay || !r.movedAway(w, whens[i+1]) {
			r.Whens = append(r.Whens, w)
		}
		r.takeBytes(w.Start, w.End)
	}
}

// movedAway reports whether two dates stand as "de … à …", "du … au …".
func (r *bookingReader) movedAway(from, to dates.When) bool {
	a, b := r.tokenAt(from.Start), r.tokenAt(to.Start)
	if a > 0 && r.norm(a) != "du" && r.norm(a) != "de" && r.norm(a) != "le" {
		a--
	}
	if b < 2 || a < 0 || r.toks[a].Norm != "de" && r.toks[a].Norm != "du" {
		return false
	}
	for _, t := range r.toks[b-1 : b+1] {
		if t.Start >= from.End && (t.Norm == "a" || t.Norm == "au") {
			return true
		}
	}
	return false
}

// covered reports whether the number of a date was already read as the number of a list.
func (r *bookingReader) covered(w dates.When) bool {
	for i, t := range r.toks {
		if t.Kind == french.Number && r.taken[i] && t.Start >= w.Start && t.End <= w.End {
			return true
		}
	}
	return false
}

// told lists how a person can have been told, by the words that say so; the vaguest last.
var told = []struct {
	words []string
	how   string
}{
	{[]string{"de", "vive", "voix"}, "vive_voix"}, {[]string{"vive", "voix"}, "vive_voix"}, {[]string{"de", "vif", "voix"}, "vive_voix"},
	{[]string{"en", "face"}, "vive_voix"}, {[]string{"sur", "place"}, "vive_voix"},
	{[]string{"par", "telephone"}, "telephone"}, {[]string{"au", "telephone"}, "telephone"}, {[]string{"par", "tel"}, "telephone"},
	{[]string{"au", "tel"}, "telephone"}, {[]string{"l", "ai", "appelee"}, "telephone"}, {[]string{"l", "ai", "appele"}, "telephone"},
	{[]string{"par", "courrier", "electronique"}, "courriel"}, {[]string{"par", "courrier"}, "courrier"}, {[]string{"par", "lettre"}, "courrier"},
	{[]string{"par", "courriel"}, "courriel"}, {[]string{"par", "mail"}, "courriel"}, {[]string{"par", "email"}, "courriel"},
	{[]string{"par", "e", "-", "mail"}, "courriel"}, {[]string{"par", "mel"}, "courriel"}, {[]string{"lui", "ai", "dit"}, "vive_voix"},
}

func (r *bookingReader) readTold() {
	for _, t := range told {
		for i := range r.toks {
			if n := r.words(i, t.words); n > 0 {
				r.Told = t.how
				r.take(i, i+n)
				return
			}
		}
	}
}

// words returns the tokens taken by these words from i on, 0 if they are not there.
func (r *bookingReader) words(i int, ws []string) int {
	for k, w := range ws {
		if r.norm(i+k) != w {
			return 0
		}
	}
	return len(ws)
}
