package bot

import (
	"strings"
	"testing"
	"time"
)

func TestCompileRefuses(t *testing.T) {
	for text, want := range map[string]string{"Bonjour {prenom": "jamais fermée", "{rdv|demain}": "filtre inconnu"} {
		if _, err := NewCatalogue(French, map[string][]string{"cle": {text}}, nil); err == nil || !strings.Contains(err.Error(), want) || !strings.Contains(err.Error(), "cle") {
			t.Errorf("%q: %v, want %q", text, err, want)
		}
	}
}

func TestCountsInTexts(t *testing.T) {
	for language, want := range map[string][]string{French: {"0 ligne lue", "1 ligne lue", "2 lignes lues"}, English: {"0 lignes lues", "1 ligne lue", "2 lignes lues"}} {
		c, err := NewCatalogue(language, map[string][]string{"t": {"{n} {n|ligne lue/lignes lues}"}}, nil)
		if err != nil {
			t.Fatal(err)
		}
		for n, want := range want {
			if got, _, err := c.Render("t", Args{"n": number(n)}, time.Time{}, anyLength); err != nil || got != want {
				t.Errorf("%s, %d: %q (%v), want %q", language, n, got, err, want)
			}
		}
		if got, _, err := c.Render("t", Args{"n": "beaucoup"}, time.Time{}, anyLength); err == nil {
			t.Errorf("%s: %q of what is no number", language, got)
		}
	}
}

// TestWhoseInTexts: "de" agrees with the name behind it.
func TestWhoseInTexts(t *testing.T) {
	c, err := NewCatalogue(French, map[string][]string{"t": {"la part {nom|de}"}, "gras": {"la part {nom|de-gras}"}}, nil)
	if err != nil {
		t.Fatal(err)
	}
	for name, want := range map[string]string{"Marie Lecomte": "de Marie Lecomte", "Anne": "d'Anne", "Élise": "d'Élise", "Hugo": "de Hugo", "Yves": "d'Yves", "Yasmine": "de Yasmine",
		"Le Teilleul": "du Teilleul", "Les Pieux": "des Pieux", "le CCAS": "du CCAS", "La Haye": "de La Haye", "": "de ", "Y": "d'Y", "Oumar": "d'Oumar"} {
		if got, _, err := c.Render("t", Args{"nom": name}, time.Time{}, anyLength); err != nil || got != "la part "+want {
			t.Errorf("%q: %q, %v", name, got, err)
		}
	}
	for name, want := range map[string]string{"Jeanne": "de **Jeanne**", "Anne": "d'**Anne**", "Les Restos": "des **Restos**"} {
		if got, _, err := c.Render("gras", Args{"nom": name}, time.Time{}, anyLength); err != nil || got != "la part "+want {
			t.Errorf("%q: %q, %v", name, got, err)
		}
	}
}

func TestDatesInTexts(t *testing.T) {
	c, err := NewCatalogue(French, map[string][]string{"t": {"{rdv|quand}; {rdv|date}; {rdv|jour}; {rdv|heure}"}}, nil)
	if err != nil {
		t.Fatal(err)
	}
	cases := []struct{ now, rdv, want string }{
		{"2026-12-03T18:00:00+01:00", "2026-12-04T10:30:00+01:00", "demain vendredi 4 décembre à 10h30; vendredi 4 décembre 2026 à 10h30; vendredi 4 décembre; 10h30"},
		{"2026-12-04T00:01:00+01:00", "2026-12-04T10:00:00+01:00", "aujourd'hui vendredi 4 décembre à 10h; vendredi 4 décembre 2026 à 10h; vendredi 4 décembre; 10h"},
		{"2027-03-27T23:59:00+01:00", "2027-03-29T09:00:00+02:00", "lundi 29 mars à 9h; lundi 29 mars 2027 à 9h; lundi 29 mars; 9h"},
		{"2026-11-30T12:00:00+01:00", "2027-01-01T14:00:00+01:00", "vendredi 1er janvier à 14h; vendredi 1er janvier 2027 à 14h; vendredi 1er janvier; 14h"},
	}
	for _, x := range cases {
		now, err := time.Parse(time.RFC3339, x.now)
		if err != nil {
			t.Fatal(err)
		}
		if got, _, err := c.Render("t", Args{"rdv": x.rdv}, now, anyLength); err != nil || got != x.want {
			t.Errorf("%s for %s:\n got %s (%v)\nwant %s", x.rdv, x.now, got, err, x.want)
		}
	}
}

// TestEnglish: dates are English, and what English lacks is said in French.
func TestEnglish(t *testing.T) {
	fr, err := NewCatalogue(French, map[string][]string{"t": {"{rdv|quand}"}, "seul": {"Bonjour"}}, nil)
	if err != nil {
		t.Fatal(err)
	}
	en, err := NewCatalogue(English, map[string][]string{"t": {"{rdv|quand}; {rdv|date}; {rdv|jour}; {rdv|heure}"}}, fr)
	if err != nil {
		t.Fatal(err)
	}
	now := at(t, "Europe/Paris", "2026-12-03 18:00")
	if got, _, err := en.Render("t", Args{"rdv": "2026-12-04T10:30:00+01:00"}, now, anyLength); err != nil ||
		got != "tomorrow, Friday 4 December at 10:30; Friday 4 December 2026 at 10:30; Friday 4 December; 10:30" {
		t.Errorf("%q, %v", got, err)
	}
	if got, _, err := en.Render("seul", nil, now, anyLength); err != nil || got != "Bonjour" || !en.Has("seul") || en.Has("rien") {
		t.Errorf("%q, %v", got, err)
	}
}

// TestOtherLanguages: any language can be added with its texts alone; its dates are digits, and one that runs from right to left keeps
// names and places apart.
func TestOtherLanguages(t *testing.T) {
	fr, err := NewCatalogue(French, map[string][]string{"t": {"{rdv|quand}, {lieu}. Répondez 1."}, "seul": {"Bonjour"}}, nil)
	if err != nil {
		t.Fatal(err)
	}
	now := at(t, "Europe/Paris", "2026-12-03 18:00")
	args := Args{"rdv": "2026-12-04T10:30:00+01:00", "lieu": "mairie de Coutances"}
	for language, c := range map[string]struct{ text, want string }{
		"pt": {"{rdv|quand}, {lieu}. Responda 1.", "04/12/2026 10:30, mairie de Coutances. Responda 1."},
		"ar": {"{lieu} {rdv|quand} أجب 1", "\u2068mairie de Coutances\u2069 \u206804/12/2026 10:30\u2069 أجب 1"},
	} {
		cat, err := NewCatalogue(language, map[string][]string{"t": {c.text}}, fr)
		if err != nil {
			t.Fatal(err)
		}
		got, asks, err := cat.Render("t", args, now, anyLength)
		if err != nil || got != c.want || !asks {
			t.Errorf("%s: %q, asks %v, %v; want %q", language, got, asks, err, c.want)
		}
		if got, _, err := cat.Render("seul", nil, now, anyLength); err != nil || got != "Bonjour" {
			t.Errorf("%s: %q, %v", language, got, err)
		}
	}
}

// TestPromises: a bot does not start that would ask for answers which cannot come back.
func TestPromises(t *testing.T) {
	texts := map[string][]string{"rappel": {"Répondez 1"}, "rappel.muet": {"Rendez-vous."}, "rdv.retabli": {"Répondez 2"}}
	deaf := map[string]Abilities{"sms": {}, "mattermost": {AnyHour: true}}
	c, err := NewCatalogue(French, texts, nil)
	if err != nil {
		t.Fatal(err)
	}
	if err := checkPromises(c, deaf); err == nil || !strings.Contains(err.Error(), "« rdv.retabli »") || !strings.Contains(err.Error(), "sms") {
		t.Errorf("%v", err)
	}
	if err := checkPromises(c, map[string]Abilities{"sms": {Receives: true}}); err != nil {
		t.Error(err)
	}
	texts["rdv.retabli.muet"] = []string{"Maintenu."}
	if c, _ = NewCatalogue(French, texts, nil); checkPromises(c, deaf) != nil {
		t.Error(checkPromises(c, deaf))
	}
}

func TestVariantsShrink(t *testing.T) {
	c, err := NewCatalogue(French, map[string][]string{"t": {"very long {x}", "long {x}", "{x}"}}, nil)
	if err != nil {
		t.Fatal(err)
	}
	for limit, want := range map[int]string{99: "very long a", 6: "long a", 1: "a", 0: "a"} {
		if got, _, _ := c.Render("t", Args{"x": "a"}, time.Time{}, func(s string) bool { return len(s) <= limit }); got != want {
			t.Errorf("limit %d: %q, want %q", limit, got, want)
		}
	}
}

func FuzzCatalogue(f *testing.F) {
	f.Add("Bonjour {prenom}, {rdv|quand}", "2026-12-04T10:00:00+01:00")
	f.Fuzz(func(t *testing.T, text, value string) {
		c, err := NewCatalogue(French, map[string][]string{"t": {text}}, nil)
		if err != nil {
			return
		}
		_, _, _ = c.Render("t", Args{"prenom": value, "rdv": value}, time.Unix(0, 0), anyLength)
	})
}

func TestQuoteIsNoMarkdown(t *testing.T) {
	for words, want := range map[string]string{
		"oui":                                 "> oui",
		"un\r\ndeux\u2028trois":               "> un\n> deux\n> trois",
		"![x](https://pisteur.example/a.png)": `> !\[x\](https://pisteur.example/a.png)`,
		"`code` et \\[":                       "> \\`code\\` et \\\\\\[",
		strings.Repeat("é", maxWords) + "la fin": "> " + strings.Repeat("é", maxWords) + "…",
	} {
		if got := quote(words); got != want {
			t.Errorf("%q:\n got %q\nwant %q", words, got, want)
		}
	}
}
