package config

import (
	"fmt"
	"math"
	"reflect"
	"regexp"
	"slices"
	"strconv"
	"strings"

	"passeur/bot"
)

// fill sets one setting from what was written; the default stays when nothing was, or when it is not understood.
func (l *loader) fill(s *setting, from layer, e entry) {
	if e.value.shape == empty {
		return
	}
	s.layer, s.at, s.items = from, e.at, nil
	for _, item := range e.value.items {
		s.items = append(s.items, item.at)
	}
	if fault := s.set(e.value); fault != "" {
		l.fault(s, "%s", fault)
	}
}

// codec is how the values of one type are read and shown.
type codec struct {
	of   reflect.Type
	set  func(p any, n node) string // what is wrong, in French, or ""; p points to the field
	show func(v any) string         // for people, without what must not be seen
}

// codecs are the types that a setting may have. A new one is one row.
var codecs = []codec{
	one(asText, withoutPassword),
	one(as[Secret], Secret.String),
	one(as[bot.Address], plain),
	one(asInt, plain),
	one(asNumber, plain),
	one(asBool, plain),
	one(asClock, func(c bot.Clock) string { return fmt.Sprintf("%02d:%02d", c/60, c%60) }),
	many(asText),
	many(asInt),
	records("lieu", "une liste de lieux est attendue, chacun avec « label » et « commune »", placeFields, showPlaces),
	records("canal", "une liste de canaux est attendue, chacun avec « channel » et ce qu'en être membre veut dire (« territory », « hub », « role »)", channelFields, showChannels),
	records("agenda", "une liste d'agendas est attendue, chacun avec « name », « url_file » (ou « url ») et « owner »", calendarFields, showCalendars),
}

// one is a single value, written as read takes it.
func one[T any](read func(string) (T, string), show func(T) string) codec {
	return codecFor(func(p *T, n node) string { return setScalar(p, n, read) }, show)
}

// many is a list of them.
func many[T any](read func(string) (T, string)) codec {
	return codecFor(func(p *[]T, n node) string { return setList(p, n, read) }, func(list []T) string {
		shown := make([]string, len(list))
		for i, v := range list {
			shown[i] = plain(v)
		}
		return strings.Join(shown, ", ")
	})
}

// records is a list of small records; what is one of them, wanted the sentence for anything else.
func records[T any](what, wanted string, fields func(*T) []field, show func([]T) string) codec {
	return codecFor(func(p *[]T, n node) string { return setRecords(p, n, what, wanted, fields) }, show)
}

func codecFor[T any](set func(*T, node) string, show func(T) string) codec {
	return codec{reflect.TypeFor[T](), func(p any, n node) string { return set(p.(*T), n) }, func(v any) string { return show(v.(T)) }}
}

func plain[T any](v T) string { return fmt.Sprint(v) }

// codec is that of the setting's type; one that nobody can read says so of each value.
func (s *setting) codec() codec {
	for _, c := range codecs {
		if c.of == s.value.Type() {
			return c
		}
	}
	return codec{set: func(any, node) string {
		return fmt.Sprintf("ce réglage a un type inconnu du programme (%s)", s.value.Type())
	}, show: plain[any]}
}

// set converts a node to the setting's type. It returns what is wrong, in French, or "".
func (s *setting) set(n node) string { return s.codec().set(s.value.Addr().Interface(), n) }

// show writes the value for people, without what must not be seen.
func (s *setting) show() string { return s.codec().show(s.value.Interface()) }

func setScalar[T any](p *T, n node, read func(string) (T, string)) string {
	if n.shape != scalar {
		return "une seule valeur est attendue, sur la même ligne"
	}
	v, fault := read(n.text)
	if fault == "" {
		*p = v
	}
	return fault
}

func setList[T any](p *[]T, n node, read func(string) (T, string)) string {
	if n.shape == scalar { // one value is a list of one
		n = node{shape: list, items: []node{n}}
	}
	if n.shape != list {
		return "une liste est attendue, comme [a, b]"
	}
	out := make([]T, len(n.items))
	for i, item := range n.items {
		if fault := setScalar(&out[i], item, read); fault != "" {
			return fmt.Sprintf("élément %d : %s", i+1, fault)
		}
	}
	*p = out
	return ""
}

func asText(text string) (string, string) {
	text = strings.TrimSpace(text)
	if strings.ContainsAny(text, "\r\n") {
		return "", "une seule ligne de texte est attendue"
	}
	return text, ""
}

// as reads a text that has a type of its own.
func as[T ~string](text string) (T, string) {
	text, fault := asText(text)
	return T(text), fault
}

func asInt(text string) (int, string) {
	v, err := strconv.Atoi(text)
	if err != nil {
		return 0, quote(text) + " n'est pas un nombre entier"
	}
	return v, ""
}

func asNumber(text string) (float64, string) {
	v, err := strconv.ParseFloat(strings.Replace(text, ",", ".", 1), 64)
	if err != nil || math.IsNaN(v) || math.IsInf(v, 0) {
		return 0, quote(text) + " n'est pas un nombre"
	}
	return v, ""
}

func asBool(text string) (bool, string) {
	switch strings.ToLower(text) {
	case "true", "oui", "1":
		return true, ""
	case "false", "non", "0":
		return false, ""
	}
	return false, quote(text) + " n'est ni true (oui) ni false (non)"
}

var clockForm = regexp.MustCompile(`^([01]?\d|2[0-3]):([0-5]\d)$`)

func asClock(text string) (bot.Clock, string) {
	m := clockForm.FindStringSubmatch(text)
	if m == nil {
		return 0, quote(text) + " n'est pas une heure ; écrivez-la comme \"18:00\""
	}
	hour, _ := strconv.Atoi(m[1])
	minute, _ := strconv.Atoi(m[2])
	return clock(hour, minute), ""
}

// field is one name of a small record in a list, and where its value goes: a string, a type of strings, or a whole number.
type field struct {
	key  string
	into reflect.Value
}

func fieldOf[T ~string](key string, into *T) field { return field{key, reflect.ValueOf(into).Elem()} }

func numberOf(key string, into *int) field { return field{key, reflect.ValueOf(into).Elem()} }

func placeFields(p *bot.KnownPlace) []field {
	return []field{fieldOf("label", &p.Label), fieldOf("commune", &p.Commune)}
}

func channelFields(m *bot.Membership) []field {
	return []field{fieldOf("channel", &m.Channel), fieldOf("territory", &m.Territory), fieldOf("hub", &m.Hub), fieldOf("role", &m.Role)}
}

func showPlaces(places []bot.KnownPlace) string {
	out := make([]string, len(places))
	for i, p := range places {
		out[i] = p.Label + "=" + p.Commune
	}
	return strings.Join(out, ", ")
}

func showChannels(channels []bot.Membership) string {
	out := make([]string, len(channels))
	for i := range channels {
		out[i] = channels[i].Channel
		for _, f := range channelFields(&channels[i])[1:] {
			if f.into.String() != "" {
				out[i] += " " + f.key + "=" + f.into.String()
			}
		}
	}
	return strings.Join(out, ", ")
}

// setRecords reads a list of small records.
func setRecords[T any](p *[]T, n node, what, wanted string, fields func(*T) []field) string {
	if n.shape != list {
		return wanted
	}
	out := make([]T, len(n.items))
	for i, item := range n.items {
		if fault := setRecord(fields(&out[i]), item); fault != "" {
			where := fmt.Sprintf("%s %d", what, i+1)
			if item.at.line > 0 {
				where += fmt.Sprintf(" (ligne %d)", item.at.line)
			}
			return where + " : " + fault
		}
	}
	*p = out
	return ""
}

func setRecord(fields []field, n node) string {
	names := make([]string, len(fields))
	for i, f := range fields {
		names[i] = f.key
	}
	if n.shape != dict {
		return "« " + strings.Join(names, " », « ") + " » sont attendus"
	}
	for _, e := range n.entries {
		i := slices.Index(names, e.key)
		switch {
		case i < 0:
			return recordKeyFault(e.key, names)
		case !fields[i].into.IsZero():
			return "« " + e.key + " » est donné deux fois"
		case e.value.shape == empty:
			continue
		}
		if fault := fields[i].set(e.value); fault != "" {
			return "« " + e.key + " » : " + fault
		}
	}
	return ""
}

func (f field) set(n node) string {
	if p, ok := f.into.Addr().Interface().(*int); ok {
		return setScalar(p, n, asInt)
	}
	var text string
	fault := setScalar(&text, n, asText)
	f.into.SetString(text)
	return fault
}

// recordKeyFault refuses a key; one that looks like an address is not shown, for it may be a secret.
func recordKeyFault(key string, names []string) string {
	if strings.Contains(key, "/") {
		return "une clé inconnue ; les noms possibles sont " + strings.Join(names, ", ")
	}
	if near := Suggest(key, names); near != "" {
		return "clé inconnue " + quote(key) + " ; vouliez-vous dire « " + near + " » ?"
	}
	return "clé inconnue " + quote(key) + " ; les noms possibles sont " + strings.Join(names, ", ")
}
