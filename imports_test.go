package main

import (
	"context"
	"fmt"
	"io"
	"os"
	"os/exec"
	"path/filepath"
	"slices"
	"strings"
	"testing"
	"time"

	"passeur/bot"
	"passeur/config"
)

// put writes a file and returns its name.
func put(t *testing.T, name, text string) string {
	t.Helper()
	if err := os.WriteFile(name, []byte(text), 0o600); err != nil {
		t.Fatal(err)
	}
	return name
}

// shut ends a house so that a command may write itself.
func shut(t *testing.T, h *house) {
	t.Helper()
	if err := h.store.Close(); err != nil {
		t.Fatal(err)
	}
}

// obeying has a house take orders over its socket until the test ends.
func obeying(t *testing.T, h *house) {
	t.Helper()
	srv := &server{cfg: &config.Config{Database: "passeur.db"}, house: h, log: quiet()}
	l, err := srv.openControl()
	if err != nil {
		t.Fatal(err)
	}
	ctx, cancel := context.WithCancel(context.Background())
	stopped := make(chan error, 1)
	go func() { stopped <- serveUntil(ctx, srv.controlServer(), l) }()
	t.Cleanup(func() {
		cancel()
		if err := <-stopped; err != nil {
			t.Error(err)
		}
	})
}

// does runs a command that must succeed and say something.
func does(t *testing.T, args []string, wanted ...string) string {
	t.Helper()
	out, err := passeur(t, "", args...)
	if err != nil {
		t.Fatalf("%v: %v\n%s", args, err, out)
	}
	contains(t, out, wanted...)
	return out
}

// refuses runs a command that must fail and say why.
func refuses(t *testing.T, input string, args []string, wanted ...string) {
	t.Helper()
	out, err := passeur(t, input, args...)
	if err == nil {
		t.Fatalf("%v was done:\n%s", args, out)
	}
	contains(t, out+err.Error(), wanted...)
}

func TestImportCalendar(t *testing.T) {
	shut(t, inDatabase(t))
	good := put(t, "v.tsv", "# 2027-2028\nA,B,C\tToussaint\t2027-10-23\t2027-11-08\tarrêté\nB\tNo\xebl\t2027-12-18\t2028-01-03\n")
	does(t, []string{"import", "school", good}, "les vacances de 3 zone(s) ont changé")
	does(t, []string{"import", "school", good}, "Rien n'a changé")
	does(t, []string{"import", "school", put(t, "w.tsv", "B\tToussaint\t2027-10-20\t2027-11-05\n")}, "1 zone(s)")
	h, _ := testHouse(t, "passeur.db")
	found, err := h.store.Get(t.Context(), "school", "B")
	if err != nil || len(found) != 1 {
		t.Fatal(found, err)
	}
	want := `{"v":1,"breaks":[{"name":"Toussaint","from":"2027-10-20","back":"2027-11-05"},{"name":"Noël","from":"2027-12-18","back":"2028-01-03"}]}`
	if got := string(found[0].Body); got != want {
		t.Errorf("zone B is %s", got)
	}
	shut(t, h)
	cases := []struct{ name, file, want string }{
		{"empty", "# rien\n", "aucune période"},
		{"backwards", "B\tNoël\t2028-01-03\t2027-12-18\n", "ligne 1"},
		{"a département of a zone", "50\tNoël\t2027-12-18\t2028-01-03\n", "ce département suit la zone B"},
		{"no zone", "D\tNoël\t2027-12-18\t2028-01-03\n", "zone « D » inconnue"},
		{"spaces for tabs", "B Noël 2027-12-18 2028-01-03\n", "tabulations"},
	}
	for _, c := range cases {
		t.Run(c.name, func(t *testing.T) { refuses(t, "", []string{"import", "school", put(t, "x.tsv", c.file)}, c.want) })
	}
	refuses(t, "", []string{"import", "school", "absent.tsv"}, "absent.tsv", "vérifiez le chemin")
	refuses(t, "", []string{"import", "school", "."}, "c'est un dossier")
}

// TestImportedHolidaysMovePermanences: a permanence "sauf vacances" follows the holidays that come to be known.
func TestImportedHolidaysMovePermanences(t *testing.T) {
	h := inDatabase(t)
	hear(t, h, fromMarie("p1", "permanence tous les mardis 14h-17h mairie de Périers sauf vacances"), fromMarie("p2", "oui"))
	next := func() string {
		t.Helper()
		found, err := h.store.Find(t.Context(), bot.Query{Kind: "permanence"})
		if err != nil || len(found) != 1 {
			t.Fatal(found, err)
		}
		return found[0].State + " " + found[0].At.Format(time.DateOnly)
	}
	if got := next(); got != "open 2026-12-01" {
		t.Fatal(got)
	}
	spread := map[string][]bot.SchoolBreak{"B": {{Name: "Pont", From: "2026-11-28", Back: "2026-12-07"}}}
	for range 2 {
		if _, err := h.bot.ImportSchool(t.Context(), spread, noon); err != nil {
			t.Fatal(err)
		}
		if got := next(); got != "open 2026-12-08" {
			t.Errorf("after the import: %s", got)
		}
	}
	late := noon.AddDate(1, 0, 0) // nothing is known of that winter
	if _, err := h.bot.ImportSchool(t.Context(), spread, late); err != nil {
		t.Fatal(err)
	}
	if got := next(); !strings.HasPrefix(got, "over") {
		t.Fatalf("beyond what is known: %s", got)
	}
	known := map[string][]bot.SchoolBreak{"B": {{Name: "Noël", From: "2027-12-18", Back: "2028-01-03"}}}
	if _, err := h.bot.ImportSchool(t.Context(), known, late.Add(time.Minute)); err != nil {
		t.Fatal(err)
	}
	if got := next(); got != "open 2027-11-30" {
		t.Errorf("once the winter is known: %s", got)
	}
}

const placeColumns = "id,nom,commune,code_postal,adresse,date_maj,services\n"

// placesFile holds so many places of Saint-Lô.
func placesFile(t *testing.T, n int) string {
	t.Helper()
	var b strings.Builder
	b.WriteString(placeColumns)
	for i := range n {
		fmt.Fprintf(&b, "exemple-%d,Lieu d'exemple %d,Saint-Lô,50000,%d rue de l'Exemple,2026-09-01,Accès internet et matériel informatique\n", i, i, i+1)
	}
	return put(t, fmt.Sprintf("lieux-%d.csv", n), b.String())
}

// placesKnown counts the places that are seen, and all records of them.
func placesKnown(t *testing.T) (seen, all int) {
	t.Helper()
	h, _ := testHouse(t, "passeur.db")
	defer h.store.Close()
	places, err := h.bot.Venues(t.Context(), "50/50502")
	if err != nil {
		t.Fatal(err)
	}
	records, err := everyRecord(t.Context(), h.store, bot.Query{Kind: "venue"})
	if err != nil {
		t.Fatal(err)
	}
	return len(places), len(records)
}

func TestImportPlaces(t *testing.T) {
	shut(t, inDatabase(t))
	many := placesFile(t, 2100) // more than two commits hold
	does(t, []string{"import", "venues", many}, "2100 lieux lus", "C'est importé : 2100 lieux")
	does(t, []string{"import", "venues", many}, "Rien n'a changé : ces 2100 lieux étaient déjà là")
	if seen, all := placesKnown(t); seen != 2100 || all != 2100 {
		t.Errorf("%d seen, %d there", seen, all)
	}
	refuses(t, "", []string{"import", "venues", placesFile(t, 1000)}, "moins de la moitié", "--force")
	if seen, _ := placesKnown(t); seen != 2100 {
		t.Errorf("%d seen after a refusal", seen)
	}
	does(t, []string{"import", "venues", "--force", placesFile(t, 1000)}, "1000 lieux")
	does(t, []string{"import", "venues", placesFile(t, 600)}, "600 lieux")
	if seen, all := placesKnown(t); seen != 600 || all != 600 {
		t.Errorf("what the file no longer holds is there: %d seen, %d there", seen, all)
	}
	refuses(t, "", []string{"import", "venues", put(t, "a.csv", placeColumns)}, "aucun lieu")
	refuses(t, "", []string{"import", "venues", "--force", put(t, "b.csv", placeColumns+"x,Lieu,Caen,14000,1 rue,2026-09-01,Accès\n")}, "1 hors territoire", "aucun lieu")
	refuses(t, "", []string{"import", "venues", put(t, "c.csv", "nom\nx\n")}, "ce n'est pas un fichier de lieux")
}

func TestImportPlacesOfASpreadsheet(t *testing.T) {
	shut(t, inDatabase(t))
	latin := "services;adresse;nom;id;code_postal;commune;date_maj\n" +
		"Acc\xe8s internet et mat\xe9riel informatique;1 rue de l'Exemple;M\xe9diath\xe8que d'exemple;e1;50000;Saint-L\xf4;01/09/2026\n" +
		";2 rue de l'Exemple;Sans service;e2;50000;Saint-L\xf4;01/09/2026\n" +
		"Acc\xe8s internet et mat\xe9riel informatique;;Sans adresse;e3;50000;Saint-L\xf4;01/09/2026\n"
	does(t, []string{"import", "venues", put(t, "latin.csv", latin)}, "1 gardé", "ligne 4, adresse", "1 lieux")
	h, _ := testHouse(t, "passeur.db")
	places, err := h.bot.Venues(t.Context(), "50")
	if err != nil || len(places) != 1 || places[0].Name != "Médiathèque d'exemple" || places[0].Commune != "50502" {
		t.Errorf("%+v (%v)", places, err)
	}
}

// TestImportPlacesCutShort: batches of an import that never counted are not seen, and go.
func TestImportPlacesCutShort(t *testing.T) {
	h := inDatabase(t)
	places := func(n int, name string) (out []bot.Venue) {
		for i := range n {
			out = append(out, bot.Venue{V: 1, ID: fmt.Sprint(i), Name: name, Commune: "50502", Services: []string{"x"}})
		}
		return out
	}
	if _, err := h.bot.ImportVenues(t.Context(), places(1000, "avant"), false, noon); err != nil {
		t.Fatal(err)
	}
	whole := h.bot.Store
	h.bot.Store = &dyingStore{Store: whole, commits: 1}
	if _, err := h.bot.ImportVenues(t.Context(), places(1900, "après"), false, noon); err == nil {
		t.Fatal("the import was not cut short")
	}
	h.bot.Store = whole
	seen := func(name string, n, there int) {
		t.Helper()
		got, err := h.bot.Venues(t.Context(), "")
		other := slices.ContainsFunc(got, func(v bot.Venue) bool { return v.Name != name })
		all, err2 := everyRecord(t.Context(), h.store, bot.Query{Kind: "venue"})
		if err != nil || err2 != nil || len(got) != n || other || len(all) != there {
			t.Errorf("%d places seen (others than %q: %v), %d there; want %d and %d (%v, %v)", len(got), name, other, len(all), n, there, err, err2)
		}
	}
	seen("avant", 1000, 1900)
	if err := h.bot.SweepImports(t.Context(), noon); err != nil {
		t.Fatal(err)
	}
	seen("avant", 1000, 1000)
	h.bot.Store = &dyingStore{Store: whole, commits: 2}
	if _, err := h.bot.ImportVenues(t.Context(), places(1900, "après"), false, noon); err == nil {
		t.Fatal("the import was not cut short")
	}
	h.bot.Store = whole
	if n, err := h.bot.ImportVenues(t.Context(), places(1900, "après"), false, noon); err != nil || n != 1900 {
		t.Fatal(n, err)
	}
	seen("après", 1900, 1900)
}

// dyingStore takes so many commits and then no more, as the store of a process that is killed.
type dyingStore struct {
	bot.Store
	commits int
}

func (d *dyingStore) Commit(ctx context.Context, c bot.Change) error {
	if d.commits--; d.commits < 0 {
		return io.ErrUnexpectedEOF
	}
	return d.Store.Commit(ctx, c)
}

// TestPlacesAreOfOneImport: who reads while places are imported sees the old ones or the new ones, all of them.
func TestPlacesAreOfOneImport(t *testing.T) {
	h := inDatabase(t)
	places := func(name string) (out []bot.Venue) {
		for i := range 1200 {
			out = append(out, bot.Venue{V: 1, ID: fmt.Sprint(i), Name: name, Commune: "50502", Services: []string{"x"}})
		}
		return out
	}
	if _, err := h.bot.ImportVenues(t.Context(), places("avant"), false, noon); err != nil {
		t.Fatal(err)
	}
	done := make(chan error, 1)
	go func() {
		_, err := h.bot.ImportVenues(t.Context(), places("après"), false, noon.Add(time.Minute))
		done <- err
	}()
	for over := false; !over; {
		select {
		case err := <-done:
			if over = true; err != nil {
				t.Fatal(err)
			}
		default:
		}
		got, err := h.bot.Venues(t.Context(), "50")
		if err != nil || len(got) != 1200 || slices.ContainsFunc(got, func(v bot.Venue) bool { return v.Name != got[0].Name }) {
			t.Fatalf("%d places, or of two imports (%v)", len(got), err)
		}
		if over && got[0].Name != "après" {
			t.Errorf("the import does not count")
		}
	}
}

// TestImportBesideARunningBot: everything goes over the socket, refusals as well.
func TestImportBesideARunningBot(t *testing.T) {
	h := inDatabase(t)
	sayNow(t, h, "aide")
	obeying(t, h)
	does(t, []string{"import", "school", put(t, "v.tsv", "B\tToussaint\t2027-10-23\t2027-11-08\n")}, "1 zone(s)")
	does(t, []string{"import", "venues", placesFile(t, 1500)}, "1500 lieux")
	refuses(t, "", []string{"import", "venues", placesFile(t, 3)}, "moins de la moitié")
	does(t, []string{"import", "venues", "--force", placesFile(t, 3)}, "3 lieux")
	does(t, []string{"import", "rdv", "--yes", put(t, "r.csv", rdvHeader+rdvRow("A-1", "06 39 98 12 34", "Jeanne", 8, "10h"))}, "1 changement(s)")
	if got := booked(t, h.store); got != "Jeanne silent" {
		t.Errorf("appointments: %s", got)
	}
	cfg := &config.Config{Database: "passeur.db"}
	if err := askRunning(t.Context(), cfg, "places", demand{body: make([]byte, largestBody+1)}, new(int)); err == nil || !strings.Contains(err.Error(), "64 Mio") {
		t.Errorf("too much: %v", err)
	}
	for _, name := range []string{"places", "calendar", "rdv"} {
		if err := askRunning(t.Context(), cfg, name, demand{body: []byte("{[")}, new(int)); err == nil || !strings.Contains(err.Error(), "même version") {
			t.Errorf("nonsense for %s: %v", name, err)
		}
	}
}

func TestImportNeedsADatabase(t *testing.T) {
	t.Chdir(t.TempDir())
	for _, args := range [][]string{
		{"import", "school", put(t, "v.tsv", "B\tToussaint\t2027-10-23\t2027-11-08\n")}, {"import", "venues", placesFile(t, 1)}, {"import", "rdv", put(t, "r.csv", rdvHeader)}, {"poster"},
	} {
		refuses(t, "", args, "n'existe pas")
	}
	if left, _ := filepath.Glob("passeur.db*"); len(left) > 0 {
		t.Errorf("files were made: %v", left)
	}
}

// TestCheckOfImports: what was imported too long ago is said.
func TestCheckOfImports(t *testing.T) {
	h := inDatabase(t)
	places := []bot.Venue{{V: 1, ID: "1", Name: "Lieu", Commune: "50502", Services: []string{"x"}}}
	if _, err := h.bot.ImportVenues(t.Context(), places, false, noon); err != nil {
		t.Fatal(err)
	}
	cases := []struct {
		name        string
		territories []string
		now         time.Time
		want        string // "" nothing
	}{
		{"fresh", []string{"50"}, noon.AddDate(0, 5, 0), ""},
		{"old places", []string{"50"}, noon.AddDate(0, 6, 1), "! Lieux de médiation numérique : importés le 25/11/2026"},
		{"holidays end", []string{"50"}, time.Date(2027, 7, 4, 0, 0, 0, 0, time.UTC), "! Vacances scolaires de la zone B : connues jusqu'au 01/09/2027"},
		{"holidays end later", []string{"50"}, time.Date(2027, 5, 1, 0, 0, 0, 0, time.UTC), ""},
		{"nothing known", []string{"50", "974"}, noon, "! Vacances scolaires de la zone 974 : aucune n'est connue"},
		{"each zone once", []string{"50", "14"}, time.Date(2027, 8, 4, 0, 0, 0, 0, time.UTC), "zone B"},
	}
	for _, c := range cases {
		t.Run(c.name, func(t *testing.T) {
			var out strings.Builder
			r := &report{out: &out}
			r.imports(t.Context(), h.store, c.territories, c.now)
			if said := out.String(); r.broken > 0 || (said == "") != (c.want == "") || c.want != "" && strings.Count(said, c.want) != 1 {
				t.Errorf("want %q once, got %q", c.want, said)
			}
		})
	}
	if out, err := passeur(t, "", "check"); err != nil {
		t.Errorf("check: %v\n%s", err, out)
	}
}

// processOfImport names the file that TestImportProcess imports.
const processOfImport = "IMPORT_PROCESS"

// TestImportProcess is no test: it is the command, in a process that may be killed.
func TestImportProcess(t *testing.T) {
	file := os.Getenv(processOfImport)
	if file == "" {
		t.Skip("runs in a process of TestKilledBeforeTheAnswer")
	}
	if err := run(t.Context(), []string{"import", "rdv", file}, os.Stdin, os.Stdout, os.Stderr); err != nil {
		t.Fatal(err)
	}
}

// TestKilledBeforeTheAnswer: between what is shown and the answer nothing is done, whatever ends the command.
func TestKilledBeforeTheAnswer(t *testing.T) {
	h := inDatabase(t)
	sayNow(t, h, "aide")
	file := put(t, "r.csv", rdvHeader+rdvRow("A-1", "06 39 98 12 34", "Jeanne", 8, "10h"))
	cmd := exec.Command(os.Args[0], "-test.run=^TestImportProcess$")
	cmd.Env = append(os.Environ(), processOfImport+"="+file)
	in, err := cmd.StdinPipe()
	if err != nil {
		t.Fatal(err)
	}
	defer in.Close()
	out, err := cmd.StdoutPipe()
	if err != nil {
		t.Fatal(err)
	}
	if err := cmd.Start(); err != nil {
		t.Fatal(err)
	}
	var said strings.Builder
	for one := make([]byte, 1); !strings.Contains(said.String(), "[oui/non]"); {
		if _, err := out.Read(one); err != nil {
			t.Fatalf("it asked nothing (%v):\n%s", err, said.String())
		}
		said.Write(one)
	}
	if err := cmd.Process.Kill(); err != nil {
		t.Fatal(err)
	}
	_ = cmd.Wait()
	contains(t, said.String(), "+ ligne 2 (id A-1) : Jeanne")
	nothingImported(t, h)
	for _, answer := range []string{"", "non\n", "peut-être\n"} {
		refuses(t, answer, []string{"import", "rdv", file}, "rien n'a été importé")
		nothingImported(t, h)
	}
}

func nothingImported(t *testing.T, h *house) {
	t.Helper()
	for _, kind := range []string{"rdv", "source", "outside"} {
		if left, err := h.store.Find(t.Context(), bot.Query{Kind: kind}); err != nil || len(left) > 0 {
			t.Errorf("%d records of kind %s (%v)", len(left), kind, err)
		}
	}
}

// checked runs check, which must say each of these.
func checked(t *testing.T, wanted ...string) {
	t.Helper()
	out, _ := passeur(t, "", "check")
	for _, want := range wanted {
		if !strings.Contains(out, want) {
			t.Errorf("no line %q in\n%s", want, out)
		}
	}
}
