package bot

import (
	"errors"
	"regexp"
	"slices"
	"strconv"
	"strings"
	"time"
	"unicode"
	"unicode/utf8"

	"passeur/intents"
	"passeur/intents/dates"
	"passeur/intents/phones"
)

// How the answers to the questions of forms are read, by the type of the field.

// readField reads what was typed, chosen or submitted for a field. What cannot be its value comes back as the key of a sentence.
// A field left out has the value "".
func (t *Turn) readField(form string, f Field, text string) (value, problem string, args Args) {
	text = strings.TrimSpace(text)
	if text == "" {
		if f.Optional {
			return "", "", nil
		}
		return "", "champ.vide", nil
	}
	read := map[FieldType]func(Field, string) (string, string, Args){
		Line: t.readText, Paragraph: t.readText, Phone: t.readPhone, Date: t.readDate, Time: t.readTime, Number: t.readNumber,
		YesNo:     func(f Field, text string) (string, string, Args) { return t.readYesNo(text) },
		Colleague: t.readColleague, Channels: t.readChannels, Duration: t.readDuration, Location: t.readLocation,
		Themes:   func(f Field, text string) (string, string, Args) { return t.readThemes(form, f, text) },
		Counts:   func(f Field, text string) (string, string, Args) { return t.readCounts(form, f, text) },
		Partners: func(f Field, text string) (string, string, Args) { return t.readPartners(form, f, text) },
		OneOf:    func(f Field, text string) (string, string, Args) { return t.readOption(form, f, text) },
		SomeOf:   func(f Field, text string) (string, string, Args) { return t.readOptions(form, f, text) },
	}[f.Type]
	return read(f, text)
}

func (t *Turn) readText(f Field, text string) (value, problem string, args Args) {
	if utf8.RuneCountInString(text) > f.most() {
		return "", "champ.long", Args{"n": number(f.most())}
	}
	if f.Type == Line && strings.ContainsAny(text, "\n\r") {
		return "", "champ.une-ligne", nil
	}
	return text, "", nil
}

func (t *Turn) readPhone(_ Field, text string) (value, problem string, args Args) {
	found, err := phones.Find(text)
	var bad *phones.Error
	switch {
	case errors.As(err, &bad):
		return "", "probleme.numero", Args{"numero": bad.Raw, "raison": afterColon(bad.Reason)}
	case len(found) == 0:
		return "", "champ.numero", nil
	case len(found) > 1:
		return "", "probleme.deux-numeros", nil
	}
	return found[0].E164, "", nil
}

// readDate reads a day: as the bot keeps it, as people write it.
func (t *Turn) readDate(f Field, text string) (value, problem string, args Args) {
	if at, err := time.Parse(dayLayout, text); err == nil {
		return t.pastDay(f, at)
	}
	days := map[string]bool{}
	for _, w := range dates.Mentioned(text, t.Now) {
		if w.Err != nil && !errors.Is(w.Err, dates.ErrPast) {
			return "", "probleme.date", Args{"texte": text, "raison": afterColon(w.Err.Error())}
		}
		if w.HasDay {
			day := w.Day
			if f.Past && day.After(t.Now) {
				day = lastOf(day, text, t.Now)
			}
			if value, problem, args = t.pastDay(f, day); problem != "" {
				return "", problem, args
			}
			days[value] = true
		}
	}
	if len(days) != 1 {
		return "", "champ.date", nil
	}
	return value, "", nil
}

// pastYears is how far back a day that lies behind may be.
const pastYears = 2

// pastDay is a day as the bot keeps it; one of a field that lies behind is not to come, and not of long ago.
func (t *Turn) pastDay(f Field, day time.Time) (value, problem string, args Args) {
	value = day.Format(dayLayout)
	switch {
	case f.Past && value > t.Now.Format(dayLayout):
		return "", "champ.futur", nil
	case f.Past && value < t.Now.AddDate(-pastYears, 0, 0).Format(dayLayout):
		return "", "champ.trop-ancien", Args{"n": number(pastYears)}
	}
	return value, "", nil
}

// lastOf is the last day of a name that was read as the next one: of a weekday a week earlier, of a date that was in the year before. Any other day stays, and so does
// a weekday that is said to be to come.
func lastOf(day time.Time, text string, now time.Time) time.Time {
	words := wordsIn(text)
	switch ahead := day.Sub(now); {
	case ahead <= 7*24*time.Hour && slices.ContainsFunc(words, func(w string) bool { _, is := dates.Weekdays[w]; return is }) && !strings.ContainsFunc(text, unicode.IsDigit) && !slices.Contains(words, "prochain"):
		return day.AddDate(0, 0, -7)
	case ahead > 300*24*time.Hour:
		return day.AddDate(-1, 0, 0)
	}
	return day
}

func (t *Turn) readTime(_ Field, text string) (value, problem string, args Args) {
	if at, err := time.Parse(clockLayout, text); err == nil {
		return at.Format(clockLayout), "", nil
	}
	whens := dates.Mentioned(text, t.Now)
	if len(whens) != 1 || !whens[0].HasTime || whens[0].HasDay {
		return "", "champ.heure", nil
	}
	return time.Date(2000, 1, 1, whens[0].Hour, whens[0].Minute, 0, 0, time.UTC).Format(clockLayout), "", nil
}

func (t *Turn) readNumber(f Field, text string) (value, problem string, args Args) {
	n, err := strconv.Atoi(text)
	if err != nil || n < 0 {
		return "", "champ.nombre", nil
	}
	if f.Most > 0 && n > f.Most {
		return "", "champ.trop", Args{"n": number(f.Most)}
	}
	return number(n), "", nil
}

// The values of a YesNo.
const (
	yes = "oui"
	no  = "non"
)

// Values are what a field that is chosen may hold; none of any other.
func (f Field) Values() []string {
	if f.Type == YesNo {
		return []string{yes, no}
	}
	return f.Options
}

func (t *Turn) readYesNo(text string) (value, problem string, args Args) {
	switch strings.ToLower(text) {
	case "true", "1":
		return yes, "", nil
	case "false", "2":
		return no, "", nil
	}
	switch t.bot.Reader.Read(text, intents.Context{Pro: true, Open: "ouinon"}).Intent {
	case intents.Oui:
		return yes, "", nil
	case intents.Non:
		return no, "", nil
	}
	return "", "champ.oui-non", nil
}

// readOption reads one option: its value, its label or its number in the list.
func (t *Turn) readOption(form string, f Field, text string) (value, problem string, args Args) {
	n, _ := strconv.Atoi(text)
	for i, o := range f.Options {
		if text == o || n == i+1 || plain(text) == plain(t.say(f.optionKey(form, o), nil)) {
			return o, "", nil
		}
	}
	if o := f.byKeyword(text); o != "" {
		return o, "", nil
	}
	for _, o := range f.Options {
		if inRange(text, t.say(f.optionKey(form, o), nil)) {
			return o, "", nil
		}
	}
	return "", "champ.liste", Args{"n": number(len(f.Options))}
}

// ranges are how labels of options tell from where to where they go: "40 - 59 ans", "70 ans et plus", "Moins de 12 ans".
var ranges = []struct {
	label *regexp.Regexp
	holds func(n, a, b int) bool
}{
	{regexp.MustCompile(`(\d+) ?(?:-|à|to) ?(\d+)`), func(n, a, b int) bool { return a <= n && n <= b }},
	{regexp.MustCompile(`(\d+)()(?: ans et plus| and more)`), func(n, a, _ int) bool { return n >= a }},
	{regexp.MustCompile(`(?:Moins de|Under) (\d+)()`), func(n, a, _ int) bool { return n < a }},
}

// aNumber is the only number of a text, "75 ans".
var aNumber = regexp.MustCompile(`^\D*(\d{1,3})\D*$`)

// inRange tells whether the number that a text says lies within what a label tells.
func inRange(text, label string) bool {
	said := aNumber.FindStringSubmatch(text)
	if said == nil {
		return false
	}
	n, _ := strconv.Atoi(said[1])
	for _, r := range ranges {
		if m := r.label.FindStringSubmatch(label); m != nil {
			a, _ := strconv.Atoi(m[1])
			b, _ := strconv.Atoi(m[2])
			return r.holds(n, a, b)
		}
	}
	return false
}

// byKeyword is the option whose longest keyword a text holds, as words of its own; "" none. A keyword that ends with * begins a word.
func (f Field) byKeyword(text string) string {
	option, _ := f.longestKeyword(keywordText(text))
	return option
}

// byKeywords are all options of which a text holds keywords that do not overlap, the longest first.
func (f Field) byKeywords(text string) (options []string) {
	words := keywordText(text)
	for {
		option, found := f.longestKeyword(words)
		if option == "" {
			return options
		}
		if !slices.Contains(options, option) {
			options = append(options, option)
		}
		words = strings.Replace(words, found, " | ", 1)
	}
}

// keywordText is a text as keywords are sought in it.
func keywordText(text string) string { return " " + strings.Join(wordsIn(text), " ") + " " }

func (f Field) longestKeyword(words string) (option, found string) {
	for _, o := range f.Options {
		for _, keyword := range f.Keywords[o] {
			sought := " " + strings.Join(wordsIn(keyword), " ")
			if !strings.HasSuffix(keyword, "*") {
				sought += " "
			}
			if len(sought) > len(found) && strings.Contains(words, sought) {
				option, found = o, sought
			}
		}
	}
	return option, found
}

// readOptions reads some of the options: what stands between commas is one each, or words that hold several.
func (t *Turn) readOptions(form string, f Field, text string) (value, problem string, args Args) {
	if one, problem, _ := t.readOption(form, f, text); problem == "" && len(f.byKeywords(text)) <= 1 {
		return one, "", nil
	}
	var chosen []string
	for _, part := range strings.FieldsFunc(text, func(r rune) bool { return r == ',' || r == ';' || r == '\n' }) {
		if several := f.byKeywords(part); len(several) > 1 {
			chosen = append(chosen, several...)
			continue
		}
		one, problem, args := t.readOption(form, f, strings.TrimSpace(part))
		if problem != "" {
			return "", problem, args
		}
		chosen = append(chosen, one)
	}
	return f.inOrder(chosen), "", nil
}

// inOrder are chosen options as a value: each once, as the form lists them.
func (f Field) inOrder(chosen []string) string {
	var out []string
	for _, o := range f.Options {
		if slices.Contains(chosen, o) {
			out = append(out, o)
		}
	}
	return strings.Join(out, ",")
}

// readColleague finds a professional by her account, which a network's own list gives, or by her name.
func (t *Turn) readColleague(_ Field, text string) (value, problem string, args Args) {
	holders, _ := load[Holders](t, t.From.Network()+":"+strings.TrimPrefix(text, "@"))
	if len(holders.People) == 1 {
		if p, ok := load[Person](t, holders.People[0]); ok && p.Role != Anyone {
			return holders.People[0], "", nil
		}
	}
	var found []string
	for _, role := range ProRoles() {
		for _, rec := range t.findAll(Query{Kind: "person", State: string(role)}) {
			var p Person // not loaded: the turn must not depend on what any other professional does meanwhile
			if err := decode(rec, &p); err == nil && (plain(p.Name) == plain(text) || sameName(p.Name, text)) {
				found = append(found, rec.ID)
			}
		}
	}
	switch len(found) {
	case 0:
		return "", "champ.collegue", Args{"nom": text}
	case 1:
		return found[0], "", nil
	}
	return "", "champ.collegues", Args{"nom": text}
}
