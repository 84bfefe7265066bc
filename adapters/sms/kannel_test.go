package sms

import (
	"io"
	"strings"
	"testing"
)

func TestConfigErrors(t *testing.T) {
	for _, c := range []struct {
		name   string
		change func(*Config)
		want   string // part of the sentence; "" none
	}{
		{"complete", func(*Config) {}, ""},
		{"unknown gateway", func(c *Config) { c.Provider = "pigeon" }, "choisissez parmi : brevo"},
		{"no address", func(c *Config) { c.URL = "" }, "url"},
		{"no scheme", func(c *Config) { c.URL = "127.0.0.1:13013" }, "url"},
		{"other scheme", func(c *Config) { c.URL = "ftp://127.0.0.1" }, "url"},
		{"no password", func(c *Config) { c.Password = "" }, "password"},
		{"a line break in the name", func(c *Config) { c.Username = "a\nX-Kannel-To: b" }, "username"},
		{"sender of letters", func(c *Config) { c.From = "Passeur50" }, ""},
		{"no sender", func(c *Config) { c.From = "" }, ""},
		{"accented sender", func(c *Config) { c.From = "Préfecture" }, "sans accent"},
		{"long sender", func(c *Config) { c.From = "ConseilNumerique" }, "3 à 11 lettres"},
		{"short secret", func(c *Config) { c.Secret = "abc" }, "16 caractères"},
		{"secret that Kannel would expand", func(c *Config) { c.Secret = "0123456789abcdef%d" }, "16 caractères"},
		{"no secret", func(c *Config) { c.Secret = "" }, ""},
		{"no public address", func(c *Config) { c.PublicURL = "" }, ""},
		{"public address with a query", func(c *Config) { c.PublicURL = "https://a.example.fr/?x=1" }, "public_url"},
	} {
		config := Config{
			Provider: "kannel", URL: "http://127.0.0.1:13013", Username: "passeur", Password: "clef",
			Secret: testSecret, PublicURL: "https://passeur.example.fr",
		}
		c.change(&config)
		_, err := Open(config, nil, io.Discard, discard())
		switch {
		case c.want == "" && err != nil:
			t.Errorf("%s: %v", c.name, err)
		case c.want != "" && (err == nil || !strings.Contains(err.Error(), c.want)):
			t.Errorf("%s: %v, want a sentence about %q", c.name, err, c.want)
		}
	}
}

func TestAbilitiesFollowConfig(t *testing.T) {
	mute, _ := open(t, "http://kannel.example.fr", func(c *Config) { c.Secret, c.MaxParts = "", 3 })
	if can := mute.routes[0].Can(); can.Receives || can.Receipts || can.Fiction || can.MaxParts != 3 {
		t.Errorf("without a secret, far away: %+v", can)
	}
	for host, want := range map[string]bool{"localhost": true, "127.0.0.9": true, "[::1]": true, "10.0.0.1": false, "127.0.0.1.example.fr": false} {
		n, _ := open(t, "http://"+host+":13013/cgi-bin/sendsms", nil)
		if n.routes[0].Can().Fiction != want {
			t.Errorf("%s: fiction %v", host, !want)
		}
	}
}

func TestMobileSenderIsWarnedAbout(t *testing.T) {
	for from, want := range map[string]bool{"0639981234": true, "+33639981234": true, "38000": false, "MAIRIE": false, "": false} {
		_, logged := open(t, "http://127.0.0.1:13013", func(c *Config) { c.From = from })
		if got := strings.Contains(logged.String(), "ARCEP"); got != want {
			t.Errorf("from %q: warned %v", from, got)
		}
	}
}

// "oui" twice is two answers, the same "oui" repeated by the gateway is one.
func TestMessageID(t *testing.T) {
	hash := func(from, to, text, second string) string { return messageID("", from, to, text, second) }
	first := hash(jeanne, "38000", "oui", "2026-12-03 20:30:00")
	if again := hash(jeanne, "38000", "oui", "2026-12-03 20:30:00"); again != first {
		t.Errorf("repeated: %s, %s", first, again)
	}
	for _, other := range []string{
		hash(jeanne, "38000", "oui", "2026-12-03 20:30:01"),
		hash(jeanne, "38001", "oui", "2026-12-03 20:30:00"),
		hash("+33639981235", "38000", "oui", "2026-12-03 20:30:00"),
		hash(jeanne+"3", "8000", "oui", "2026-12-03 20:30:00"),
	} {
		if other == first {
			t.Errorf("another message has the same ID %s", first)
		}
	}
	if id := messageID("../../x y", jeanne, "", "", ""); strings.ContainsAny(id, "/. ") || id == "" {
		t.Errorf("an odd id became %q", id)
	}
}
