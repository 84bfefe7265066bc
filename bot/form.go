package bot

import (
	"cmp"
	"errors"
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

// Form is a few fields to fill in. It is defined once, in a file of its own, and shown in three ways: as a dialog where the
// network opens one, else one question after the other, with buttons where the network has them. Its texts stand in the
// catalogue: form.<id>.title, .intro and .submit; form.<id>.<field> (the label), .<field>.question, .hint and .example; and
// form.<id>.<field>.<value> for each option.
type Form struct {
	ID      string
	Version int // 1, or what the file says: what is being filled in ends in the version in which it began
	Fields  []Field
	Checks  []Check
	Keep    bool     // it needs no code: what is filled in is shown, kept and leaves as a table (see Filled)
	Opens   []string // words that open it, if it is kept, beside its title
}

// Ref names a form in one version: "rdv", which is the first, "cra@2".
func (f Form) Ref() string {
	id, _, _ := strings.Cut(f.ID, "@")
	if f.Version <= 1 {
		return id
	}
	return id + "@" + number(f.Version)
}

// form is the form of a Ref, in that version.
func (b *Bot) form(ref string) (Form, bool) {
	id, version, _ := strings.Cut(ref, "@")
	version = cmp.Or(version, "1")
	if f, ok := b.Forms[id]; ok && number(max(1, f.Version)) == version {
		return f, true
	}
	f, ok := b.Forms[id+"@"+version]
	return f, ok
}

// use is what a form is for, in whatever version.
func (f Form) use() use {
	if f.Keep {
		return use{fill: func(t *Turn, _ string, values map[string]string) map[string]string { return t.keepFilled(f, values) }}
	}
	id, _, _ := strings.Cut(f.ID, "@")
	return fillers()[id]
}

// Check is what must hold between the values of several fields once all are there. Its sentence is the text form.<id>.check.<number>, from 1.
type Check struct {
	Of   []string // fields of numbers
	Most string   // the sum of Of is at most this field; "" no such limit
	Some bool     // one of Of at least is more than zero
}

// Field is one thing to fill in.
type Field struct {
	Name     string // lower case letters and digits
	Type     FieldType
	Options  []string // of a Choice or of Choices: the values
	Optional bool
	Most     int                 // of a Line, a Paragraph: characters; of a Number: the number itself; 0: as many as a network takes
	Past     bool                // of a Date: it is today or before
	If       []Condition         // it is asked only if all of them hold
	Keywords map[string][]string // by option: folded words that choose it, beside its label
}

// Condition holds when a field before has one of some values, or, of several that were chosen, one of them among these; or, with Not, when it has none of them.
type Condition struct {
	Field string
	Is    []string
	Not   bool
}

// holds tells whether a condition holds of what was answered.
func (c Condition) holds(values map[string]string) bool {
	for value := range strings.SplitSeq(values[c.Field], ",") {
		if slices.Contains(c.Is, value) {
			return !c.Not
		}
	}
	return c.Not
}

// applies tells whether a field is to be asked, after what was answered.
func (f Field) applies(values map[string]string) bool {
	return !slices.ContainsFunc(f.If, func(c Condition) bool { return !c.holds(values) })
}

// FieldType is what a field holds, and how its value is written once it was read.
type FieldType string

// The types of fields.
const (
	Line      FieldType = "line"      // text on one line
	Paragraph FieldType = "paragraph" // text
	Phone     FieldType = "phone"     // a mobile number: E.164
	Date      FieldType = "date"      // a day: 2026-12-04
	Time      FieldType = "time"      // an hour on the wall clock: 14:30
	Number    FieldType = "number"    // a whole number, zero or more
	YesNo     FieldType = "yesno"     // oui, non
	OneOf     FieldType = "choice"    // one of the options
	SomeOf    FieldType = "choices"   // some of the options, separated by commas
	Colleague FieldType = "colleague" // a professional: the person's id
	Channels  FieldType = "channels"  // channels of the network: see readChannels
)

// FieldTypes lists the types that a form's file may name.
var FieldTypes = []FieldType{Line, Paragraph, Phone, Date, Time, Number, YesNo, OneOf, SomeOf, Colleague, Channels}

// HasOptions tells whether a field of this type is chosen from a list.
func (t FieldType) HasOptions() bool { return t == OneOf || t == SomeOf }

// Dialog is a form as a network shows it, in the words of its reader.
type Dialog struct {
	Form, About          string // they come back with what is submitted, in Values["form"] and About
	Title, Intro, Submit string
	Fields               []DialogField
}

// DialogField is a field of a Dialog.
type DialogField struct {
	Name, Label, Hint, Example string
	Value                      string // filled in beforehand, as the bot keeps it
	Typed                      string // the same, as a person would type it
	Type                       FieldType
	Options                    []Option
	Optional                   bool
	Most                       int
}

// Option is one of the answers of a field.
type Option struct{ Value, Label string }

// The longest texts of a form, in characters: what Mattermost takes of a line and of a paragraph.
const (
	longestLine      = 150
	longestParagraph = 3000
)

// most is how many characters the field holds.
func (f Field) most() int {
	limit := longestLine
	if f.Type == Paragraph {
		limit = longestParagraph
	}
	if f.Most > 0 && f.Most < limit {
		return f.Most
	}
	return limit
}

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
		Colleague: t.readColleague, Channels: t.readChannels,
		OneOf:  func(f Field, text string) (string, string, Args) { return t.readOption(form, f, text) },
		SomeOf: func(f Field, text string) (string, string, Args) { return t.readOptions(form, f, text) },
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
	if at, err := time.Parse(dayLayout, text); err == nil && f.Past && text > t.Now.Format(dayLayout) {
		return "", "champ.futur", nil
	} else if err == nil {
		return at.Format(dayLayout), "", nil
	}
	days := map[string]bool{}
	for _, w := range dates.Mentioned(text, t.Now) {
		if w.Err != nil && !errors.Is(w.Err, dates.ErrPast) {
			return "", "probleme.date", Args{"texte": text, "raison": afterColon(w.Err.Error())}
		}
		if w.HasDay {
			day := w.Day
			if f.Past && day.After(t.Now) {
				if day = lastOf(day, text, t.Now); day.After(t.Now) {
					return "", "champ.futur", nil
				}
			}
			value = day.Format(dayLayout)
			days[value] = true
		}
	}
	if len(days) != 1 {
		return "", "champ.date", nil
	}
	return value, "", nil
}

// lastOf is the last day of a name that was read as the next one: of a weekday a week earlier, of a date that was in the year before. Any other day stays.
func lastOf(day time.Time, text string, now time.Time) time.Time {
	switch ahead := day.Sub(now); {
	case ahead <= 7*24*time.Hour && !strings.ContainsFunc(text, unicode.IsDigit):
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
		if text == o || n == i+1 || plain(text) == plain(t.say(optionKey(form, f.Name, o), nil)) {
			return o, "", nil
		}
	}
	if o := f.byKeyword(text); o != "" {
		return o, "", nil
	}
	return "", "champ.liste", Args{"n": number(len(f.Options))}
}

// byKeyword is the option whose longest keyword a text holds, as words of its own; "" none. A keyword that ends with * begins a word.
func (f Field) byKeyword(text string) (option string) {
	words, longest := " "+strings.Join(wordsIn(text), " ")+" ", 0
	for _, o := range f.Options {
		for _, keyword := range f.Keywords[o] {
			sought := " " + strings.Join(wordsIn(keyword), " ")
			if !strings.HasSuffix(keyword, "*") {
				sought += " "
			}
			if len(sought) > longest && strings.Contains(words, sought) {
				option, longest = o, len(sought)
			}
		}
	}
	return option
}

func (t *Turn) readOptions(form string, f Field, text string) (value, problem string, args Args) {
	var chosen []string
	for _, one := range strings.FieldsFunc(text, func(r rune) bool { return r == ',' || r == ';' || r == '\n' }) {
		v, problem, args := t.readOption(form, f, strings.TrimSpace(one))
		if problem != "" {
			return "", problem, args
		}
		if !slices.Contains(chosen, v) {
			chosen = append(chosen, v)
		}
	}
	slices.SortFunc(chosen, func(a, b string) int { return slices.Index(f.Options, a) - slices.Index(f.Options, b) })
	return strings.Join(chosen, ","), "", nil
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

func fieldKey(form, field string) string          { return "form." + form + "." + field }
func optionKey(form, field, option string) string { return fieldKey(form, field) + "." + option }

// sayIf is a text that may be missing: then nothing.
func (t *Turn) sayIf(key string) string {
	if !t.bot.Texts.Has(key) {
		return ""
	}
	return t.say(key, nil)
}

// dialog is the form as a network shows it, with what is known filled in.
func (t *Turn) dialog(f Form, about string, known map[string]string) *Dialog {
	d := &Dialog{Form: f.Ref(), About: about, Title: t.say("form."+f.ID+".title", nil), Intro: t.sayIf("form." + f.ID + ".intro"),
		Submit: t.say("form."+f.ID+".submit", nil)}
	for _, field := range f.Fields {
		key := fieldKey(f.ID, field.Name)
		shown := DialogField{Name: field.Name, Type: field.Type, Optional: field.Optional || len(field.If) > 0, Most: field.most(), Value: known[field.Name], Typed: t.typed(field, known[field.Name]),
			Label: t.say(key, nil), Hint: t.sayIf(key + ".hint"), Example: t.sayIf(key + ".example")}
		if field.Type == Colleague && shown.Value != "" {
			p, _ := load[Person](t, shown.Value)
			shown.Value = p.first().ID()
		}
		if field.Type == YesNo {
			shown.Options = []Option{{yes, t.say("bouton.oui", nil)}, {no, t.say("bouton.non", nil)}}
		}
		for _, o := range field.Options {
			shown.Options = append(shown.Options, Option{o, t.say(optionKey(f.ID, field.Name, o), nil)})
		}
		d.Fields = append(d.Fields, shown)
	}
	return d
}

// typed writes a value as a person would.
func (t *Turn) typed(f Field, value string) string {
	switch {
	case value == "":
		return ""
	case f.Type == YesNo:
		return t.say("bouton."+value, nil)
	case f.Type == Colleague:
		p, _ := load[Person](t, value)
		return p.called(t)
	case f.Type == Channels:
		var names []string
		for _, c := range channelsOf(value) {
			names = append(names, "~"+c.Name)
		}
		return strings.Join(names, " ")
	case f.Type.HasOptions():
		return value
	case f.Type == Phone:
		return FrenchPhone(value)
	case f.Type == Date:
		return dayOn(value)
	case f.Type == Time:
		at, _ := time.Parse(clockLayout, value)
		return clockOf(at).String()
	}
	return value
}
