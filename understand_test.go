package main

import (
	"encoding/json"
	"strings"
	"testing"
)

// understood runs `passeur understand` on lines and returns its answers, one for each.
func understood(t *testing.T, c understandCmd, lines string) []map[string]any {
	t.Helper()
	var out strings.Builder
	if err := c.Run(t.Context(), streams{in: strings.NewReader(lines), out: &out}); err != nil {
		t.Fatal(err)
	}
	var all []map[string]any
	for line := range strings.Lines(out.String()) {
		var answer map[string]any
		if err := json.Unmarshal([]byte(line), &answer); err != nil {
			t.Fatalf("%q: %v", line, err)
		}
		all = append(all, answer)
	}
	return all
}

func TestUnderstand(t *testing.T) {
	usager := understandCmd{Role: "usager", Now: "2026-11-25T10:00", Territory: []string{"50"}}
	got := understood(t, usager, "rdv\tOui je viens\r\n-\tSTOP\nRDV \tje peux pas venir désolé\ncommune\tsaint lo\ndate\tmardi en huit 14h30\n\nchoix\t1\nbonjour")
	for i, want := range []map[string]any{
		{"intent": "confirmer", "decision": "act"},
		{"intent": "stop", "decision": "act"},
		{"intent": "annuler", "decision": "act"},
		{"intent": "rep_commune", "decision": "act"},
		{"intent": "rep_date", "decision": "act"},
		{"decision": "reject"},
		{"error": "le contexte « choix » n'existe pas : rdv, date, commune, ouinon, ou - (rien)"},
		{"intent": "bonjour"},
	} {
		if i >= len(got) {
			t.Fatalf("%d answers: %v", len(got), got)
		}
		for name, value := range want {
			if got[i][name] != value {
				t.Errorf("line %d: %v, want %s %v", i+1, got[i], name, value)
			}
		}
	}
	if e := got[3]["entities"].(map[string]any); e["commune"] != "Saint-Lô" || e["insee"] != "50502" {
		t.Errorf("commune %v", e)
	}
	if e := got[4]["entities"].(map[string]any); e["date"] != "2026-12-08" || e["time"] != "14:30" {
		t.Errorf("date %v", e)
	}
}

func TestUnderstandAnActivity(t *testing.T) {
	pro := understandCmd{Role: "pro", Now: "2026-11-25T10:00", Territory: []string{"50"}}
	got := understood(t, pro, "-\tce matin 3 personnes pour la CAF et des mails, 2h, Périers\n")[0]
	e := got["entities"].(map[string]any)
	if got["intent"] != "activite" || e["type"] != "individuel" || e["participants"] != 3.0 || e["duree_min"] != 120.0 || e["lieu"] != "Périers" || e["date"] != "2026-11-25" {
		t.Errorf("%v", got)
	}
}

func TestUnderstandSaysWhatIsWrong(t *testing.T) {
	for _, c := range []struct {
		cmd  understandCmd
		want string
	}{
		{understandCmd{Role: "usager", Now: "demain", Territory: []string{"50"}}, "écrivez par exemple 2026-11-25T10:00"},
		{understandCmd{Role: "usager", Territory: []string{"999"}}, "999"},
		{understandCmd{Role: "usager"}, "--territory est vide"},
	} {
		err := c.cmd.Run(t.Context(), streams{in: strings.NewReader(""), out: new(strings.Builder)})
		if err == nil || !strings.Contains(err.Error(), c.want) {
			t.Errorf("%+v: %v, want %q", c.cmd, err, c.want)
		}
	}
}
