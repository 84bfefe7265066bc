package tree_test

import (
	"go/ast"
	"maps"
	"slices"
	"strconv"
	"strings"
	"testing"
)

// arrows lists, for each room, the packages of this repository and the foreign modules that it may import. A room that
// is not listed does not exist. To let somebody in, write it here, and why in docs/architecture.md.
var arrows = map[string][]string{
	"intents/french":                 {"golang.org/x/text", "github.com/blevesearch/snowballstem"},
	"intents/phones":                 {"passeur/intents/french", "github.com/nyaruka/phonenumbers/v2"},
	"intents/dates":                  {"passeur/intents/french", "passeur/intents/phones"},
	"intents":                        {"passeur/intents/french", "passeur/intents/phones", "passeur/intents/dates"},
	"intents/mask":                   {"passeur/intents/french", "passeur/intents/phones", "passeur/intents"},
	"intents/search":                 {"passeur/intents/french"},
	"intents/intentstest":            {},
	"bot":                            {"passeur/intents", "passeur/intents/dates", "passeur/intents/phones", "passeur/intents/mask", "passeur/intents/search", "golang.org/x/text", "github.com/rickar/cal/v2", "github.com/teambition/rrule-go"},
	"bot/dialogue":                   {"passeur/bot"},
	"scheduler":                      {"passeur/bot", "github.com/robfig/cron/v3"},
	"store":                          {"passeur/intents", "passeur/bot", "modernc.org/sqlite", "github.com/jackc/pgx/v5", "github.com/pressly/goose/v3", "golang.org/x/sys"},
	"store/storetest":                {"github.com/google/go-cmp", "passeur/bot"},
	"cluster":                        {"passeur/bot", "github.com/redis/go-redis/v9"},
	"cluster/clustertest":            {"passeur/bot"},
	"config":                         {"passeur/bot", "github.com/goccy/go-yaml"},
	"adapters/telegram":              {"passeur/bot", "github.com/go-telegram/bot"},
	"adapters/telegram/telegramtest": {},
	"adapters/sms":                   {"passeur/bot", "passeur/intents/phones", "github.com/nyaruka/phonenumbers/v2", "golang.org/x/text", "golang.org/x/time", "github.com/wneessen/go-mail"},
	"adapters/mattermost":            {"passeur/bot", "github.com/mattermost/mattermost/server/public", "github.com/gorilla/websocket"},
	"adapters/rdv":                   {"passeur/bot", "passeur/intents/phones", "golang.org/x/oauth2"},
	"adapters/playground":            {"passeur/bot", "passeur/intents/dates"},
	"adapters/ical":                  {"passeur/bot"},
	"adapters/referral":              {"passeur/bot"},
	"adapters/lacoop":                {"passeur/bot", "passeur/intents"},
	"sim":                            {"passeur/bot", "passeur/config"},
	"venues":                         {"passeur/bot", "passeur/intents", "passeur/intents/dates", "passeur/intents/phones", "golang.org/x/text"},
	"papers/tables":                  {"golang.org/x/text"},
	"papers":                         {"github.com/go-pdf/fpdf", "github.com/skip2/go-qrcode", "golang.org/x/image", "golang.org/x/text"},
}

// pure are the rooms that may not reach the network, a database or another process.
var pure = []string{"bot", "bot/dialogue", "intents", "intents/french", "intents/phones", "intents/dates", "intents/mask", "intents/search", "venues", "papers", "papers/tables"}

// impure are packages of the standard library, with all below them.
var impure = []string{"net", "database", "os", "syscall", "runtime/pprof", "plugin"}

// parsers are what pure rooms may have of them: they only read and write texts.
var parsers = []string{"net/url"}

// TestArrows: each room imports whom the list lets in, all of them and nobody else.
func TestArrows(t *testing.T) {
	used := map[string][]string{}
	broken := 0
	for _, f := range source(t) {
		if f.room() == "." || strings.HasPrefix(f.room(), "e2e/") {
			continue
		}
		for _, name := range f.imported() {
			used[f.room()] = append(used[f.room()], name)
			if wrong := against(f.room(), name); wrong != "" {
				t.Errorf("%s: %s", f.path, wrong)
				broken++
			}
		}
	}
	for room, allowed := range arrows {
		for _, a := range allowed {
			if !slices.ContainsFunc(used[room], func(name string) bool { return within(name, a) }) {
				t.Errorf("%s is listed to import %s, and does not: take it off the list", room, a)
				broken++
			}
		}
	}
	bar("broken_arrows", broken)
}

// imported are the import paths of a file.
func (f file) imported() []string {
	var names []string
	for _, spec := range f.Imports {
		name, _ := strconv.Unquote(spec.Path.Value)
		names = append(names, name)
	}
	return names
}

// against says what the rule has against a room's import of a package; "" is nothing.
func against(room, name string) string {
	allowed, listed := arrows[room]
	if !listed {
		return "no arrow is listed for the room " + room
	}
	ours, foreign := strings.HasPrefix(name, "passeur"), strings.Contains(strings.Split(name, "/")[0], ".")
	switch {
	case (ours || foreign) && !slices.ContainsFunc(allowed, func(a string) bool { return within(name, a) }):
		return room + " may not import " + name + ": do without, or let it in (arrows) and say why in docs/architecture.md"
	case slices.Contains(pure, room) && !slices.Contains(parsers, name) && slices.ContainsFunc(impure, func(i string) bool { return name == i || strings.HasPrefix(name, i+"/") }):
		return room + " is pure and imports " + name + ": what reaches the outside belongs in an adapter, the store or main"
	}
	return ""
}

// within tells whether an import is the one that is allowed: a package of ours itself, a foreign module with all its packages.
func within(name, allowed string) bool {
	return name == allowed || !strings.HasPrefix(name, "passeur/") && strings.HasPrefix(name, allowed+"/")
}

// TestNoClock: the pure rooms are given the time, and do not read it.
func TestNoClock(t *testing.T) {
	for _, f := range source(t) {
		if !slices.Contains(pure, f.room()) {
			continue
		}
		ast.Inspect(f.File, func(n ast.Node) bool {
			sel, ok := n.(*ast.SelectorExpr)
			if !ok {
				return true
			}
			if of, ok := sel.X.(*ast.Ident); ok && of.Name == "time" && slices.Contains([]string{"Now", "Since", "Until"}, sel.Sel.Name) {
				t.Errorf("%s: %s is pure and calls time.%s", f.path, f.room(), sel.Sel.Name)
			}
			return true
		})
	}
}

// TestCycles: no top folder leads back to itself by way of another. (The compiler forbids it between packages; folders hold several.)
func TestCycles(t *testing.T) {
	to := map[string]map[string]bool{}
	for _, f := range source(t) {
		from := top(f.room())
		if to[from] == nil {
			to[from] = map[string]bool{}
		}
		for _, name := range f.imported() {
			if rest, ours := strings.CutPrefix(name, "passeur/"); ours && top(rest) != from {
				to[from][top(rest)] = true
			}
		}
	}
	cycles := 0
	for _, folder := range slices.Sorted(maps.Keys(to)) {
		if reaches(to, folder, folder, map[string]bool{}) {
			t.Errorf("%s imports folders that import it", folder)
			cycles++
		}
	}
	bar("cycles", cycles)
}

// top is the first folder of a path.
func top(p string) string {
	first, _, _ := strings.Cut(p, "/")
	return first
}

// reaches tells whether a folder is among those that another imports, directly or not.
func reaches(to map[string]map[string]bool, from, goal string, seen map[string]bool) bool {
	for next := range to[from] {
		if next == goal {
			return true
		}
		if !seen[next] {
			seen[next] = true
			if reaches(to, next, goal, seen) {
				return true
			}
		}
	}
	return false
}
