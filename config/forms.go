package config

import (
	"embed"
	"errors"
	"fmt"
	"io/fs"
	"maps"
	"path"
	"regexp"
	"slices"
	"strconv"
	"strings"

	"passeur/bot"
)

//go:embed forms/*.yaml
var forms embed.FS

// Forms returns the forms of the installation, by id, and their texts by language and key, to be added to those of Texts.
// Each file forms/<id>.yaml holds title, intro, submit, fields and checks; a text is French, or a map from languages to texts. A file that changes while it is being
// filled in says its version; the one before stays as forms/<id>@<version>.yaml, and is there under that name. What is wrong comes with file and line.
func Forms() (map[string]bot.Form, map[string]map[string][]string, error) { return loadForms(forms) }

func loadForms(files fs.FS) (map[string]bot.Form, map[string]map[string][]string, error) {
	names, err := fs.Glob(files, "forms/*.yaml")
	if err != nil {
		return nil, nil, fmt.Errorf("list forms: %w", err)
	}
	out, texts := map[string]bot.Form{}, map[string]map[string][]string{}
	var faults []error
	for _, name := range names {
		r := &formReader{file: name, texts: texts}
		r.form.ID = strings.TrimSuffix(path.Base(name), ".yaml")
		r.read(files)
		faults = append(faults, r.faults...)
		out[r.form.ID] = r.form
	}
	faults = append(faults, pastVersions(out)...)
	return out, texts, errors.Join(faults...)
}

// pastVersions tells which files of past versions follow no present one.
func pastVersions(forms map[string]bot.Form) (faults []error) {
	for _, ref := range slices.Sorted(maps.Keys(forms)) {
		id, version, past := strings.Cut(ref, "@")
		if !past {
			continue
		}
		now, there := forms[id]
		if n, _ := strconv.Atoi(version); !there || forms[ref].Version != n || n >= now.Version {
			faults = append(faults, fmt.Errorf("forms/%s.yaml : une version passée dit « version: %s », et forms/%s.yaml une version plus grande", ref, version, id))
		}
	}
	return faults
}

// nameFile is what a form's file may be called: a past version names it.
var nameFile = regexp.MustCompile(`^[a-z][a-z0-9_]{0,39}(@[1-9][0-9]{0,3})?$`)

// nameForm is what forms, fields and options may be called: letters and digits that every network takes as they are.
var nameForm = regexp.MustCompile(`^[a-z][a-z0-9_]{0,39}$`)

// mostFields is how many fields a form may have: more is no conversation.
const mostFields = 25

// formReader reads one file.
type formReader struct {
	file   string
	form   bot.Form
	texts  map[string]map[string][]string
	faults []error
}

func (r *formReader) fault(at position, format string, args ...any) {
	r.faults = append(r.faults, fmt.Errorf("%s, ligne %d : %s", r.file, max(1, at.line), fmt.Sprintf(format, args...)))
}

func (r *formReader) read(files fs.FS) {
	if !nameFile.MatchString(r.form.ID) {
		r.fault(position{}, "le nom du fichier doit être fait de lettres minuscules, sans accent, comme rdv.yaml")
		return
	}
	text, err := fs.ReadFile(files, r.file)
	if err != nil {
		r.faults = append(r.faults, fmt.Errorf("%s : %w", r.file, bare(err)))
		return
	}
	root, err := parse(text)
	if err != nil {
		r.faults = append(r.faults, fmt.Errorf("%s : %w", r.file, err))
		return
	}
	keys := r.keys(root, "un formulaire", []string{"title", "submit", "fields"}, []string{"intro", "version", "checks", "keep", "opens"})
	r.form.Version, r.form.Keep = max(1, r.count(keys["version"])), r.keeps(keys["keep"])
	r.opens(keys["opens"])
	prefix := "form." + r.form.ID + "."
	for _, key := range []string{"title", "submit", "intro"} {
		r.text(prefix+key, keys[key])
	}
	r.fields(keys["fields"])
	r.checks(keys["checks"])
	if r.form.Keep == bot.KeptInTally {
		r.opinion(keys["keep"].at)
	}
}

// The longest question by SMS and its answers, in characters: with a name and a day they make one SMS.
const (
	longestOpinion = 40
	longestAnswers = 40 // "1 oui, 2 un peu, 3 non"
)

// opinion makes sure that a form is one question, as an SMS takes it, in each language that it has.
func (r *formReader) opinion(at position) {
	if !r.form.Opinion() {
		r.fault(at, "« keep: tally » est pour une question seule, de type choice, qui a deux à quatre réponses")
		return
	}
	f := r.form.Fields[0]
	prefix := "form." + r.form.ID + "." + f.Name
	for language, texts := range r.texts {
		answers := 0
		for _, o := range f.Options {
			answers += len([]rune(strings.Join(texts[prefix+"."+o], ""))) + len("1 , ")
		}
		if question := strings.Join(texts[prefix+".question"], ""); len([]rune(question)) > longestOpinion || answers-len(", ") > longestAnswers {
			r.fault(at, "« keep: tally » part par SMS : une question de %d lettres au plus, et des réponses qui en font %d en tout (%s)", longestOpinion, longestAnswers, language)
		}
	}
}

// keys reads a map with known keys; those of must have to be there.
func (r *formReader) keys(n node, what string, must, may []string) map[string]node {
	out := map[string]node{}
	if n.shape != dict {
		r.fault(n.at, "%s est attendu ici, avec %s", what, strings.Join(must, ", "))
		return out
	}
	for _, e := range n.entries {
		_, twice := out[e.key]
		switch {
		case twice:
			r.fault(e.at, "« %s » est écrit deux fois", e.key)
		case !slices.Contains(must, e.key) && !slices.Contains(may, e.key):
			r.fault(e.at, "« %s » n'est pas connu ici ; %s a : %s", e.key, what, strings.Join(slices.Concat(must, may), ", "))
		}
		out[e.key] = e.value
	}
	for _, key := range must {
		if out[key].shape == empty {
			r.fault(n.at, "il manque « %s » à %s", key, what)
		}
	}
	return out
}

// text keeps a text, French or by language.
func (r *formReader) text(key string, n node) {
	switch n.shape {
	case empty:
	case scalar:
		r.keep("fr", key, n)
	case dict:
		if !slices.ContainsFunc(n.entries, func(e entry) bool { return e.key == "fr" }) {
			r.fault(n.at, "il manque le texte français, comme « fr: Mobile »")
		}
		for _, e := range n.entries {
			if len(e.key) != 2 || e.value.shape != scalar {
				r.fault(e.at, "un texte est attendu pour une langue de deux lettres, comme « fr: Mobile »")
				continue
			}
			r.keep(e.key, key, e.value)
		}
	default:
		r.fault(n.at, "un texte est attendu ici ; s'il contient « : », mettez-le entre guillemets")
	}
}

func (r *formReader) keep(language, key string, n node) {
	text := strings.TrimRight(n.text, "\r\n")
	if strings.TrimSpace(text) == "" || strings.ContainsAny(text, "{}") {
		r.fault(n.at, "un texte de formulaire ne peut être vide, ni contenir d'accolade")
		return
	}
	if r.texts[language] == nil {
		r.texts[language] = map[string][]string{}
	}
	r.texts[language][key] = []string{text}
}

func (r *formReader) fields(n node) {
	if n.shape == empty {
		return
	}
	if n.shape != list || len(n.items) == 0 || len(n.items) > mostFields {
		r.fault(n.at, "une liste de 1 à %d champs est attendue", mostFields)
		return
	}
	seen := map[string]int{}
	for _, item := range n.items {
		f, at := r.field(item)
		if first, twice := seen[f.Name]; twice && f.Name != "" {
			r.fault(at, "le champ « %s » existe déjà ligne %d", f.Name, first)
		}
		seen[f.Name] = at.line
		r.form.Fields = append(r.form.Fields, f)
	}
}

func (r *formReader) field(n node) (f bot.Field, at position) {
	keys := r.keys(n, "un champ", []string{"name", "type", "label", "question"}, []string{"hint", "example", "optional", "most", "options", "if", "unless", "keywords", "past", "more"})
	f.Name, at = keys["name"].text, keys["name"].at
	if keys["name"].shape != empty && !nameForm.MatchString(f.Name) {
		r.fault(at, "le nom d'un champ est fait de lettres minuscules sans accent, de chiffres et de _ ; pas « %s »", f.Name)
	}
	f.Type = bot.FieldType(keys["type"].text)
	if keys["type"].shape != empty && !slices.Contains(bot.FieldTypes, f.Type) {
		r.fault(keys["type"].at, "le type « %s » n'existe pas ; il y a : %s", f.Type, join(bot.FieldTypes))
	}
	f.Optional, f.Most, f.More = r.yes(keys["optional"]), r.count(keys["most"]), r.yes(keys["more"])
	if f.More && !f.Optional {
		r.fault(keys["more"].at, "« more » est pour un champ facultatif : ajoutez « optional: true »")
	}
	f.Options = f.Type.OwnOptions()
	if f.Past = r.yes(keys["past"]); f.Past && f.Type != bot.Date {
		r.fault(keys["past"].at, "« past » est pour un champ de type date")
	}
	r.options(&f, keys["options"], at)
	r.conditions(&f, keys["if"], false)
	r.conditions(&f, keys["unless"], true)
	r.keywords(&f, keys["keywords"])
	prefix := "form." + r.form.ID + "." + f.Name
	r.text(prefix, keys["label"])
	for _, key := range []string{"question", "hint", "example"} {
		r.text(prefix+"."+key, keys[key])
	}
	return f, at
}

// join lists words of the bot's.
func join[T ~string](words []T) string {
	names := make([]string, len(words))
	for i, w := range words {
		names[i] = string(w)
	}
	return strings.Join(names, ", ")
}

func (r *formReader) yes(n node) bool {
	if n.shape != empty && n.text != "true" && n.text != "false" {
		r.fault(n.at, "« true » ou « false » est attendu, pas « %s »", n.text)
	}
	return n.text == "true"
}

func (r *formReader) count(n node) int {
	if n.shape == empty {
		return 0
	}
	count, err := strconv.Atoi(n.text)
	if err != nil || count < 1 {
		r.fault(n.at, "un nombre plus grand que zéro est attendu, pas « %s »", n.text)
		return 0
	}
	return count
}

// reserved are names that no option may have: they are those of a field's own texts.
var reserved = []string{"question", "hint", "example"}

func (r *formReader) options(f *bot.Field, n node, at position) {
	switch {
	case n.shape == empty && f.Type.HasOptions():
		r.fault(at, "le champ « %s » se choisit dans une liste : il lui manque « options »", f.Name)
		return
	case n.shape == empty:
		return
	case !f.Type.HasOptions():
		r.fault(n.at, "le champ « %s » est de type %s : il n'a pas d'options", f.Name, f.Type)
		return
	case n.shape != dict || len(n.entries) < 2:
		r.fault(n.at, "au moins deux options sont attendues, comme « courrier: Par courrier »")
		return
	}
	for _, e := range n.entries {
		if !nameForm.MatchString(e.key) || slices.Contains(reserved, e.key) || slices.Contains(f.Options, e.key) {
			r.fault(e.at, "une option a un nom à elle, de lettres minuscules sans accent ; pas « %s »", e.key)
			continue
		}
		f.Options = append(f.Options, e.key)
		r.text("form."+r.form.ID+"."+f.Name+"."+e.key, e.value)
	}
}

// keeps reads how the form is kept.
func (r *formReader) keeps(n node) bot.KeepAs {
	way := bot.KeepAs(n.text)
	if n.shape != empty && !slices.Contains(bot.KeepWays, way) {
		r.fault(n.at, "« keep » dit comment le formulaire est gardé : %s ; pas « %s »", join(bot.KeepWays), n.text)
	}
	return way
}

// opens reads the words that open a kept form.
func (r *formReader) opens(n node) {
	if n.shape == empty {
		return
	}
	if r.form.Keep != bot.KeptInTable {
		r.fault(n.at, "« opens » est pour un formulaire qui dit « keep: table »")
	}
	for _, item := range items(n) {
		if item.shape != scalar || strings.TrimSpace(item.text) == "" {
			r.fault(item.at, "des mots sont attendus, comme « opens: [diagnostic d'un lieu] »")
			continue
		}
		r.form.Opens = append(r.form.Opens, item.text)
	}
}

// conditions reads when a field is asked, or with not when it is none: "if: {lieu: [domicile, autre]}", of fields above it.
func (r *formReader) conditions(f *bot.Field, n node, not bool) {
	if n.shape == empty {
		return
	}
	if n.shape != dict || len(n.entries) == 0 {
		r.fault(n.at, "une condition est attendue, comme « if: {lieu: [domicile, autre]} »")
		return
	}
	for _, e := range n.entries {
		i := slices.IndexFunc(r.form.Fields, func(before bot.Field) bool { return before.Name == e.key })
		if i < 0 {
			r.fault(e.at, "la condition parle de « %s », qui n'est pas un champ au-dessus", e.key)
			continue
		}
		f.If = append(f.If, bot.Condition{Field: e.key, Is: r.values(r.form.Fields[i], e), Not: not})
	}
}

// values are those of a field that a condition names.
func (r *formReader) values(of bot.Field, e entry) (out []string) {
	may := of.Values()
	for _, item := range items(e.value) {
		if _, err := strconv.Atoi(item.text); of.Type == bot.Number && item.shape == scalar && err == nil {
			out = append(out, item.text)
			continue
		}
		if item.shape != scalar || !slices.Contains(may, item.text) {
			r.fault(item.at, "« %s » n'est pas une valeur du champ « %s » ; il a : %s", item.text, of.Name, strings.Join(may, ", "))
			continue
		}
		out = append(out, item.text)
	}
	return out
}

// items are those of a list, or the one thing that is none.
func items(n node) []node {
	if n.shape == list {
		return n.items
	}
	return []node{n}
}

// keywords reads the words that choose an option: "keywords: {caf: [allocations, apl]}".
func (r *formReader) keywords(f *bot.Field, n node) {
	if n.shape == empty {
		return
	}
	if n.shape != dict || !f.Type.HasOptions() {
		r.fault(n.at, "des mots par option sont attendus, comme « keywords: {caf: [allocations, apl]} », d'un champ qui a des options")
		return
	}
	f.Keywords = map[string][]string{}
	for _, e := range n.entries {
		if !slices.Contains(f.Options, e.key) {
			r.fault(e.at, "« %s » n'est pas une option du champ « %s »", e.key, f.Name)
		}
		for _, item := range items(e.value) {
			if item.shape != scalar || item.text == "" {
				r.fault(item.at, "un mot est attendu")
				continue
			}
			f.Keywords[e.key] = append(f.Keywords[e.key], item.text)
		}
	}
}

// checks reads what must hold between fields of numbers: "- {of: [femmes, hommes], most: participants, says: …}".
func (r *formReader) checks(n node) {
	if n.shape == empty {
		return
	}
	if n.shape != list {
		r.fault(n.at, "une liste de vérifications est attendue, comme « - {of: [femmes, hommes], most: participants, says: … } »")
		return
	}
	for i, item := range n.items {
		keys := r.keys(item, "une vérification", []string{"of", "says"}, []string{"most", "some"})
		c := bot.Check{Most: keys["most"].text, Some: r.yes(keys["some"])}
		for _, of := range items(keys["of"]) {
			c.Of = append(c.Of, of.text)
		}
		if (c.Most == "") == !c.Some {
			r.fault(item.at, "une vérification dit « most: » et un champ, ou « some: true »")
		}
		for _, name := range slices.DeleteFunc(append(slices.Clone(c.Of), c.Most), func(name string) bool { return name == "" }) {
			if !slices.ContainsFunc(r.form.Fields, func(f bot.Field) bool { return f.Name == name && (f.Type == bot.Number || f.Type == bot.Counts) }) {
				r.fault(item.at, "« %s » n'est pas un champ de type number ou counts", name)
			}
		}
		r.form.Checks = append(r.form.Checks, c)
		r.text(fmt.Sprintf("form.%s.check.%d", r.form.ID, i+1), keys["says"])
	}
}

// AddTexts adds the texts of the forms to a catalogue's, by language and key.
func AddTexts(to, more map[string]map[string][]string) {
	for language, texts := range more {
		if to[language] == nil {
			to[language] = map[string][]string{}
		}
		maps.Copy(to[language], texts)
	}
}
