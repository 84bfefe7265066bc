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

// set converts a node to the setting's type. It returns what is wrong, in French, or "".
func (s *setting) set(n node) string {
	switch p := s.value.Addr().Interface().(type) {
	case *string:
		return setScalar(p, n, asText)
	case *Secret:
		return setScalar(p, n, as[Secret])
	case *bot.Address:
		return setScalar(p, n, as[bot.Address])
	case *int:
		return setScalar(p, n, asInt)
	case *float64:
		return setScalar(p, n, asNumber)
	case *bool:
		return setScalar(p, n, asBool)
	case *bot.Clock:
		return setScalar(p, n, asClock)
	case *[]string:
		return setList(p, n, asText)
	case *[]int:
		return setList(p, n, asInt)
	case *[]bot.KnownPlace:
		return setRecords(p, n, "lieu", "une liste de lieux est attendue, chacun avec « label » et « commune »", placeFields)
	case *[]bot.Membership:
		return setRecords(p, n, "canal", "une liste de canaux est attendue, chacun avec « channel » et ce qu'en être membre veut dire (« territory », « hub », « role »)", channelFields)
	case *[]Calendar:
		return setRecords(p, n, "agenda", "une liste d'agendas est attendue, chacun avec « name », « url_file » (ou « url ») et « owner »", calendarFields)
	default:
		return fmt.Sprintf("ce réglage a un type inconnu du programme (%s)", s.value.Type())
	}
}

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

// setRecords reads a list of small records; what is one of them, wanted the sentence for anything else.
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
	if near := Nearest(key, names); near != "" {
		return "clé inconnue " + quote(key) + " ; vouliez-vous dire « " + near + " » ?"
	}
	return "clé inconnue " + quote(key) + " ; les noms possibles sont " + strings.Join(names, ", ")
}
