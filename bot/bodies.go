package bot

import (
	"encoding/json"
	"fmt"
	"maps"
	"reflect"
	"slices"
	"strings"
	"sync"
)

// decode opens a record's body. Fields that this release does not know stay in the raw body and are given back by encode.
func decode(rec Record, into any) error {
	if err := json.Unmarshal(rec.Body, into); err != nil {
		return fmt.Errorf("body of %s %s: %w", rec.Kind, rec.ID, err)
	}
	return nil
}

// encode writes a body. The fields of was (the body as it was read, nil for a new record) that v's type does not know
// are kept: a release leaves alone what the next one wrote.
func encode(v any, was []byte) ([]byte, error) {
	out, err := json.Marshal(v)
	if err != nil || len(was) == 0 {
		return out, err
	}
	var old map[string]json.RawMessage
	if err := json.Unmarshal(was, &old); err != nil {
		return nil, err
	}
	known := fieldsOf(reflect.TypeOf(v).Elem())
	maps.DeleteFunc(old, func(name string, _ json.RawMessage) bool { return known[name] })
	for _, name := range slices.Sorted(maps.Keys(old)) {
		key, _ := json.Marshal(name)
		out = append(out[:len(out)-1], ',')
		out = append(append(append(append(out, key...), ':'), old[name]...), '}')
	}
	return out, nil
}

var fieldsByType sync.Map // reflect.Type → map[string]bool

// fieldsOf are the names of a body's fields, as JSON has them.
func fieldsOf(t reflect.Type) map[string]bool {
	if known, ok := fieldsByType.Load(t); ok {
		return known.(map[string]bool)
	}
	known := map[string]bool{}
	for _, f := range reflect.VisibleFields(t) { // those of embedded structs too
		name, _, _ := strings.Cut(f.Tag.Get("json"), ",")
		known[name] = true
	}
	fieldsByType.Store(t, known)
	return known
}
