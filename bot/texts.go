package bot

import (
	"fmt"
	"strings"
	"time"

	"passeur/intents"
)

// Catalogue holds the sentences that the bot says in one language, compiled. A text has one or several variants, from the wordiest
// to the shortest: the first that fits the network is the one that leaves. `{name}` stands for an argument,
// `{rdv|quand}` for an argument written through a filter. What a language lacks is said in French.
type Catalogue struct {
	texts  map[string][]text
	french *Catalogue // nil: this is it
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
// leaves out the hour, heure is the hour alone. A language that is not here has no dates of its own.
var filters = map[string]map[string]filter{
	French: {
		"quand": onTime(when),
		"date":  onTime(func(t, _ time.Time) string { return longDate(t) }),
		"jour":  onTime(func(t, _ time.Time) string { return intents.FrenchDay(t) }),
		"heure": onTime(func(t, _ time.Time) string { return clockOf(t).String() }),
	},
	English: {
		"quand": onTime(englishWhen),
		"date":  onTime(func(t, _ time.Time) string { return t.Format("Monday 2 January 2006 at 15:04") }),
		"jour":  onTime(func(t, _ time.Time) string { return t.Format("Monday 2 January") }),
		"heure": onTime(func(t, _ time.Time) string { return t.Format("15:04") }),
	},
}

// The languages that professionals may read the bot in. Usagers read French.
const (
	French  = "fr"
	English = "en"
)

// LanguageOf is the language of a locale ("en-AU"): English, or else French, which is "".
func LanguageOf(locale string) string {
	if language, _, _ := strings.Cut(strings.ToLower(locale), "-"); language == English {
		return English
	}
	return ""
}

// NewCatalogue compiles the texts of a language by key; french is where what is missing is looked for, nil for French itself. The
// error names the key and what is wrong with it.
func NewCatalogue(language string, texts map[string][]string, french *Catalogue) (*Catalogue, error) {
	if filters[language] == nil {
		return nil, fmt.Errorf("la langue « %s » n'a pas de dates : il y a %s et %s", language, French, English)
	}
	c := &Catalogue{texts: map[string][]text{}, french: french}
	for key, variants := range texts {
		for _, v := range variants {
			t, err := compile(v, filters[language])
			if err != nil {
				return nil, fmt.Errorf("texte %s : %w", key, err)
			}
			c.texts[key] = append(c.texts[key], t)
		}
	}
	return c, nil
}

func compile(s string, filters map[string]filter) (text, error) {
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
		if filtered && p.filter == nil {
			return t, fmt.Errorf("filtre inconnu « %s »", filterName)
		}
		t.parts = append(t.parts, p)
		s = after
	}
	return t, nil
}

func (t text) fill(args Args, now time.Time) (string, error) {
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
	for _, v := range variants {
		if out, err = v.fill(args, now); err != nil {
			return "", false, fmt.Errorf("text %q: %w", key, err)
		}
		asks = v.asks
		if fits(out) {
			break
		}
	}
	return out, asks, nil
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
	return fmt.Sprintf("%s %d à %s", intents.FrenchDay(t), t.Year(), clockOf(t))
}

// when writes a time for somebody who reads it at now: "demain vendredi 4 décembre à 10h".
func when(t, now time.Time) string {
	out := intents.FrenchDay(t) + " à " + clockOf(t).String()
	switch daysBetween(now, t) {
	case 0:
		return "aujourd'hui " + out
	case 1:
		return "demain " + out
	}
	return out
}

func englishWhen(t, now time.Time) string {
	out := t.Format("Monday 2 January at 15:04")
	switch daysBetween(now, t) {
	case 0:
		return "today, " + out
	case 1:
		return "tomorrow, " + out
	}
	return out
}

// daysBetween counts calendar days, each date read in its own zone.
func daysBetween(from, to time.Time) int {
	a := time.Date(from.Year(), from.Month(), from.Day(), 0, 0, 0, 0, time.UTC)
	b := time.Date(to.Year(), to.Month(), to.Day(), 0, 0, 0, 0, time.UTC)
	return int(b.Sub(a) / (24 * time.Hour))
}
