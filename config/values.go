package config

import (
	"fmt"
	"math"
	"regexp"
	"strconv"
	"strings"

	"passeur/bot"
)

// fill sets one setting from what was written; the default stays when nothing was, or when it is not understood.
func (l *loader) fill(s *setting, from layer, e entry) {
	if e.value.shape == empty {
		return
	}
	s.layer, s.at = from, e.at
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
		return setPlaces(p, n)
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

// setPlaces reads a list of { label, commune }.
func setPlaces(p *[]bot.KnownPlace, n node) string {
	if n.shape != list {
		return "une liste de lieux est attendue, chacun avec « label » et « commune »"
	}
	out := make([]bot.KnownPlace, len(n.items))
	for i, item := range n.items {
		if fault := setPlace(&out[i], item); fault != "" {
			where := fmt.Sprintf("lieu %d", i+1)
			if item.at.line > 0 {
				where += fmt.Sprintf(" (ligne %d)", item.at.line)
			}
			return where + " : " + fault
		}
	}
	*p = out
	return ""
}

func setPlace(p *bot.KnownPlace, n node) string {
	if n.shape != dict {
		return "« label » (le nom du lieu) et « commune » (son code INSEE) sont attendus"
	}
	fields := map[string]*string{"label": &p.Label, "commune": &p.Commune}
	for _, e := range n.entries {
		field, ok := fields[e.key]
		switch {
		case !ok:
			return placeKeyFault(e.key)
		case *field != "":
			return "« " + e.key + " » est donné deux fois"
		}
		if fault := setScalar(field, e.value, asText); fault != "" {
			return "« " + e.key + " » : " + fault
		}
	}
	return ""
}

func placeKeyFault(key string) string {
	near := nearest(key, []string{"label", "commune"})
	if near == "" {
		return "clé inconnue " + quote(key) + " ; les noms possibles sont label, commune"
	}
	return "clé inconnue " + quote(key) + " ; vouliez-vous dire « " + near + " » ?"
}
