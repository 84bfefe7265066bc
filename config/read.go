package config

import (
	"errors"
	"maps"
	"slices"
	"strings"

	"passeur/bot"
)

// maxSecret is the size of a secret's file in bytes: far above any token or key.
const maxSecret = 16 << 10

// readText fills in what a YAML text sets.
func (l *loader) readText(text []byte) {
	root, err := parse(text)
	var p Problem
	switch {
	case errors.As(err, &p):
		l.problems = append(l.problems, p)
	case root.shape == dict:
		l.readGroup("", root)
	case root.shape != empty:
		l.faultAt("écriture", root.at, "des réglages sont attendus, un par ligne, comme « service: Passeur »")
	}
}

// readGroup fills in the settings of a group: "" the whole file, "sms".
func (l *loader) readGroup(group string, n node) {
	seen := map[string]position{}
	for _, e := range n.entries {
		name := strings.TrimPrefix(group+"."+e.key, ".")
		s, known := l.byName[name]
		first, twice := seen[e.key]
		switch {
		case !known && !slices.Contains(l.groups, name):
			l.unknownKey(group, e)
		case twice:
			l.faultAt(name, e.at, "ce réglage est donné deux fois (déjà ligne %d) ; gardez-en un seul", first.line)
		case known:
			l.fill(s, byFile, e)
		case e.value.shape == dict:
			l.readGroup(name, e.value)
		case e.value.shape != empty:
			l.faultAt(name, e.at, "ce groupe attend des réglages en retrait, sur les lignes qui suivent (%s)", l.members(name))
		}
		seen[e.key] = e.at
	}
}

func (l *loader) unknownKey(group string, e entry) {
	subject := "clé inconnue " + quote(e.key)
	if near := l.nearestKey(group, e.key); near != "" {
		l.faultAt(subject, e.at, "vouliez-vous dire « %s » ?", near)
		return
	}
	l.faultAt(subject, e.at, "les noms possibles ici sont %s", l.members(group))
}

// members lists the names that may stand in a group.
func (l *loader) members(group string) string {
	return strings.Join(l.keysOf(group), ", ")
}

func (l *loader) keysOf(group string) []string {
	var keys []string
	for _, s := range l.settings {
		rest, in := strings.CutPrefix("."+s.name, strings.TrimSuffix("."+group, ".")+".")
		key, _, _ := strings.Cut(rest, ".")
		if in && !slices.Contains(keys, key) {
			keys = append(keys, key)
		}
	}
	return keys
}

// nearestKey proposes a key of the same group, or the full name of one that stands elsewhere.
func (l *loader) nearestKey(group, key string) string {
	if near := Suggest(key, l.keysOf(group)); near != "" {
		return near
	}
	for _, s := range l.settings {
		if s.name == key || strings.HasSuffix(s.name, "."+key) {
			return s.name
		}
	}
	return ""
}

// readVariables lays the environment over what was read before.
func (l *loader) readVariables(env func(string) (string, bool)) {
	for _, s := range l.settings {
		text, _ := env(s.variable())
		if text = strings.TrimSpace(text); text != "" {
			l.fill(s, byVariable, entry{value: fromVariable(s, text)})
		}
	}
}

// fromVariable makes the tree that the same value would have in a file: lists are separated by commas, places
// written "Médiathèque de Coutances=50147", channels "manche territory=50 role=conseiller", calendars likewise.
func fromVariable(s *setting, text string) node {
	item := scalarOf
	switch s.value.Interface().(type) {
	case []string, []int:
	case []bot.KnownPlace:
		item = placeFromVariable
	case []bot.Membership:
		item = func(text string) node { return recordFromVariable("channel", text) }
	case []Feed:
		item = func(text string) node { return recordFromVariable("name", text) }
	default:
		return scalarOf(text)
	}
	out := node{shape: list}
	for part := range strings.SplitSeq(text, ",") {
		out.items = append(out.items, item(strings.TrimSpace(part)))
	}
	return out
}

func scalarOf(text string) node { return node{shape: scalar, text: text} }

func placeFromVariable(text string) node {
	label, commune, ok := strings.Cut(text, "=")
	if !ok {
		return scalarOf(text)
	}
	return node{shape: dict, entries: []entry{
		{key: "label", value: scalarOf(strings.TrimSpace(label))},
		{key: "commune", value: scalarOf(strings.TrimSpace(commune))},
	}}
}

// recordFromVariable reads the value of the key first, then name=value; a word without "=" belongs to the value before it.
func recordFromVariable(first, text string) node {
	out := node{shape: dict}
	key, value := first, ""
	keep := func() { out.entries = append(out.entries, entry{key: key, value: scalarOf(strings.TrimSpace(value))}) }
	for word := range strings.FieldsSeq(text) {
		if name, rest, ok := strings.Cut(word, "="); ok {
			keep()
			key, value = name, rest
			continue
		}
		value += " " + word
	}
	keep()
	return out
}

// refuseStrays notes the variables that look like settings and are none.
func (l *loader) refuseStrays(variables map[string]string) {
	known := []string{fileVariable}
	for _, s := range l.settings {
		known = append(known, s.variable())
	}
	for _, name := range slices.Sorted(maps.Keys(variables)) {
		if !strings.HasPrefix(name, prefix) || slices.Contains(known, name) {
			continue
		}
		hint := "retirez-la, ou cherchez son nom dans passeur.example.yaml"
		if near := Suggest(name, known); near != "" {
			hint = "vouliez-vous dire « " + near + " » ?"
		}
		l.faultAt("variable inconnue "+quote(name), position{}, "%s", hint)
	}
}

// readSecrets reads the secrets that stand in files of their own. Given both ways, the later layer wins.
func (l *loader) readSecrets() {
	for _, s := range l.settings {
		if s.file == nil || s.file.value.String() == "" {
			continue
		}
		switch {
		case s.layer == s.file.layer:
			l.fault(s.file, "donnez %s ou %s, pas les deux", s.subject(), s.file.subject())
		case s.layer > s.file.layer:
			s.file.value.SetString("")
		default:
			l.readSecret(s)
		}
	}
}

func (l *loader) readSecret(s *setting) {
	path := s.file.value.String()
	value, loose, fault := secretIn(path)
	if fault != "" {
		l.fault(s.file, "%s", fault)
	}
	s.value.SetString(value)
	s.layer, s.at = s.file.layer, s.file.at
	if loose {
		l.warnLoose(path, s.file.subject())
	}
}
