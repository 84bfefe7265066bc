package tree_test

import (
	"regexp"
	"strings"
	"testing"
)

// stop is one place of a trip in docs/architecture.md: `bot/bot.go: Bot.Hear, Bot.handle`.
var (
	stop   = regexp.MustCompile("`([\\w/]+\\.go): ([\\w., ]+)`")
	nearly = regexp.MustCompile("`[^` ]+\\.go:[^`]*`")
)

// TestTrips: the functions that the trips of docs/architecture.md pass are where it says.
func TestTrips(t *testing.T) {
	in := map[string]map[string]bool{}
	for _, f := range source(t) {
		in[f.path] = declared(f.File)
	}
	for _, s := range nearly.FindAllString(read(t, "docs/architecture.md"), -1) {
		if !stop.MatchString(s) {
			t.Errorf("docs/architecture.md: %s is no stop: write `file.go: Func, Type.Method`, without parentheses", s)
		}
	}
	stops := stop.FindAllStringSubmatch(read(t, "docs/architecture.md"), -1)
	for _, s := range stops {
		for name := range strings.SplitSeq(s[2], ", ") {
			if !in[s[1]][name] {
				t.Errorf("docs/architecture.md: %s declares no %s: correct the stop", s[1], name)
			}
		}
	}
	if len(stops) < 100 {
		t.Errorf("%d stops", len(stops))
	}
}
