package bot

import (
	"fmt"
	"slices"
	"strconv"
	"strings"
	"time"
	"unicode"
	"unicode/utf8"

	"passeur/intents/dates"
)

// Catalogue holds the sentences that the bot says in one language, compiled. A text has one or several variants, from the wordiest
// to the shortest: the first that fits the network is the one that leaves. `{name}` stands for an argument,
// `{rdv|quand}` for an argument written through a filter. What a language lacks is said in French.
type Catalogue struct {
	texts    map[string][]text
	french   *Catalogue // nil: this is it
	isolates bool       // values are kept apart from a text that runs from right to left
}

type text struct {
	parts []part
	asks  bool // it asks for an answer: "Répondez"
}

type part struct {
	literal string
	arg     string
	filter  filter // nil: as it is
}

// Args are what a text is filled with. Times are RFC 3339 with the offset of their place.
type Args map[string]string

// A filter writes an argument for people; now is when the text leaves, in the reader's zone.
type filter func(value string, now time.Time) (string, error)

// filters, by language: quand is relative to the day of reading ("demain vendredi 4 décembre à 10h"), date names the year, jour
// leaves out the hour, bientot is that relative to the day of reading, an adds the year to that, mois is the month and its year, heure is the hour alone; de is whose
// something is ("d'Anne", "du Teilleul"), and de-gras is that with the name in bold.
var filters = map[string]map[string]filter{
	French: {
		"quand":   onTime(when),
		"date":    onTime(func(t, _ time.Time) string { return longDate(t) }),
		"jour":    onTime(func(t, _ time.Time) string { return dates.FrenchDay(t) }),
		"bientot": onTime(func(t, now time.Time) string { return near(t, now, "aujourd'hui ", "demain ") + dates.FrenchDay(t) }),
		"an":      onTime(func(t, _ time.Time) string { return fmt.Sprintf("%s %d", dates.FrenchDay(t), t.Year()) }),
		"mois":    onTime(func(t, _ time.Time) string { return dates.FrenchMonth(t) }),
		"heure":   onTime(func(t, _ time.Time) string { return clockOf(t).String() }),
		"de":      ofName("%s%s"),
		"de-gras": ofName("%s**%s**"),
	},
	English: {
		"quand": onTime(englishWhen),
		"date":  onTime(func(t, _ time.Time) string { return t.Format("Monday 2 January 2006 at 15:04") }),
		"jour":  onTime(func(t, _ time.Time) string { return t.Format("Monday 2 January") }),
		"bientot": onTime(func(t, now time.Time) string {
			return near(t, now, "today, ", "tomorrow, ") + t.Format("Monday 2 January")
		}),
		"an":    onTime(func(t, _ time.Time) string { return t.Format("Monday 2 January 2006") }),
		"mois":  onTime(func(t, _ time.Time) string { return t.Format("January 2006") }),
		"heure": onTime(func(t, _ time.Time) string { return t.Format("15:04") }),
	},
}

// inDigits are the dates of a language that is not there: digits are read everywhere.
var inDigits = map[string]filter{
	"quand":   onTime(func(t, _ time.Time) string { return t.Format("02/01/2006 15:04") }),
	"date":    onTime(func(t, _ time.Time) string { return t.Format("02/01/2006 15:04") }),
	"jour":    onTime(func(t, _ time.Time) string { return t.Format("02/01/2006") }),
	"bientot": onTime(func(t, _ time.Time) string { return t.Format("02/01/2006") }),
	"an":      onTime(func(t, _ time.Time) string { return t.Format("02/01/2006") }),
	"mois":    onTime(func(t, _ time.Time) string { return t.Format("01/2006") }),
	"heure":   onTime(func(t, _ time.Time) string { return t.Format("15:04") }),
}

// rightToLeft are the languages whose script runs so (Unicode, bidirectional class R or AL), among those that usagers here speak.
var rightToLeft = []string{"ar", "fa", "he", "ku", "ps", "ur"}

// What stands in a right-to-left text in another script, a place or a date, keeps its own direction between these marks (UAX #9).
const (
	isolate    = "\u2068" // FIRST STRONG ISOLATE
	popIsolate = "\u2069"
)

// Languages of which the code itself knows.
const (
	French  = "fr"
	English = "en"
)

// NewCatalogue compiles the texts of a language by key; french is where what is missing is looked for, nil for French itself. The
// error names the key and what is wrong with it.
func NewCatalogue(language string, texts map[string][]string, french *Catalogue) (*Catalogue, error) {
	dates := filters[language]
	if dates == nil {
		dates = inDigits
	}
	c := &Catalogue{texts: map[string][]text{}, french: french, isolates: slices.Contains(rightToLeft, language)}
	for key, variants := range texts {
		for _, v := range variants {
			t, err := compile(v, language, dates)
			if err != nil {
				return nil, fmt.Errorf("texte %s : %w", key, err)
			}
			c.texts[key] = append(c.texts[key], t)
		}
	}
	return c, nil
}

// ofName is a filter that writes whose something is: form holds "de" and the name.
func ofName(form string) filter {
	return func(name string, _ time.Time) (string, error) {
		of, rest := frenchOf(name)
		return fmt.Sprintf(form, of, rest), nil
	}
}

// frenchOf is "de" and a name: it elides before a vowel, and takes up the article of a place. Before an h, both are read ("de Hugo", "d'Hugo").
func frenchOf(name string) (of, rest string) {
	switch article, rest, _ := strings.Cut(name, " "); strings.ToLower(article) {
	case "le":
		return "du ", rest
	case "les":
		return "des ", rest
	}
	const vowels = "aeiouàâäéèêëîïôöùûüœæ"
	first, size := utf8.DecodeRuneInString(name)
	second, _ := utf8.DecodeRuneInString(name[size:])
	if strings.ContainsRune(vowels, unicode.ToLower(first)) || unicode.ToLower(first) == 'y' && !strings.ContainsRune(vowels, second) {
		return "d'", name
	}
	return "de ", name
}

// plural is a filter that writes a word for so many: "{n} {n|personne/personnes}". In French nought is singular, in English it is plural.
func plural(language, one, many string) filter {
	return func(value string, _ time.Time) (string, error) {
		n, err := strconv.Atoi(value)
		if n == 1 || n == 0 && language != English {
			return one, err
		}
		return many, err
	}
}

func compile(s, language string, filters map[string]filter) (text, error) {
	t := text{asks: strings.Contains(strings.ToLower(s), "répondez")}
	for s != "" {
		literal, rest, found := strings.Cut(s, "{")
		if literal != "" {
			t.parts = append(t.parts, part{literal: literal})
		}
		if !found {
			break
		}
		arg, after, closed := strings.Cut(rest, "}")
		if !closed {
			return t, fmt.Errorf("accolade jamais fermée après « %s »", literal)
		}
		name, filterName, filtered := strings.Cut(arg, "|")
		p := part{arg: name, filter: filters[filterName]}
		if one, many, counts := strings.Cut(filterName, "/"); counts {
			p.filter = plural(language, one, many)
		}
		if filtered && p.filter == nil {
			return t, fmt.Errorf("filtre inconnu « %s »", filterName)
		}
		t.parts = append(t.parts, p)
		s = after
	}
	return t, nil
}

func (t text) fill(args Args, now time.Time, isolates bool) (string, error) {
	var b strings.Builder
	for _, p := range t.parts {
		if p.arg == "" {
			b.WriteString(p.literal)
			continue
		}
		value, ok := args[p.arg]
		if !ok {
			return "", fmt.Errorf("no argument %q", p.arg)
		}
		if p.filter != nil {
			var err error
			if value, err = p.filter(value, now); err != nil {
				return "", fmt.Errorf("argument %q: %w", p.arg, err)
			}
		}
		if isolates && value != "" {
			value = isolate + value + popIsolate
		}
		b.WriteString(value)
	}
	return b.String(), nil
}

// Render fills in the text of a key for somebody who reads it at now (in their zone): the first variant that fits,
// or the last. asks tells whether it wants an answer.
func (c *Catalogue) Render(key string, args Args, now time.Time, fits func(string) bool) (out string, asks bool, err error) {
	variants := c.texts[key]
	if len(variants) == 0 && c.french != nil {
		return c.french.Render(key, args, now, fits)
	}
	if len(variants) == 0 {
		return "", false, fmt.Errorf("no text %q", key)
	}
	asks = c.asks(key)
	for _, v := range variants {
		if out, err = v.fill(args, now, c.isolates); err != nil {
			return "", false, fmt.Errorf("text %q: %w", key, err)
		}
		if fits(out) {
			break
		}
	}
	return out, asks, nil
}

// asks tells whether a text wants an answer: what the French one does, its translations do.
func (c *Catalogue) asks(key string) bool {
	if c.french != nil {
		return c.french.asks(key)
	}
	return slices.ContainsFunc(c.texts[key], func(v text) bool { return v.asks })
}

// own is a text without values as this catalogue itself has it, "" if it lacks it.
func (c *Catalogue) own(key string) string {
	if len(c.texts[key]) == 0 {
		return ""
	}
	text, _, err := c.Render(key, nil, time.Time{}, func(string) bool { return true })
	if err != nil {
		return ""
	}
	return text
}

// Has tells whether there is a text of this key, in French if not in this language.
func (c *Catalogue) Has(key string) bool {
	return len(c.texts[key]) > 0 || c.french != nil && c.french.Has(key)
}

func onTime(write func(t, now time.Time) string) filter {
	return func(value string, now time.Time) (string, error) {
		t, err := time.Parse(time.RFC3339, value)
		if err != nil {
			return "", err
		}
		return write(t, now), nil
	}
}

func longDate(t time.Time) string {
	return fmt.Sprintf("%s %d à %s", dates.FrenchDay(t), t.Year(), clockOf(t))
}

// when writes a time for somebody who reads it at now: "demain vendredi 4 décembre à 10h".
func when(t, now time.Time) string {
	return near(t, now, "aujourd'hui ", "demain ") + dates.FrenchDay(t) + " à " + clockOf(t).String()
}

func englishWhen(t, now time.Time) string {
	return near(t, now, "today, ", "tomorrow, ") + t.Format("Monday 2 January at 15:04")
}

// near is what stands before a day that is read the same day, or the day before.
func near(t, now time.Time, today, tomorrow string) string {
	switch daysBetween(now, t) {
	case 0:
		return today
	case 1:
		return tomorrow
	}
	return ""
}

// daysBetween counts calendar days, each date read in its own zone.
func daysBetween(from, to time.Time) int {
	a := time.Date(from.Year(), from.Month(), from.Day(), 0, 0, 0, 0, time.UTC)
	b := time.Date(to.Year(), to.Month(), to.Day(), 0, 0, 0, 0, time.UTC)
	return int(b.Sub(a) / (24 * time.Hour))
}

func number(n int) string { return strconv.Itoa(n) }
