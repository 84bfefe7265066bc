package config

import (
	"maps"
	"os"
	"reflect"
	"slices"
	"strings"
	"testing"
)

// FuzzLoad: whatever a file holds, it is a valid configuration or a list of problems, each with a sentence, and those
// of the writing with a line.
func FuzzLoad(f *testing.F) {
	example, err := os.ReadFile("passeur.example.yaml")
	if err != nil {
		f.Fatal(err)
	}
	f.Add(example)
	f.Add([]byte(full))
	for _, text := range []string{"", "a", "- a", "service: &a b", "? a\n: b", "sms:\n\tx: y", "hours: {open: 9:00", "%YAML 1.2\n---\n", "<<: *x", "service: !!binary aa", "places: [[{}]]", "1: 2", "key: |+\n\n"} {
		f.Add([]byte(text))
	}
	f.Fuzz(func(t *testing.T, text []byte) {
		l := newLoader()
		l.readText(text)
		fromFile := slices.Clone(l.problems)
		for _, s := range l.settings { // a fuzzer must not open what it invents
			if s.file != nil {
				s.file.value.SetString("")
			}
		}
		for i := range l.cfg.Calendars {
			l.cfg.Calendars[i].URLFile = ""
		}
		c, err := l.finish(nil)
		if (c == nil) == (err == nil) {
			t.Fatalf("%v and %v", c, err)
		}
		for _, p := range fromFile {
			if p.Line < 1 || p.Column < 1 || p.Text == "" || strings.ContainsAny(p.Error(), "\r\n") {
				t.Errorf("bad problem %#v", p)
			}
		}
		if c != nil && !reflect.DeepEqual(slices.Sorted(maps.Keys(l.byName)), sortedNames(c)) {
			t.Error("the settings changed")
		}
	})
}

func sortedNames(c *Config) []string {
	var out []string
	for _, s := range settingsOf(c) {
		out = append(out, s.name)
	}
	slices.Sort(out)
	return out
}
