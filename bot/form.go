package bot

import (
	"cmp"
	"slices"
	"strings"

	"passeur/intents"
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
	Keep    KeepAs   // what becomes of it, without code of its own; "" its use in Go decides
	Opens   []string // words that open it, if it needs no code, beside its title
}

// Ref names a form in one version: "rdv", which is the first, "cra@2".
func (f Form) Ref() string {
	if f.Version <= 1 {
		return formID(f.ID)
	}
	return formID(f.ID) + "@" + number(f.Version)
}

// formID is the id of a form's Ref.
func formID(ref string) string {
	id, _, _ := strings.Cut(ref, "@")
	return id
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

// KeepAs is how what was filled in is kept. Free text that leads to a person stays out of it.
type KeepAs string

// The ways to keep a form.
const (
	KeptInTable    KeepAs = "table"    // under a number of its own, and coordinators have all of them as a table (see Filled)
	KeptAsActivity KeepAs = "activity" // as an activity of who filled it in (see Activity)
	KeptInTally    KeepAs = "tally"    // usagers are asked its one question by SMS, and only how often each answer came is kept (see Form.Opinion)
)

// KeepWays lists the ways that a form's file may name.
var KeepWays = []KeepAs{KeptInTable, KeptAsActivity, KeptInTally}

// use is what a form is for, in whatever version.
func (f Form) use() use {
	switch f.Keep {
	case KeptInTable:
		return use{fill: func(t *Turn, _ string, values map[string]string) map[string]string { return t.keepFilled(f, values) }}
	case KeptAsActivity:
		return use{fill: func(t *Turn, about string, values map[string]string) map[string]string {
			return t.keepActivity(f, about, values)
		}}
	}
	if u, ok := fillers()[formID(f.ID)]; ok {
		return u
	}
	return use{fill: func(t *Turn, _ string, _ map[string]string) map[string]string { // it is asked by SMS alone
		t.Reply("question-fermee", nil)
		return nil
	}}
}

// Check is what must hold between the values of several fields once all are there. Its sentence is the text form.<id>.check.<number>, from 1.
type Check struct {
	Of   []string // fields of numbers or of counts
	Most string   // the sum of Of is at most this field; "" no such limit
	Some bool     // one of Of at least is more than zero
}

// holds tells whether a check holds of what was answered.
func (c Check) holds(values map[string]string) bool {
	sum := 0
	for _, name := range c.Of {
		sum += sumOf(values[name])
	}
	return !(c.Some && sum == 0) && (c.Most == "" || values[c.Most] == "" || sum <= sumOf(values[c.Most]))
}

// Field is one thing to fill in.
type Field struct {
	Name     string // lower case letters and digits
	Type     FieldType
	Options  []string // of a Choice or of Choices: the values
	Optional bool
	Most     int                 // of a Line, a Paragraph: characters; of a Number: the number itself; 0: as many as a network takes
	Past     bool                // of a Date: it is today or before
	More     bool                // it is asked only of who wants to tell more: "compléter"
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
	Duration  FieldType = "duration"  // how long something took: minutes, less than a day
	Themes    FieldType = "themes"    // what was worked on, in words: some of intents.ThemeSlugs, separated by commas
	Location  FieldType = "place"     // a place and its commune: "50/50394 mairie de Périers"
	Counts    FieldType = "counts"    // how many of each option: "feminin=3,masculin=2"
	Partners  FieldType = "partners"  // names, each with its option: lines "commune=Mairie de Périers"
)

// FieldTypes lists the types that a form's file may name.
var FieldTypes = []FieldType{Line, Paragraph, Phone, Date, Time, Number, YesNo, OneOf, SomeOf, Colleague, Channels, Duration, Themes, Location, Counts, Partners}

// HasOptions tells whether the file of a form lists options of a field of this type.
func (t FieldType) HasOptions() bool {
	return t == OneOf || t == SomeOf || t == Counts || t == Partners
}

// OwnOptions are the options that a field of this type has whatever its file says; nil: it has those of its file.
func (t FieldType) OwnOptions() []string {
	if t != Themes {
		return nil
	}
	return intents.ThemeSlugs()
}

// chosen tells whether the value is one option, or some.
func (t FieldType) chosen() bool { return t == OneOf || t == SomeOf || t == Themes }

// free tells whether any words may be the value.
func (t FieldType) free() bool { return t == Line || t == Paragraph }

// written tells whether words of hers stay in the value.
func (t FieldType) written() bool { return t.free() || t == Partners || t == Location }

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

func fieldKey(form, field string) string          { return "form." + form + "." + field }
func optionKey(form, field, option string) string { return fieldKey(form, field) + "." + option }

// optionKey is the text of an option of a field.
func (f Field) optionKey(form, option string) string {
	if f.Type == Themes {
		return "theme." + option
	}
	return optionKey(form, f.Name, option)
}

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
		shown := DialogField{Name: field.Name, Type: field.Type, Optional: field.Optional || len(field.If) > 0, Most: field.most(), Value: known[field.Name], Typed: t.typed(f.ID, field, known[field.Name]),
			Label: t.say(key, nil), Hint: t.sayIf(key + ".hint"), Example: t.sayIf(key + ".example")}
		if field.Type == Colleague && shown.Value != "" {
			p, _ := load[Person](t, shown.Value)
			shown.Value = p.first().ID()
		}
		if field.Type == YesNo {
			shown.Options = []Option{{yes, t.say("bouton.oui", nil)}, {no, t.say("bouton.non", nil)}}
		}
		for _, o := range field.Options {
			shown.Options = append(shown.Options, Option{o, t.say(field.optionKey(f.ID, o), nil)})
		}
		if field.Type == Themes {
			shown.Type = SomeOf
		}
		d.Fields = append(d.Fields, shown)
	}
	return d
}
