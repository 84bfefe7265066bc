package bot_test

import (
	"go/parser"
	"go/token"
	"io/fs"
	"path/filepath"
	"slices"
	"strconv"
	"strings"
	"testing"
)

// arrows lists, for each room, the packages of this repository and the foreign modules that it may import. A room that
// is not listed does not exist. To let somebody in, write it here, and why in docs/architecture.md.
var arrows = map[string][]string{
	"intents":             {"golang.org/x/text", "github.com/blevesearch/snowballstem", "github.com/nyaruka/phonenumbers/v2"},
	"bot":                 {"passeur/intents", "golang.org/x/text", "github.com/rickar/cal/v2", "github.com/teambition/rrule-go"},
	"bot/dialogue":        {"passeur/bot"},
	"scheduler":           {"passeur/bot", "github.com/robfig/cron/v3"},
	"store":               {"passeur/intents", "passeur/bot", "modernc.org/sqlite", "github.com/pressly/goose/v3", "golang.org/x/sys"},
	"store/storetest":     {"passeur/intents", "github.com/google/go-cmp", "passeur/bot"},
	"cluster":             {"passeur/bot"},
	"cluster/clustertest": {"github.com/google/go-cmp", "passeur/bot"},
	"config":              {"passeur/bot", "passeur/intents", "github.com/goccy/go-yaml"},
	"adapters/sms":        {"github.com/nyaruka/phonenumbers/v2", "passeur/bot", "passeur/intents", "golang.org/x/text", "golang.org/x/time", "github.com/wneessen/go-mail"},
	"adapters/mattermost": {"passeur/bot", "passeur/intents", "github.com/mattermost/mattermost/server/public", "github.com/gorilla/websocket"},
	"adapters/rdv":        {"passeur/bot", "passeur/intents", "golang.org/x/oauth2"},
	"adapters/playground": {"passeur/bot"},
	"adapters/ical":       {"passeur/bot"},
	"venues":              {"passeur/bot", "passeur/intents", "golang.org/x/text"},
	"papers":              {"github.com/go-pdf/fpdf", "github.com/skip2/go-qrcode", "golang.org/x/image", "golang.org/x/text"},
}

// pure are the rooms that may not reach the network, a database or another process.
var pure = []string{"bot", "bot/dialogue", "intents", "venues", "papers"}

var impure = []string{"net", "net/http", "database/sql", "os/exec", "os"}

func TestImports(t *testing.T) {
	seen := map[string]bool{}
	err := filepath.WalkDir("..", func(path string, d fs.DirEntry, err error) error {
		if err != nil {
			return err
		}
		room := filepath.ToSlash(filepath.Dir(strings.TrimPrefix(path, "../")))
		if d.IsDir() && (d.Name() == "e2e" || d.Name() == ".git") {
			return fs.SkipDir
		}
		if d.IsDir() || !strings.HasSuffix(path, ".go") || strings.HasSuffix(path, "_test.go") || room == "." {
			return nil
		}
		seen[room] = true
		checkFile(t, path, room)
		return nil
	})
	if err != nil {
		t.Fatal(err)
	}
	for room := range arrows {
		if !seen[room] {
			t.Errorf("%s is listed and does not exist", room)
		}
	}
}

func checkFile(t *testing.T, path, room string) {
	allowed, listed := arrows[room]
	if !listed {
		t.Errorf("%s: no arrow is listed for the room %s", path, room)
		return
	}
	file, err := parser.ParseFile(token.NewFileSet(), path, nil, parser.ImportsOnly)
	if err != nil {
		t.Error(err)
		return
	}
	for _, spec := range file.Imports {
		name, _ := strconv.Unquote(spec.Path.Value)
		ours, foreign := strings.HasPrefix(name, "passeur"), strings.Contains(strings.Split(name, "/")[0], ".")
		within := slices.ContainsFunc(allowed, func(a string) bool {
			return name == a || !ours && strings.HasPrefix(name, a+"/")
		})
		if (ours || foreign) && !within {
			t.Errorf("%s: %s may not import %s", path, room, name)
		}
		if slices.Contains(pure, room) && slices.Contains(impure, name) {
			t.Errorf("%s: %s is pure and imports %s", path, room, name)
		}
	}
}
