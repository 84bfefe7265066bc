package main

import (
	"fmt"
	"image/png"
	"math"
	"net"
	"os"
	"path/filepath"
	"slices"
	"strings"
	"testing"
	"time"

	"passeur/bot"
	"passeur/config"
)

// TestCoverage compares it with a look at each permanence from each commune, at several moments of the year.
func TestCoverage(t *testing.T) {
	h, _ := testHouse(t, filepath.Join(t.TempDir(), "p.db"))
	communes := manche(t, h.bot.Gazetteer)
	held := sow(t, h, communes, 40, noon)
	for _, at := range []time.Time{noon, time.Date(2027, 3, 28, 0, 30, 0, 0, time.UTC), time.Date(2027, 8, 14, 20, 0, 0, 0, time.UTC)} {
		all, err := h.bot.Coverage(t.Context(), "50", at, 12, 1)
		if err != nil {
			t.Fatal(err)
		}
		if len(all) != len(communes) {
			t.Fatalf("%d communes, want %d", len(all), len(communes))
		}
		needs := 0
		for i, c := range all {
			km, next := math.Inf(1), time.Time{}
			for _, w := range held {
				start := w.next(at)
				if d := chord(c.Commune, w.place); d < km-1e-9 || math.Abs(d-km) < 1e-9 && start.Before(next) {
					km, next = d, start
				}
			}
			covered := km <= 12 && !next.After(at.AddDate(0, 0, 7))
			if math.Abs(km-c.Km) > 1e-6 || !next.Equal(c.Next) || covered != c.Covered {
				t.Fatalf("%s at %v: %+v, want %.3f km, %v, %v", c.Commune.Name, at, c, km, next, covered)
			}
			if !c.Covered {
				needs++
			}
			if i > 0 && (c.Covered == all[i-1].Covered && c.Km > all[i-1].Km+1e-9 || all[i-1].Covered && !c.Covered) {
				t.Fatalf("%s (%.1f km) comes after %s (%.1f km)", c.Commune.Name, c.Km, all[i-1].Commune.Name, all[i-1].Km)
			}
		}
		if needs == 0 || needs == len(all) {
			t.Fatalf("%d communes of %d are not covered: this test tells nothing", needs, len(all))
		}
	}
	if all, err := h.bot.Coverage(t.Context(), "14", noon, 12, 1); err != nil || len(all) != 0 {
		t.Errorf("of a département that is not served: %d, %v", len(all), err)
	}
}

// TestPriorities: priority communes come first among those that need somebody, and a list that comes again replaces the one before.
func TestPriorities(t *testing.T) {
	h, _ := testHouse(t, filepath.Join(t.TempDir(), "p.db"))
	now := noon
	first := func(lists ...bot.PriorityList) string {
		t.Helper()
		now = now.Add(time.Second)
		if _, err := h.bot.SetPriorities(t.Context(), lists, now); err != nil {
			t.Fatal(err)
		}
		all, err := h.bot.Coverage(t.Context(), "50", noon, bot.ReachKm, bot.ReachWeeks)
		if err != nil {
			t.Fatal(err)
		}
		var out []string
		for _, c := range all[:3] {
			out = append(out, c.Commune.Name+" "+strings.Join(c.Priority, "+"))
		}
		return strings.Join(out, ", ")
	}
	for _, c := range []struct {
		lists []bot.PriorityList
		want  string
	}{
		{[]bot.PriorityList{{Kind: bot.QPV, Communes: []string{"50502", "75056"}}, {Kind: bot.FRR, Communes: []string{"50394", "50502"}}}, "Périers FRR, Saint-Lô FRR+QPV, Agneaux "},
		{[]bot.PriorityList{{Kind: bot.FRR, Communes: []string{"50147"}}}, "Coutances FRR, Saint-Lô QPV, Agneaux "},
		{[]bot.PriorityList{{Kind: bot.QPV}}, "Coutances FRR, Agneaux , Agon-Coutainville "},
	} {
		if got := first(c.lists...); got != c.want {
			t.Errorf("%s, want %s", got, c.want)
		}
	}
	if _, err := h.bot.SetPriorities(t.Context(), []bot.PriorityList{{Kind: "ZRR"}}, noon); err == nil {
		t.Error("a list of another kind was kept")
	}
}

// TestImportAndMap: the commands, without a running bot and beside one, the list so long that it fits in no address.
func TestImportAndMap(t *testing.T) {
	t.Chdir(t.TempDir())
	h, _ := testHouse(t, "passeur.db")
	sow(t, h, manche(t, h.bot.Gazetteer), 10, time.Now())
	var list strings.Builder
	list.WriteString("code_insee;nom;zonage\n50394;Périers;FRR\n50502;Saint-Lô;QPV\n")
	for i := range 30_000 {
		fmt.Fprintf(&list, "%05d;commune inventée;FRR\n", 60_000+i)
	}
	for name, text := range map[string]string{"liste.csv": list.String(), "fausse.csv": "code_insee;zonage\n5039;FRR\n"} {
		if err := os.WriteFile(name, []byte(text), 0o600); err != nil {
			t.Fatal(err)
		}
	}
	cfg, err := config.Load("", func(string) (string, bool) { return "", false })
	if err != nil {
		t.Fatal(err)
	}
	stop := serveControls(t, cfg, h)
	imported(t)
	stop()
	if err := h.store.Close(); err != nil {
		t.Fatal(err)
	}
	imported(t)

	out, err := passeur(t, "", "map", "--out", "carte.png", "--km", "5", "--weeks", "2")
	if err != nil || !strings.Contains(out, "sur 445 sans permanence à 5 km ou moins d'ici 2 semaine(s)") {
		t.Fatalf("%v\n%s", err, out)
	}
	f, err := os.Open("carte.png")
	if err != nil {
		t.Fatal(err)
	}
	defer f.Close()
	if _, err := png.Decode(f); err != nil {
		t.Error(err)
	}
	for want, args := range map[string][]string{
		"donnez de 1 à 100 km":                         {"map", "--out", "x.png", "--km", "0"},
		"le département 14 n'est pas servi":            {"map", "--out", "x.png", "--territory", "14"},
		"ne peut pas être écrit : vérifiez le dossier": {"map", "--out", "absent/x.png"},
		"ligne 2 : « 5039 » n'est pas":                 {"import", "priorities", "fausse.csv"},
		"la sorte de liste est FRR ou QPV":             {"import", "priorities", "liste.csv", "--kind", "zrr"},
	} {
		if out, err := passeur(t, "", args...); err == nil || !strings.Contains(err.Error(), want) {
			t.Errorf("%v: %v, want %s\n%s", args, err, want, out)
		}
	}
}

func imported(t *testing.T) {
	t.Helper()
	out, err := passeur(t, "", "import", "priorities", "liste.csv")
	if want := "Liste FRR : 30001 commune(s), dont 1 dans vos départements (50).\nListe QPV : 1 commune(s), dont 1"; err != nil || !strings.Contains(out, want) {
		t.Fatalf("%v\n%s", err, out)
	}
}

// serveControls answers commands as a running bot does, until it is told to stop.
func serveControls(t *testing.T, cfg *config.Config, h *house) (stop func()) {
	t.Helper()
	l, err := net.Listen("unix", controlSocket(cfg))
	if err != nil {
		t.Fatal(err)
	}
	srv := (&server{cfg: cfg, house: h}).controlServer()
	done := make(chan error, 1)
	go func() { done <- srv.Serve(l) }()
	return func() {
		if err := srv.Close(); err != nil {
			t.Error(err)
		}
		<-done
	}
}

// TestMapPicture: each commune is one point, and what it lacks says more than what it has.
func TestMapPicture(t *testing.T) {
	near, far := bot.CommuneCoverage{Covered: true, Km: 3}, bot.CommuneCoverage{Km: 30}
	here, first := bot.CommuneCoverage{Covered: true}, bot.CommuneCoverage{Km: 30, Priority: []string{bot.FRR}}
	m := (&mapCmd{Km: 15, Weeks: 4}).picture([]bot.CommuneCoverage{first, far, here, near}, 2, []string{"50"}, noon)
	var kinds []int
	for _, p := range m.Points {
		kinds = append(kinds, p.Kind)
	}
	if !slices.Equal(kinds, []int{2, 1, 3, 0}) || m.Points[0].Weight <= m.Points[3].Weight {
		t.Errorf("%+v", m.Points)
	}
	if m.Title != "Communes sans permanence numérique : 2 sur 4 (50)" || !strings.HasPrefix(m.Note, "Passeur, mercredi 25 novembre 2026. ") {
		t.Errorf("%q, %q", m.Title, m.Note)
	}
}
