package bot

import (
	"os"
	"regexp"
	"strconv"
	"testing"
	"time"
)

// TestGuideTellsRetention: the operators' guide tells of each kind how long it is kept, and of no other.
func TestGuideTellsRetention(t *testing.T) {
	guide, err := os.ReadFile("../docs/exploitation.md")
	if err != nil {
		t.Fatal(err)
	}
	told := map[string]time.Duration{}
	for _, row := range regexp.MustCompile("(?m)^\\|[^|]*\\| `([a-z]+)`(?:, `([a-z]+)`)? \\| (\\d+) \\|").FindAllStringSubmatch(string(guide), -1) {
		days, _ := strconv.Atoi(row[3])
		for _, kind := range row[1:3] {
			if kind != "" {
				told[kind] = time.Duration(days) * day
			}
		}
	}
	kept := map[string]time.Duration{"task": KeepEnded, "event": KeepEnded}
	for name, kind := range Kinds {
		if kind.Retention > 0 {
			kept[name] = kind.Retention
		}
	}
	for name, period := range kept {
		if told[name] != period {
			t.Errorf("docs/exploitation.md: `%s` is kept %d days, not %d", name, period/day, told[name]/day)
		}
	}
	for name := range told {
		if kept[name] == 0 {
			t.Errorf("docs/exploitation.md: `%s` ends by itself at no time", name)
		}
	}
}
