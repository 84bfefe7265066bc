package config

import (
	"encoding/json"
	"fmt"
	"reflect"
	"strings"
)

// Decode fills in what into points at from one YAML text, strictly: a struct's keys are its fields' names in snake case, nothing
// unknown and nothing twice. Fields may be strings, whole numbers, numbers, true or false, lists, maps by string, structs, and any,
// which becomes what encoding/json writes. file is how errors call the text; they are Problems, with lines.
func Decode(file string, text []byte, into any) error {
	root, err := parse(text)
	if err != nil {
		return fmt.Errorf("%s : %w", file, err)
	}
	d := &decoder{}
	d.fill(reflect.ValueOf(into).Elem(), "", root)
	if len(d.problems) > 0 {
		d.problems.sort()
		return fmt.Errorf("%s : %w", file, d.problems)
	}
	return nil
}

type decoder struct{ problems Problems }

func (d *decoder) fault(name string, at position, format string, args ...any) {
	if name == "" {
		name = "écriture"
	}
	d.problems = append(d.problems, Problem{Subject: name, Line: max(1, at.line), Column: max(1, at.column), Text: fmt.Sprintf(format, args...)})
}

// fill sets one value, called name in errors.
func (d *decoder) fill(v reflect.Value, name string, n node) {
	if n.shape == empty {
		return
	}
	switch v.Kind() {
	case reflect.Struct:
		d.fillStruct(v, name, n)
	case reflect.Map:
		d.fillMap(v, name, n)
	case reflect.Slice:
		d.fillList(v, name, n)
	case reflect.Interface:
		v.Set(reflect.ValueOf(tree(n)))
	default:
		if fault := setPlain(v, n); fault != "" {
			d.fault(name, n.at, "%s", fault)
		}
	}
}

func (d *decoder) fillStruct(v reflect.Value, name string, n node) {
	if n.shape != dict {
		d.fault(name, n.at, "des clés sont attendues : %s", strings.Join(keysOfStruct(v.Type()), ", "))
		return
	}
	seen := map[string]bool{}
	for _, e := range n.entries {
		f := fieldNamed(v, e.key)
		switch {
		case !f.IsValid():
			d.fault("clé inconnue "+quote(e.key), e.at, "les noms possibles ici sont %s", strings.Join(keysOfStruct(v.Type()), ", "))
		case seen[e.key]:
			d.fault(inner(name, e.key), e.at, "cette clé est donnée deux fois")
		default:
			d.fill(f, inner(name, e.key), e.value)
		}
		seen[e.key] = true
	}
}

func (d *decoder) fillMap(v reflect.Value, name string, n node) {
	if n.shape != dict {
		d.fault(name, n.at, "des clés et leurs valeurs sont attendues")
		return
	}
	v.Set(reflect.MakeMap(v.Type()))
	for _, e := range n.entries {
		value := reflect.New(v.Type().Elem()).Elem()
		d.fill(value, inner(name, e.key), e.value)
		v.SetMapIndex(reflect.ValueOf(e.key).Convert(v.Type().Key()), value)
	}
}

func (d *decoder) fillList(v reflect.Value, name string, n node) {
	if n.shape == scalar { // one is a list of one
		n = node{shape: list, at: n.at, items: []node{n}}
	}
	if n.shape != list {
		d.fault(name, n.at, "une liste est attendue")
		return
	}
	v.Set(reflect.MakeSlice(v.Type(), len(n.items), len(n.items)))
	for i, item := range n.items {
		d.fill(v.Index(i), fmt.Sprintf("%s[%d]", name, i+1), item)
	}
}

// setPlain reads a scalar; it returns what is wrong, in French, or "".
func setPlain(v reflect.Value, n node) string {
	switch p := v.Addr().Interface().(type) {
	case *int:
		return setScalar(p, n, asInt)
	case *float64:
		return setScalar(p, n, asNumber)
	case *bool:
		return setScalar(p, n, asBool)
	}
	if v.Kind() != reflect.String {
		return fmt.Sprintf("ce réglage a un type inconnu du programme (%s)", v.Type())
	}
	var text string
	fault := setScalar(&text, n, func(s string) (string, string) { return s, "" })
	v.SetString(text)
	return fault
}

// tree is a node as encoding/json would have read it.
func tree(n node) any {
	switch n.shape {
	case dict:
		out := map[string]any{}
		for _, e := range n.entries {
			out[e.key] = tree(e.value)
		}
		return out
	case list:
		out := make([]any, len(n.items))
		for i, item := range n.items {
			out[i] = tree(item)
		}
		return out
	case scalar:
		var value any
		if n.literal && json.Unmarshal([]byte(n.text), &value) == nil {
			return value
		}
		return n.text
	}
	return nil
}

func inner(name, key string) string { return strings.TrimPrefix(name+"."+key, ".") }

func keysOfStruct(t reflect.Type) []string {
	var keys []string
	for i := range t.NumField() {
		keys = append(keys, snake(t.Field(i).Name))
	}
	return keys
}

func fieldNamed(v reflect.Value, key string) reflect.Value {
	for i := range v.NumField() {
		if snake(v.Type().Field(i).Name) == key {
			return v.Field(i)
		}
	}
	return reflect.Value{}
}
