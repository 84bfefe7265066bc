package tree_test

import (
	"reflect"
	"regexp"
	"slices"
	"strconv"
	"strings"
	"testing"

	"passeur/adapters/sms"
	"passeur/bot"
	"passeur/scheduler"
)

// contracts are the interfaces whose methods docs/architecture.md counts and names: "`Cluster`, 4 methods: `Take Hold Wake Woken`".
var contracts = map[string]reflect.Type{
	"Store":           reflect.TypeFor[bot.Store](),
	"Cluster":         reflect.TypeFor[bot.Cluster](),
	"scheduler.Brain": reflect.TypeFor[scheduler.Brain](),
	"sms.Provider":    reflect.TypeFor[sms.Provider](),
}

// TestContracts: the page names the methods that there are, and counts them right.
func TestContracts(t *testing.T) {
	page := read(t, "docs/architecture.md")
	for name, contract := range contracts {
		var methods []string
		for i := range contract.NumMethod() {
			methods = append(methods, contract.Method(i).Name)
		}
		said := regexp.MustCompile("\n- `" + regexp.QuoteMeta(name) + "`([^`]*): `([^`]*)`").FindStringSubmatch(page)
		if said == nil {
			t.Errorf("the page does not say what methods %s has: %s", name, strings.Join(methods, " "))
			continue
		}
		named := slices.Sorted(slices.Values(strings.Fields(said[2])))
		if !slices.Equal(named, methods) {
			t.Errorf("the page says that %s has the methods %q, it has %q", name, named, methods)
		}
		if n := regexp.MustCompile(`\d+ methods`).FindString(said[1]); n != "" && n != strconv.Itoa(len(methods))+" methods" {
			t.Errorf("the page says that %s has %s, it has %d", name, n, len(methods))
		}
	}
}
