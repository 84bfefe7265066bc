package config

import (
	"os"
	"strings"
	"testing"

	"github.com/google/go-cmp/cmp"

	"passeur/bot"
)

const reportBackWarning = "rdv.report_back : RDV Service Public apprend ce que les personnes répondent, et peut alors leur écrire lui-même : elles risquent deux messages pour une même annulation. Désactivez-y les notifications, ou remettez ce réglage à false"

func TestOutsideProblems(t *testing.T) {
	dir := t.TempDir()
	void := writeSecret(t, dir, "void", "\n", 0o600)
	one := "{name: a, url: \"https://s3cret.fr/a.ics\", owner: Marie}"
	for name, c := range map[string]struct{ text, want string }{
		"report back":      {"rdv:\n  report_back: true", "rdv.api, ligne 2, colonne 3 : ce réglage manque et rdv.report_back en a besoin"},
		"empty api":        {"rdv:\n  api: \"\"\n  report_back: true", "rdv.report_back en a besoin"},
		"secret twice":     {"rdv: {secret: s3cret12, secret_file: x}", "donnez rdv.secret ou rdv.secret_file, pas les deux"},
		"a misspelt key":   {"rdv: {secrets: s3cret12}", "vouliez-vous dire « secret » ?"},
		"no list":          {"calendars: https://s3cret.fr", "une liste d'agendas est attendue, chacun avec « name »"},
		"no record":        {"calendars: [https://s3cret.fr]", "agenda 1 (ligne 1) : « name », « url », « url_file », « owner », « minutes » sont attendus"},
		"no name":          {"calendars: [{url: \"https://s3cret.fr\", owner: Marie}]", "agenda 1 : il lui faut un nom (name)"},
		"capitals":         {"calendars: [{name: Agenda, url: \"https://s3cret.fr\", owner: Marie}]", "agenda 1 : il lui faut un nom (name)"},
		"address for name": {"calendars: [{name: \"https://s3cret.fr\", owner: Marie}]", "agenda 1 : il lui faut un nom (name)"},
		"no address":       {"calendars: [{name: a, owner: Marie}]", "agenda 1 : son adresse manque"},
		"no owner":         {"calendars:\n- " + one + "\n- {name: b, url: \"https://s3cret.fr\"}", "calendars, ligne 3, colonne 4 : agenda 2 : dites de quel conseiller"},
		"long owner":       {"calendars: [{name: a, url: \"https://s3cret.fr\", owner: " + strings.Repeat("M", 81) + "}]", "dites de quel conseiller"},
		"minutes":          {"calendars: [{name: a, url: x, owner: M, minutes: 1441}]", "1441 n'est pas possible (minutes)"},
		"never":            {"calendars: [{name: a, url: x, owner: M, minutes: -1}]", "-1 n'est pas possible (minutes)"},
		"no number":        {"calendars: [{name: a, url: x, owner: M, minutes: souvent}]", "agenda 1 (ligne 1) : « minutes » : « souvent » n'est pas un nombre entier"},
		"minutes twice":    {"calendars: [{name: a, minutes: 5, minutes: 6}]", "« minutes » est donné deux fois"},
		"same name":        {"calendars: [" + one + ", " + one + "]", "agenda 2 : son nom, « a », est déjà celui d'un autre"},
		"an odd key":       {"calendars: [{name: a, adresse: x}]", "clé inconnue « adresse » ; les noms possibles sont name, url"},
		"address for key":  {"calendars: [{\"https://s3cret.fr\": x}]", "une clé inconnue ; les noms possibles"},
		"both":             {"calendars: [{name: a, url: x, url_file: y, owner: M}]", "agenda 1 : donnez url ou url_file, pas les deux"},
		"absent":           {"calendars: [{name: a, url_file: /nowhere/at/all, owner: M}]", "agenda 1 : le fichier « /nowhere/at/all » ne peut pas être lu : il n'existe pas"},
		"void":             {"calendars: [{name: a, url_file: " + void + ", owner: M}]", "est vide ; écrivez-y le secret"},
	} {
		t.Run(name, func(t *testing.T) {
			got, err := loadText(t, c.text)
			if err == nil {
				t.Fatalf("no error, but %v", got)
			}
			if !strings.Contains(err.Error(), c.want) {
				t.Errorf("got  %v\nwant %s", err, c.want)
			}
			if strings.Contains(err.Error(), "s3cret") {
				t.Errorf("the error tells a secret: %v", err)
			}
		})
	}
}

func TestCalendarsOfTheEnvironment(t *testing.T) {
	file := writeSecret(t, t.TempDir(), "agenda", "https://agenda.exemple.fr/s3cret.ics\n", 0o644)
	c, err := LoadEnviron("", []string{"PASSEUR_TERRITORIES=50",
		"PASSEUR_CALENDARS=marie url_file=" + file + " owner=Marie Lecomte minutes=5, b url=https://b.fr/?x=1%2C2 owner=d.exemple"})
	if err != nil {
		t.Fatal(err)
	}
	want := []Feed{{Name: "marie", URL: "https://agenda.exemple.fr/s3cret.ics", URLFile: file, Owner: "Marie Lecomte", Minutes: 5},
		{Name: "b", URL: "https://b.fr/?x=1%2C2", Owner: "d.exemple"}}
	if diff := cmp.Diff(want, c.Calendars); diff != "" {
		t.Errorf("(-want +got):\n%s", diff)
	}
	if diff := cmp.Diff([]bot.Feed{{Name: "marie", Owner: "Marie Lecomte"}, {Name: "b", Owner: "d.exemple"}}, c.Bot.Feeds); diff != "" {
		t.Errorf("bot (-want +got):\n%s", diff)
	}
	if len(c.Warnings) != 1 || !strings.Contains(c.Warnings[0], "« "+file+" » (PASSEUR_CALENDARS) peut être lu par tous") {
		t.Errorf("warnings: %q", c.Warnings)
	}
	for text, says := range map[string]string{
		"marie https://s3cret.fr/a.ics": "PASSEUR_CALENDARS : agenda 1 : il lui faut un nom (name)",
		"m https://s3cret.fr/?a=b":      "PASSEUR_CALENDARS : agenda 1 : une clé inconnue",
		"m url=https://s3cret.fr":       "PASSEUR_CALENDARS : agenda 1 : dites de quel conseiller",
	} {
		if _, err := LoadEnviron("", []string{"PASSEUR_CALENDARS=" + text}); err == nil || !strings.Contains(err.Error(), says) || strings.Contains(err.Error(), "s3cret") {
			t.Errorf("%s: %v, want %q", text, err, says)
		}
	}
}

// TestAnAddressInTheFileIsASecretInTheFile: who can read the settings can read the calendar.
func TestAnAddressInTheFileIsASecretInTheFile(t *testing.T) {
	for text, warned := range map[string]bool{
		"calendars: [{name: a, url: \"https://a.fr/a.ics\", owner: M}]": true,
		"calendars:": false,
	} {
		path := writeSecret(t, t.TempDir(), "p.yaml", "territories: [50]\n"+text+"\n", 0o644)
		c, err := LoadEnviron(path, nil)
		if err != nil || (len(c.Warnings) == 1 && strings.Contains(c.Warnings[0], "contient un secret")) != warned {
			t.Errorf("%s: %v, %v", text, c, err)
		}
	}
}

func TestTheToolIsUsedOrNot(t *testing.T) {
	for text, want := range map[string]struct{ on, given bool }{
		"service: P":                         {false, false},
		"rdv: {secret: s3cret-demo}":         {true, true},
		"rdv: {api: \"https://rdv.fr\"}":     {true, true},
		"rdv: {organisations: 7}":            {false, true},
		"rdv: {report_back: false}":          {false, false},
		"rdv: {organisations: []}":           {false, false},
		"rdv: {secret: , tokens: /x/tokens}": {false, true},
	} {
		c, err := loadText(t, text)
		if err != nil || c.RDV.On() != want.on || c.RDV.Given() != want.given {
			t.Errorf("%s: %+v, %v", text, c, err)
		}
	}
}

// TestTheCommentedCalendarOfTheExampleLoads: what the example shows as a comment loads.
func TestTheCommentedCalendarOfTheExampleLoads(t *testing.T) {
	text, err := os.ReadFile("passeur.example.yaml")
	if err != nil {
		t.Fatal(err)
	}
	_, shown, found := strings.Cut(string(text), "#   - name: agenda-marie")
	shown, _, _ = strings.Cut(shown, "# Dans une variable")
	if !found {
		t.Fatal("the example shows no calendar any more")
	}
	file := writeSecret(t, t.TempDir(), "agenda", "https://agenda.exemple.fr/x.ics", 0o600)
	shown = strings.NewReplacer("\n#", "\n", "/etc/passeur/agenda-marie", file).Replace(shown)
	c, err := loadText(t, "calendars:\n   - name: agenda-marie"+shown)
	if err != nil || len(c.Calendars) != 1 || c.Calendars[0].Owner != "Marie Lecomte" || c.Calendars[0].Minutes != 15 {
		t.Errorf("%+v, %v", c, err)
	}
}
