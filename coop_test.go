package main

import (
	"bytes"
	"encoding/csv"
	"encoding/json"
	"fmt"
	"net/http"
	"net/http/httptest"
	"slices"
	"strings"
	"testing"
	"time"

	"passeur/adapters/lacoop"
	"passeur/bot"
)

// reported is a house in which Marie kept two activities of November, and Paul one of October.
func reported(t *testing.T) *house {
	t.Helper()
	h := inDatabase(t)
	keep := func(id, by, number string, values map[string]string) {
		day, err := time.Parse(time.DateOnly, values["date"])
		if err != nil {
			t.Fatal(err)
		}
		a := bot.Activity{V: 1, Form: "individuel", Number: number, By: by, Noted: noon, Home: "50", Spent: "delocalise", Values: values}
		commit(t, h.store, bot.Change{Now: noon, Records: []bot.Record{record(t, "activity", id+"-"+number, a, bot.Record{Owner: id, Subject: id, Place: "50/50394", State: "individuel", At: day})}})
	}
	for id, name := range map[string]string{"marie": "Marie Lecomte", "paul": "Paul Martin"} {
		p := bot.Person{V: 1, Name: name, Role: bot.Conseiller, Territories: []string{"50"}}
		commit(t, h.store, bot.Change{Now: noon, Records: []bot.Record{record(t, "person", id, p, bot.Record{State: string(bot.Conseiller), At: noon})}})
	}
	keep("marie", "Marie Lecomte", "1", map[string]string{"date": "2026-11-03", "personnes": "3", "thematiques": "email,aide_aux_demarches_administratives", "duree": "90", "type_lieu": "lieu_activite", "ou": "50/50394 mairie de Périers", "notes": "à revoir"})
	keep("marie", "Marie Lecomte", "2", map[string]string{"date": "2026-11-10", "personnes": "1", "thematiques": "sante", "duree": "45", "type_lieu": "a_distance"})
	keep("paul", "Paul Martin", "1", map[string]string{"date": "2026-10-10", "personnes": "1", "thematiques": "sante", "duree": "30", "type_lieu": "a_distance"})
	return h
}

// TestExportActivities: the command writes La Coop's columns, a row for each person helped, of the months asked for; no note leaves a territory's table.
func TestExportActivities(t *testing.T) {
	h := reported(t)
	if err := h.store.Close(); err != nil {
		t.Fatal(err)
	}
	out := does(t, []string{"export", "activities", "--from", "2026-11"})
	r := csv.NewReader(strings.NewReader(strings.TrimPrefix(out, "\ufeff")))
	r.Comma = ';'
	rows, err := r.ReadAll()
	if err != nil {
		t.Fatalf("%v: %s", err, out)
	}
	if want := lacoop.Table(nil, lacoop.ByCoordinator)[0]; !slices.Equal(rows[0], want) {
		t.Errorf("the titles are %q, want %q", rows[0], want)
	}
	at := slices.Index(rows[0], "Durée (min)")
	var minutes []string
	for _, row := range rows[1:] {
		minutes = append(minutes, row[at])
	}
	if want := []string{"30", "30", "30", "45"}; !slices.Equal(minutes, want) {
		t.Errorf("minutes %q, want %q", minutes, want)
	}
	if strings.Contains(out, "à revoir") {
		t.Error("a note left")
	}
	for args, says := range map[string]string{"--from novembre": "n'est pas un mois", "--from 2026-11 --to 2026-10": "est avant le premier"} {
		refuses(t, "", append([]string{"export", "activities"}, strings.Fields(args)...), says)
	}
}

// coopServer is an instance of La Coop that has these activities.
func coopServer(t *testing.T, key string, attributes ...map[string]any) *httptest.Server {
	t.Helper()
	s := httptest.NewServer(http.HandlerFunc(func(w http.ResponseWriter, r *http.Request) {
		if r.Header.Get("Authorization") != "Bearer "+key || r.Method != http.MethodGet {
			w.WriteHeader(http.StatusForbidden)
			return
		}
		page := map[string]any{"data": []any{}, "links": map[string]any{"next": nil}}
		if r.URL.Query().Get("page[after]") == "" {
			var data []any
			for i, a := range attributes {
				data = append(data, map[string]any{"type": "activite", "id": fmt.Sprint("a", i), "attributes": a})
			}
			page["data"], page["links"] = data, map[string]any{"next": map[string]any{"href": "http://" + r.Host + r.URL.Path + "?page[after]=x"}}
		}
		_ = json.NewEncoder(w).Encode(page)
	}))
	t.Cleanup(s.Close)
	return s
}

// TestCompareWithCoop: what is here and not in La Coop, and the other way round, of the counsellors that the settings name.
func TestCompareWithCoop(t *testing.T) {
	h := reported(t)
	if err := h.store.Close(); err != nil {
		t.Fatal(err)
	}
	of := func(author, day string, minutes int) map[string]any {
		return map[string]any{"mediateur_id": author, "date": day, "type": "individuel", "duree": minutes, "thematiques": []string{"sante"}, "beneficiaires": map[string]any{"total": 1}}
	}
	s := coopServer(t, "c1:secret", of("m1", "2026-11-10", 45), of("m1", "2026-11-12", 60), of("somebody-else", "2026-11-10", 45))
	t.Setenv("PASSEUR_COOP_URL", s.URL)
	refuses(t, "", []string{"compare", "--from", "2026-11"}, "coop.key")
	t.Setenv("PASSEUR_COOP_KEY", "c1:secret")
	refuses(t, "", []string{"compare", "--from", "2026-11"}, "coop.authors")
	t.Setenv("PASSEUR_COOP_AUTHORS", "m1=Marie Lecomte")
	out := does(t, []string{"compare", "--from", "2026-11"})
	for _, want := range []string{"Ici et dans La Coop : 1\n", "Ici seulement : 1\n  mardi 3 novembre 2026, activité n° 1 de Marie Lecomte", "Dans La Coop seulement : 1\n  jeudi 12 novembre 2026, Marie Lecomte : individuel, 60 min"} {
		if !strings.Contains(out, want) {
			t.Errorf("it does not say %q:\n%s", want, out)
		}
	}
	t.Setenv("PASSEUR_COOP_KEY", "c1:wrong")
	refuses(t, "", []string{"compare", "--from", "2026-11"}, "clé")
}

// TestActivityFiles: a professional has her own activities as a workbook, with her notes; a coordinator those of her territory, without; nobody has another's.
func TestActivityFiles(t *testing.T) {
	h := reported(t)
	commit(t, h.store, bot.Change{Now: noon, Records: []bot.Record{record(t, "person", "sylvie", bot.Person{V: 1, Name: "Sylvie Aubert", Role: bot.Coordinateur, Territories: []string{"50"}},
		bot.Record{State: string(bot.Coordinateur), At: noon})}})
	for name, people := range map[string]int{"marie/2026-10/2026-11.csv": 4, "paul/2026-10/2026-11.csv": 1, "paul/2026-11/2026-11.csv": 0, "sylvie/2026-10/2026-11/territoire.csv": 5, "marie/2026-10/2026-11/territoire.csv": -1, "zoe/2026-10/2026-11.csv": -1, "marie.csv": -1} {
		a, err := h.attach(t.Context(), bot.ActivityFiles+name, noon)
		if err != nil {
			t.Fatal(err)
		}
		if len(a.Data) == 0 != (people < 0) || people >= 0 && strings.Count(string(a.Data), ";individuel;")+strings.Count(string(a.Data), ";Accompagnement individuel;") != people {
			t.Errorf("%s: not %d rows: %s", name, people, a.Data)
		}
		if notes := strings.Contains(string(a.Data), "à revoir"); notes != (name == "marie/2026-10/2026-11.csv") {
			t.Errorf("%s: notes %v", name, notes)
		}
	}
	a, err := h.attach(t.Context(), bot.ActivityFiles+"marie/2026-11/2026-11.xlsx", noon)
	if err != nil || a.Name != "activites.xlsx" || !bytes.HasPrefix(a.Data, []byte("PK")) {
		t.Errorf("%q, %d bytes, %v", a.Name, len(a.Data), err)
	}
}
