// Package mask finds in a text what leads to a person, for two purposes. Text takes it out before a text is kept for learning: it forgets rather too
// much than too little. Identities shows it to the one who wrote it, before colleagues read it: it finds precisely, and leaves the text whole.
//
// Where to look: reading (a text in tokens, with placeholders and communes: both begin there); for Text, mask (names), spans (what several words make
// together: an address, a spelt name, a secret) and words (its lists); for Identities, identity (what comes before what, sentences), people (names),
// numbers (mail, telephone, accounts, days of birth: by their shape), told (numbers by what is said of them, the social security's), streets, and
// names (its lists; the long ones are in data/).
package mask

import (
	"regexp"
	"slices"
	"strings"
	"sync"
	"unicode"
	"unicode/utf8"

	"passeur/intents"
	"passeur/intents/french"
)

// Masking takes out of a text what may lead to a person, so that it can be kept as an example. It rather masks a word too many: a text that
// says less is no harm.

// What stands in the place of what was masked.
const (
	maskedName  = "[nom]"
	maskedMail  = "[mail]"
	maskedLink  = "[lien]"
	maskedPlace = "[adresse]"
	maskedCode  = "[code]"
)

var placeholders = []string{maskedName, maskedMail, maskedLink, maskedPlace, maskedCode}

// longestMasked is how many characters of a masked text are kept.
const longestMasked = 300

// Text returns a text on one line of at most 300 characters without names, addresses, links and numbers. names are those that may be met in it:
// of who writes, of whom she writes to. g spares the communes of the territory; it may be nil. Each run of digits becomes as many zeros, three at
// most. Masking what is masked changes nothing.
//
// Names that nobody told it are known by their capital, by their script, by what stands before them ("Mme", "je suis", "famille") or as a usual first
// name; one in small letters that is none of these stays, and so does one that is an everyday word.
func Text(text string, names []string, g *intents.Gazetteer) string {
	known := namesIn(names)
	text = french.Opening(text)
	for {
		masked := maskOnce(text, known, g)
		if masked == text {
			return masked
		}
		text = masked // what was masked may show its neighbours for what they are
	}
}

// maskOnce masks what the text shows as it stands.
func maskOnce(text string, known map[string]bool, g *intents.Gazetteer) string {
	text = saidMail.ReplaceAllString(mailForm.ReplaceAllString(oneLine(text), maskedMail), maskedMail)
	text = mention.ReplaceAllString(linkForm.ReplaceAllString(text, maskedLink), maskedName)
	text = maskWholes(plate.ReplaceAllString(nonLatin.ReplaceAllString(text, maskedName), maskedCode))
	m := newMasker(text, known, g)
	m.findNames()
	return cutMasked(nameRun.ReplaceAllString(m.rewritten(), maskedName))
}

var (
	mailForm = regexp.MustCompile(`\S+ ?@ ?[^\s@]+(?: ?\. ?[^\s@.]+)+|\S+@\S*`)
	mention  = regexp.MustCompile(`@\S+`)
	linkForm = regexp.MustCompile(`(?i)\S*://\S*|\S*www ?\. ?\S*(?: ?\. ?[a-z]+)*|\S+\.[a-z]{2,}/\S*|[^\s@/]+\.(?:` + domains + `)(?:[/:?#]\S*|\b)`)
	nameRun  = regexp.MustCompile(`\[nom\](?:[ .'’-]*\[nom\])+`)
)

// domains are the ends of addresses that people write without "https".
const domains = "fr|com|org|net|eu|gouv|io|info|be|ch|bzh|me|ly|gl|app|dev|co|re|gp|mq|nc|yt|pm|tv|link|site|online|shop|xyz"

// oneLine puts a text on one line, without what is not to be seen: a terminal may obey it, and a name may hide in it.
func oneLine(text string) string {
	text = strings.Map(func(r rune) rune {
		switch {
		case unicode.IsSpace(r), r == utf8.RuneError:
			return ' '
		case unicode.IsControl(r), unicode.Is(unicode.Cf, r):
			return -1
		}
		return r
	}, text)
	return strings.Join(strings.Fields(text), " ")
}

// cutMasked cuts a text at its last space within longestMasked, never inside a placeholder.
func cutMasked(text string) string {
	if utf8.RuneCountInString(text) <= longestMasked {
		return text
	}
	text = string([]rune(text)[:longestMasked])
	if at := strings.LastIndexByte(text, ' '); at > 0 {
		return text[:at]
	}
	if at := strings.LastIndexByte(text, '['); at > 0 && slices.ContainsFunc(placeholders, func(p string) bool { return strings.HasPrefix(p, text[at:]) }) {
		return text[:at]
	}
	return text
}

// namesIn are the words of names, folded; those that say nothing and initials are none.
func namesIn(names []string) map[string]bool {
	known := map[string]bool{}
	for _, name := range names {
		for _, t := range french.Tokenize(name) {
			if t.Kind == french.Word && len(t.Norm) > 1 && !french.Titles[t.Norm] && !grammatical(t.Norm) {
				known[t.Norm] = true
			}
		}
	}
	return known
}

// masker finds the names of one text.
type masker struct {
	reading
	known  map[string]bool
	names  []bool // a name, or the placeholder of one
	shouts bool   // the text has no small letters: capitals say nothing
}

func newMasker(text string, known map[string]bool, g *intents.Gazetteer) *masker {
	m := &masker{reading: read(text, placeholders), known: known, shouts: true}
	m.names = make([]bool, len(m.toks))
	if g != nil {
		m.place(g.FindCommunes(text), 0)
	}
	for i, t := range m.toks {
		m.names[i] = m.kept[i] == maskedName
		m.shouts = m.shouts && (m.held(i) || t.Kind != french.Word || !strings.ContainsFunc(text[t.Start:t.End], unicode.IsLower))
	}
	return m
}

// findNames marks the names: those that show by themselves, then their neighbours.
func (m *masker) findNames() {
	for i := range m.toks {
		m.names[i] = m.names[i] || m.free(i) && m.isName(i)
	}
	for i := range m.toks { // "jean dupont", "Marie Petit", "Jeanne D."
		m.names[i] = m.names[i] || m.free(i) && m.goesOn(i)
	}
	for i := len(m.toks) - 1; i >= 0; i-- { // "Dupont Jean", "dupont.[nom]"
		next := m.after(i)
		m.names[i] = m.names[i] || m.linked(i, i+2) || m.free(i) && !m.placed[i] && next >= 0 && m.names[next] && m.capital(i) && !everyday(m.toks[i].Norm)
	}
}

// isName reports whether the word i shows by itself, or by what stands before it, that it is a name.
func (m *masker) isName(i int) bool {
	w := m.toks[i].Norm
	if m.isKnown(w) || m.titled(i) || m.introduced(i) {
		return true
	}
	if m.placed[i] || saints[m.wordBefore(i)] {
		return false
	}
	if firstNames()[w] && (!homonyms[w] || m.capital(i)) {
		return true
	}
	return i > 0 && len(w) > 1 && m.capital(i) && !everyday(w)
}

// isKnown reports whether a word is one of the names told, or a slip of one.
func (m *masker) isKnown(w string) bool {
	if m.known[w] {
		return true
	}
	for k := range m.known {
		if french.Near(w, k) && !everyday(w) {
			return true
		}
	}
	return false
}

// titled reports whether a title stands before the word i, and it is a name.
func (m *masker) titled(i int) bool {
	w, at := m.toks[i].Norm, m.before(i)
	for n := 0; n < 3 && at >= 0 && french.Particles[m.toks[at].Norm]; n++ {
		at = m.before(at)
	}
	if at < 0 || !m.title(at, m.shouts) || french.Titles[w] || grammatical(w) {
		return false
	}
	return m.written(i) || surnames[w] || !everyday(w)
}

// introduced reports whether something stands before the word i that announces a name, and it is one.
func (m *masker) introduced(i int) bool {
	w, at := m.toks[i].Norm, m.before(i)
	for n := 0; n < 3 && at >= 0 && foreignParticles[m.toks[at].Norm]; n++ {
		at = m.before(at)
	}
	if at < 0 || m.held(at) || french.Titles[w] || grammatical(w) || plainWords[w] && !m.written(i) {
		return false
	}
	one := m.toks[at].Norm
	pair := m.wordBefore(at) + " " + one
	named := firstNames()[w] || m.written(i) || !everyday(w)
	switch {
	case nameWords[one] || namePairs[pair] || pair == "c est" && nameWords[m.wordBefore(m.before(at))]:
		return !brands[w]
	case familyWords[one] || familyPairs[pair]:
		return named || surnames[w]
	case selfWords[one] || selfPairs[pair]:
		return named && !m.placed[i] && !brands[w]
	}
	return false
}

// goesOn reports whether the word i goes on with the name before it.
func (m *masker) goesOn(i int) bool {
	w, at := m.toks[i].Norm, m.before(i)
	if m.linked(i-2, i) {
		return true
	}
	if at >= 0 && lastNameParticles[m.toks[at].Norm] {
		return m.noble(i, at)
	}
	if m.placed[i] || at < 0 || !m.names[at] {
		return false
	}
	if len(w) == 1 {
		return m.capital(i)
	}
	if m.written(i) {
		return !grammatical(w)
	}
	return !m.held(at) && !m.written(at) && !everyday(w) // who writes "Jean" writes "Dupont"
}

// linked reports whether a sign ties the words or placeholders a and b together, and one of them is a name, and the other may be one: "dupont.[nom]".
func (m *masker) linked(a, b int) bool {
	if a < 0 || b >= len(m.toks) || !linkSigns[m.toks[a+1].Norm] || !m.toks[a+1].Glued || !m.toks[b].Glued || m.names[a] == m.names[b] {
		return false
	}
	other := a
	if m.names[a] {
		other = b
	}
	w := m.toks[other].Norm
	return m.free(other) && !m.placed[other] && !grammatical(w) && (firstNames()[w] || !everyday(w))
}

// noble reports whether the word i goes on with a name over the particle at: "[nom] d'ornano". Behind a title that may be the name of a commune.
func (m *masker) noble(i, at int) bool {
	for n := 0; n < 3 && at >= 0 && lastNameParticles[m.toks[at].Norm]; n++ {
		at = m.before(at)
	}
	if at < 0 || !m.names[at] || everyday(m.toks[i].Norm) && !m.written(i) || grammatical(m.toks[i].Norm) {
		return false
	}
	return !m.placed[i] || m.behindTitle(at)
}

// behindTitle reports whether the name that ends at token at begins with a title.
func (m *masker) behindTitle(at int) bool {
	for ; at >= 0 && (m.names[at] || lastNameParticles[m.toks[at].Norm] || m.title(at, m.shouts)); at-- {
		if m.title(at, m.shouts) {
			return true
		}
	}
	return false
}

// written reports whether the capital of the word i says something.
func (m *masker) written(i int) bool { return m.capital(i) && !m.shouts }

// rewritten is the text with names and digits masked.
func (m *masker) rewritten() string {
	var b strings.Builder
	end := 0
	for i, t := range m.toks {
		b.WriteString(m.text[end:t.Start])
		end = t.End
		switch typed := m.text[t.Start:t.End]; {
		case m.held(i):
			b.WriteString(typed)
		case m.names[i]:
			b.WriteString(maskedName)
		case strings.ContainsFunc(typed, unicode.IsNumber):
			b.WriteString("000"[:min(3, countNumbers(typed))])
		default:
			b.WriteString(typed)
		}
	}
	b.WriteString(m.text[end:])
	return b.String()
}

func countNumbers(s string) (n int) {
	for _, r := range s {
		if unicode.IsNumber(r) {
			n++
		}
	}
	return n
}

// firstNames are usual first names, folded.
var firstNames = sync.OnceValue(func() map[string]bool { return french.WordSet(french.ReadClasses(french.ClassesTable)["prenoms"]) })

// homonyms are first names that are also everyday words: in small letters they are taken for the word.
var homonyms = french.WordSet("rose pierre clement manuel olivier romain jade marguerite madeleine colette aurore ange victoire olive violette")

// surnames are everyday words that many families are called by: behind a title they are names.
var surnames = french.WordSet(`petit grand blanc noir roux brun gris legrand lepetit leblanc leroux lebrun roi leroy boulanger berger boucher meunier marchand mercier marin moulin
	fontaine riviere bois dubois dupont duval marais garnier charpentier macon tailleur couturier barbier chevalier legros legras bonnet cousin neveu lejeune
	levieux lemaire maire lebon bon gentil joly jolie doux hardi sauvage poisson loiseau oiseau lelievre mouton taureau coq renard`)

// brands bear names that are no person's.
var brands = french.WordSet(`services manche normandie cotentin bretagne france europe nord sud ouest microsoft windows orange sfr bouygues free google chrome android apple
	iphone samsung anydesk teamviewer aidants connect franceconnect urssaf ants pix culture poste bus camion pdf cni`)

// saints begin the names of places that hold a first name.
var saints = french.WordSet("saint sainte st ste")

// grammatical reports whether a folded word is one of grammar or courtesy, which is never a name.
func grammatical(w string) bool {
	return len(w) < 2 || french.EmptyWords[w] || french.Nameless[w] || french.Dropped[w]
}

// everyday reports whether a folded word is one that people use every day: its capital says nothing.
func everyday(w string) bool {
	_, spelt := french.Spellings[w]
	return spelt || grammatical(w) || french.Titles[w] || saints[w] || brands[w] || vocabulary().has(w)
}

// wordList holds words and beginnings of words.
type wordList struct {
	words, begins map[string]bool
}

// longestEnding is how many letters may follow a beginning.
const longestEnding = 5

func (l wordList) has(w string) bool {
	if l.words[w] {
		return true
	}
	for n := max(3, len(w)-longestEnding); n <= len(w); n++ {
		if l.begins[w[:n]] {
			return true
		}
	}
	return false
}

// vocabulary is made of the words of the lexicon, but for its names.
var vocabulary = sync.OnceValue(func() wordList {
	l := wordList{map[string]bool{}, map[string]bool{}}
	for _, table := range []string{french.ClassesTable, french.LexiconTable} {
		for class, words := range french.ReadClasses(table) {
			if class == "prenoms" || class == "communes" {
				continue
			}
			for w := range strings.FieldsSeq(words) {
				if begin, ok := strings.CutSuffix(w, "*"); ok {
					l.begins[begin] = true
				} else if !firstNames()[w] {
					l.words[w] = true
				}
			}
		}
	}
	for w := range french.ReadWords(french.TrueWordsTable) {
		if !firstNames()[w] {
			l.words[w] = true
		}
	}
	return l
})
