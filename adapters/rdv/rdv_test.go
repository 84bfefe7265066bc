package rdv

import (
	"errors"
	"log/slog"
	"maps"
	"slices"
	"strings"
	"testing"
	"time"
)

func TestSettings(t *testing.T) {
	access := func(c *Config) {
		c.API, c.ClientID, c.ClientSecret, c.Tokens = "https://rdv.example.org", "id", "key", newMemoryTokens("")
	}
	for name, c := range map[string]struct {
		change func(*Config)
		wrong  string // the settings that do not do
	}{
		"webhook":         {func(*Config) {}, ""},
		"both":            {access, ""},
		"API alone":       {func(c *Config) { access(c); c.Secret = "" }, ""},
		"on this machine": {func(c *Config) { access(c); c.API = "http://127.0.0.1:3000/" }, ""},
		"nothing":         {func(c *Config) { *c = Config{} }, "secret"},
		"short secret":    {func(c *Config) { c.Secret = "court" }, "secret"},
		"organisation":    {func(c *Config) { c.Organisations = []string{"7", "CCAS de Villefictive", ""} }, "organisations organisations"},
		"API without":     {func(c *Config) { c.API = "https://rdv.example.org" }, "client_id client_secret tokens"},
		"http":            {func(c *Config) { access(c); c.API = "http://rdv.example.org" }, "api"},
		"a path":          {func(c *Config) { access(c); c.API = "https://rdv.example.org/api/v1" }, "api"},
		"a user":          {func(c *Config) { access(c); c.API = "https://a:b@rdv.example.org" }, "api"},
		"no address":      {func(c *Config) { access(c); c.API = "rdv.example.org" }, "api"},
		"no URL":          {func(c *Config) { access(c); c.API = "https://%zz" }, "api"},
	} {
		settings := Config{Secret: testSecret, Timeout: time.Second}
		c.change(&settings)
		var wrong []string
		for _, f := range Check(settings) {
			wrong = append(wrong, f.Setting)
		}
		if got := strings.Join(wrong, " "); got != c.wrong {
			t.Errorf("%s: wrong are %q, want %q", name, got, c.wrong)
		}
		_, err := New(settings, slog.New(slog.DiscardHandler))
		if fault, ok := errors.AsType[*Fault](err); ok != (c.wrong != "") || ok && (fault.Text == "" || fault.Setting != wrong[0]) {
			t.Errorf("%s: %v", name, err)
		}
	}
}

func TestName(t *testing.T) {
	if n, _ := open(t, nil); n.Name() != "rdv" {
		t.Error(n.Name())
	}
}

// TestWays: the words are as they are compared, in small letters.
func TestWays(t *testing.T) {
	for _, w := range slices.Sorted(maps.Keys(ways)) {
		if w != strings.ToLower(w) || strings.Contains(w, " ") {
			t.Errorf("%q is never found", w)
		}
	}
}
