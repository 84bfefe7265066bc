package tree_test

import (
	"regexp"
	"strings"
	"testing"
)

// stop is one place of a trip in docs/architecture.md: `bot/bot.go: Bot.Hear, Bot.handle`.
var stop = regexp.MustCompile("`([\\w/]+\\.go): ([\\w., ]+)`")

// TestTrips: the functions that the trips of docs/architecture.md pass are where it says.
func TestTrips(t *testing.T) {
	in := map[string]map[string]bool{}
	for _, f := range source(t) {
		in[f.path] = declared(f.File)
	}
	stops := stop.FindAllStringSubmatch(read(t, "docs/architecture.md"), -1)
	for _, s := range stops {
		for name := range strings.SplitSeq(s[2], ", ") {
			if !in[s[1]][name] {
				t.Errorf("docs/architecture.md: %s declares no %s", s[1], name)
			}
		}
	}
	if len(stops) < 100 {
		t.Errorf("%d stops", len(stops))
	}
}
