package bot

import (
	"fmt"
	"slices"
	"strconv"
	"strings"
	"time"

	"passeur/intents"
)

// Values of fields that hold more than a word: how they are read, written, and shown.

// longestDuration is the most that a Duration holds, in minutes: what La Coop takes.
const longestDuration = 24*60 - 1

// shortestBare is from where on a number without a unit is minutes: a smaller one is of the list, or may be hours.
const shortestBare = 10

func (t *Turn) readDuration(_ Field, text string) (value, problem string, args Args) {
	minutes := intents.ReadActivity(text, t.Now, nil).Minutes
	if n, err := strconv.Atoi(text); err == nil && n >= shortestBare {
		minutes = n
	}
	switch {
	case minutes > longestDuration:
		return "", "champ.trop-long", nil
	case minutes <= 0:
		return "", "champ.duree", nil
	}
	return number(minutes), "", nil
}

// byListNumber is what a number stands for where durations were listed with their numbers; any other text is itself.
func byListNumber(f Field, text string) string {
	if n, ok := bareNumber(text); f.Type == Duration && ok && n > 0 && n <= len(usualDurations) {
		return hours(usualDurations[n-1])
	}
	return text
}

// hours writes minutes as people do, and as readDuration reads: "45 min", "2h", "1h30".
func hours(minutes int) string {
	switch {
	case minutes < 60:
		return number(minutes) + " min"
	case minutes%60 == 0:
		return number(minutes/60) + "h"
	}
	return fmt.Sprintf("%dh%02d", minutes/60, minutes%60)
}

// readThemes reads what was worked on: options, their labels, or words about them. A procedure is a procedure: the general theme comes with it.
func (t *Turn) readThemes(form string, f Field, text string) (value, problem string, args Args) {
	if option, problem, _ := t.readOption(form, f, text); problem == "" {
		if _, bare := bareNumber(text); bare { // of a list that was not shown
			return "", "champ.themes", Args{"liste": t.optionList(form, f)}
		}
		return f.withGeneral([]string{option}), "", nil
	}
	var chosen []string
	for _, part := range strings.Split(text, ",") {
		if part = strings.TrimSpace(part); !slices.Contains(f.Options, part) {
			chosen = nil
			break
		}
		chosen = append(chosen, part)
	}
	if chosen == nil {
		themes, procedures := intents.Themes(text)
		chosen = slices.Concat(themes, procedures)
	}
	if len(chosen) == 0 {
		return "", "champ.themes", Args{"liste": t.optionList(form, f)}
	}
	return f.withGeneral(chosen), "", nil
}

// generalProcedure is the theme without which La Coop takes no procedure.
const generalProcedure = "aide_aux_demarches_administratives"

// withGeneral are themes as a value, the general one with every procedure.
func (f Field) withGeneral(chosen []string) string {
	if slices.ContainsFunc(chosen, intents.IsProcedure) {
		chosen = append(chosen, generalProcedure)
	}
	return f.inOrder(chosen)
}

// optionList is all options of a field on one line.
func (t *Turn) optionList(form string, f Field) string {
	labels := make([]string, len(f.Options))
	for i, o := range f.Options {
		labels[i] = t.say(f.optionKey(form, o), nil)
	}
	return strings.Join(labels, " · ")
}

// readLocation reads a place and its commune; a commune alone is the place of her own that lies there.
func (t *Turn) readLocation(_ Field, text string) (value, problem string, args Args) {
	if place, words := locationOf(text); place != "" && words != "" && t.communeName(place) != "" {
		return place + " " + cutAt(oneLine(clean(words)), longestWhere), "", nil
	}
	var d Draft
	if problem, args = t.takePlace(&d, t.readPlace(text)); problem != "" {
		return "", problem, args
	}
	if d.Home {
		_, code, _ := strings.Cut(d.Place, "/")
		c, _ := t.bot.Gazetteer.ByCode(code)
		d.Where = c.Name
	}
	return d.Place + " " + cutAt(oneLine(clean(d.Where)), longestWhere), "", nil
}

// longestWhere is how many characters of a place are kept.
const longestWhere = 80

// locationOf are the two halves of the value of a Location; "", "" of what is none.
func locationOf(value string) (place, words string) {
	place, words, _ = strings.Cut(value, " ")
	territory, code, _ := strings.Cut(place, "/")
	if territory == "" || len(code) != 5 || !strings.HasPrefix(code, territory[:min(2, len(territory))]) {
		return "", ""
	}
	return place, words
}

// readCounts reads how many of each: "3 femmes, 2 hommes", "une dame et un monsieur".
func (t *Turn) readCounts(form string, f Field, text string) (value, problem string, args Args) {
	counts := map[string]int{}
	for _, part := range countParts(text) {
		option, n := t.readCount(form, f, part)
		if option == "" || n < 0 || n > mostCounted {
			return "", "champ.comptes", Args{"liste": t.optionList(form, f)}
		}
		counts[option] += n
	}
	return f.countsValue(counts), "", nil
}

// mostCounted is the most of one option: what La Coop takes.
const mostCounted = 10_000

// countParts cuts a text where another count begins: at commas, and at an "et" that stands before a number.
func countParts(text string) (parts []string) {
	for _, part := range strings.FieldsFunc(text, func(r rune) bool { return r == ',' || r == ';' || r == '\n' }) {
		var now []string
		words := strings.Fields(part)
		for i, w := range words {
			if (w == "et" || w == "plus") && i+1 < len(words) {
				if _, counts := smallNumber(words[i+1]); counts {
					parts, now = append(parts, strings.Join(now, " ")), nil
					continue
				}
			}
			now = append(now, w)
		}
		parts = append(parts, strings.Join(now, " "))
	}
	return slices.DeleteFunc(parts, func(p string) bool { return p == "" })
}

// readCount reads one: "feminin=3", "3 femmes", "femmes : 3".
func (t *Turn) readCount(form string, f Field, part string) (option string, n int) {
	if name, count, ok := strings.Cut(part, "="); ok && slices.Contains(f.Options, name) {
		n, err := strconv.Atoi(count)
		if err != nil {
			return "", 0
		}
		return name, n
	}
	label := func(words string) string {
		for _, o := range f.Options {
			if plain(words) == plain(t.say(f.optionKey(form, o), nil)) {
				return o
			}
		}
		return f.byKeyword(words)
	}
	if name, count, ok := cutLast(part, ":"); ok {
		if n, err := strconv.Atoi(count); err == nil {
			return label(name), n
		}
	}
	first, rest, _ := strings.Cut(part, " ")
	if n, ok := smallNumber(first); ok {
		return label(rest), n
	}
	return "", 0
}

// cutLast cuts a text at the last of some signs, and trims both sides.
func cutLast(text, sign string) (before, behind string, ok bool) {
	at := strings.LastIndex(text, sign)
	if at < 0 {
		return text, "", false
	}
	return strings.TrimSpace(text[:at]), strings.TrimSpace(text[at+len(sign):]), true
}

// smallNumber reads a number in digits, and those that people write in letters.
func smallNumber(word string) (n int, ok bool) {
	if n, err := strconv.Atoi(word); err == nil && n >= 0 {
		return n, true
	}
	n = slices.Index([]string{"zero", "un", "deux", "trois", "quatre", "cinq", "six", "sept", "huit", "neuf", "dix"}, plain(word))
	if plain(word) == "une" {
		n = 1
	}
	return n, n >= 0
}

// countsValue writes counts, in the order of the options; what there is none of is left out.
func (f Field) countsValue(counts map[string]int) string {
	var out []string
	for _, o := range f.Options {
		if counts[o] > 0 {
			out = append(out, o+"="+number(counts[o]))
		}
	}
	return strings.Join(out, ",")
}

// sumOf is a number, or the sum of counts.
func sumOf(value string) (sum int) {
	for part := range strings.SplitSeq(value, ",") {
		_, count, ok := strings.Cut(part, "=")
		if !ok {
			count = part
		}
		n, _ := strconv.Atoi(count)
		sum += n
	}
	return sum
}

// readPartners reads names with what each is: "Mairie de Périers (une commune)", "association : Emmaüs", one a line or between semicolons. What a name says itself needs
// not be said: "commune de Périers".
func (t *Turn) readPartners(form string, f Field, text string) (value, problem string, args Args) {
	var lines []string
	for _, part := range strings.FieldsFunc(text, func(r rune) bool { return r == ';' || r == '\n' }) {
		if part = strings.TrimSpace(part); part == "" {
			continue
		}
		option, name := t.readPartner(form, f, part)
		if option == "" || name == "" {
			return "", "champ.partenaires", Args{"texte": part, "liste": t.optionList(form, f)}
		}
		lines = append(lines, option+"="+name)
	}
	if len(lines) == 0 {
		return "", "champ.vide", nil
	}
	return strings.Join(lines, "\n"), "", nil
}

func (t *Turn) readPartner(form string, f Field, part string) (option, name string) {
	if option, name, ok := strings.Cut(part, "="); ok && slices.Contains(f.Options, option) {
		return option, strings.TrimSpace(name)
	}
	if open := strings.LastIndex(part, "("); open > 0 && strings.HasSuffix(part, ")") {
		option, _, _ = t.readOption(form, f, part[open+1:len(part)-1])
		return option, strings.TrimSpace(part[:open])
	}
	if what, name, ok := strings.Cut(part, ":"); ok {
		option, _, _ = t.readOption(form, f, strings.TrimSpace(what))
		return option, strings.TrimSpace(name)
	}
	return f.byKeyword(part), part
}

// typed writes a value as a person would.
func (t *Turn) typed(form string, f Field, value string) string {
	if value == "" {
		return ""
	}
	write := map[FieldType]func() string{
		YesNo: func() string { return t.say("bouton."+value, nil) },
		Colleague: func() string {
			p, _ := load[Person](t, value)
			return p.called(t)
		},
		Channels: func() string {
			var names []string
			for _, c := range channelsOf(value) {
				names = append(names, "~"+c.Name)
			}
			return strings.Join(names, " ")
		},
		Phone: func() string { return FrenchPhone(value) },
		Date:  func() string { return dayOn(value) },
		Time: func() string {
			at, _ := time.Parse(clockLayout, value)
			return clockOf(at).String()
		},
		Duration: func() string { return hours(sumOf(value)) },
		Location: func() string {
			_, words := locationOf(value)
			return words
		},
		Counts: func() string {
			return t.typedPairs(form, f, value, ",", func(label, n string) string { return label + " : " + n })
		},
		Partners: func() string {
			return t.typedPairs(form, f, value, "\n", func(label, name string) string { return name + " (" + label + ")" })
		},
	}[f.Type]
	if write == nil {
		return value
	}
	return write()
}

// typedPairs writes counts or partners with their labels.
func (t *Turn) typedPairs(form string, f Field, value, between string, write func(label, of string) string) string {
	var out []string
	for part := range strings.SplitSeq(value, between) {
		option, of, _ := strings.Cut(part, "=")
		out = append(out, write(t.say(f.optionKey(form, option), nil), of))
	}
	if between == "," {
		return strings.Join(out, ", ")
	}
	return strings.Join(out, " ; ")
}
