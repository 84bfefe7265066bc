package main

import (
	"bytes"
	"context"
	"errors"
	"fmt"
	"io"
	"os"
	"path/filepath"
	"strings"
	"testing"
	"time"

	"passeur/bot"
	"passeur/config"
	"passeur/e2e/peers"
	"passeur/intents"
	"passeur/store"
)

// vague is a reader that understands nothing of texts that say "machin", doubts those that say "bidule" and reads the others as ever.
type vague struct{ intents.Reader }

func (v vague) Read(text string, c intents.Context) intents.Reading {
	switch {
	case strings.Contains(text, "machin"):
		return intents.Reading{Intent: intents.Annuler, Confidence: 0.2, Decision: intents.Reject}
	case strings.Contains(text, "bidule"):
		guess := intents.Annuler
		if c.Pro {
			guess = intents.MesRdv
		}
		return intents.Reading{Intent: guess, Confidence: 0.4, Decision: intents.Ask, Others: [2]intents.Intent{intents.Reporter, intents.Orienter}}
	}
	return v.Reader.Read(text, c)
}

// vagueHouse is a house with an appointment of Jeanne's, which understands little.
func vagueHouse(t *testing.T, file string) *house {
	t.Helper()
	h, _ := testHouse(t, file)
	book(t, h)
	h.bot.Reader = vague{h.bot.Reader}
	return h
}

// kept are the texts that wait, as "role open guess reason chosen: text", sorted by nothing.
func kept(t *testing.T, s bot.Store) map[string]bool {
	t.Helper()
	all, err := bot.Misreads(t.Context(), s)
	if err != nil {
		t.Fatal(err)
	}
	out := map[string]bool{}
	for _, k := range all {
		out[strings.Join([]string{string(k.Role), k.Open, string(k.Guess), k.Reason, string(k.Chosen)}, " ")+": "+k.Text] = true
	}
	return out
}

func wantKept(t *testing.T, s bot.Store, want ...string) {
	t.Helper()
	got := kept(t, s)
	for _, w := range want {
		if !got[w] {
			t.Errorf("not kept: %s", w)
		}
	}
	if len(got) != len(want) {
		t.Errorf("kept %d texts, want %d: %v", len(got), len(want), got)
	}
}

// TestMisreadsAreKeptMasked: what was not understood is kept once, without a name or a number, and what leads to nobody.
func TestMisreadsAreKeptMasked(t *testing.T) {
	h := vagueHouse(t, filepath.Join(t.TempDir(), "p.db"))
	hear(t, h, fromJeanne("s1", "jeanne a perdu son machin le 06 39 98 12 34"), fromJeanne("s2", "jeanne a perdu son machin le 06 39 98 12 34"),
		fromJeanne("s3", "le machin de lecomte, jean dupuis"), fromMarie("m1", "le machin de jeanne"), fromJeanne("s4", "oui"))
	wantKept(t, h.store, "usager rdv annuler rejeté : [nom] a perdu son machin le 00 00 00 00 00", "usager rdv annuler rejeté : le machin de [nom], [nom]",
		"conseiller  annuler rejeté : le machin de [nom]")
	records, err := everyRecord(t.Context(), h.store, bot.Query{Kind: "misread"})
	if err != nil {
		t.Fatal(err)
	}
	for _, r := range records {
		if r.Subject != "" || r.Owner != "" || r.Place != "" || r.State != "" || !r.At.Equal(noon.Truncate(24*time.Hour)) {
			t.Errorf("a record leads to somebody: %+v", r)
		}
	}
}

// TestCorrectionsAreKept: what she chose is the label, in the words of the examples.
func TestCorrectionsAreKept(t *testing.T) {
	h := vagueHouse(t, filepath.Join(t.TempDir(), "p.db"))
	hear(t, h, fromJeanne("s1", "le bidule de jeanne"))
	wantKept(t, h.store)
	hear(t, h, fromJeanne("s2", "2"), fromMarie("m1", "mon bidule"), fromMarie("m2", "1"))
	wantKept(t, h.store, "usager rdv annuler corrigé reporter: le bidule de [nom]", "conseiller  mes_rdv corrigé mes_rdv: mon bidule")
}

// TestMisreadsThatAreNotKept: not after STOP, nor while she is asked about erasure, nor in threads and forms, nor when a counsellor talks.
func TestMisreadsThatAreNotKept(t *testing.T) {
	thread := func(id, text string) bot.Event {
		e := fromMarie(id, text)
		e.About = "person/p1"
		return e
	}
	nobody := fromMarie("n1", "machin")
	nobody.From, nobody.Role = "mattermost:u-nobody", bot.Anyone
	for name, events := range map[string][]bot.Event{
		"stop":                    {fromJeanne("s1", "STOP"), fromJeanne("s2", "machin")},
		"pause":                   {fromJeanne("s1", "arrêtez de m'embêter avec vos messages"), fromJeanne("s2", "machin")},
		"erasure":                 {fromJeanne("s1", "EFFACER"), fromJeanne("s2", "machin")},
		"thread":                  {thread("m1", "machin")},
		"booking":                 {fromMarie("m1", "rdv Jeanne"), fromMarie("m2", "machin")},
		"form":                    {fromMarie("m1", "formulaire rdv"), fromMarie("m2", "machin")},
		"stopped before choosing": {fromJeanne("s1", "bidule"), fromJeanne("s2", "STOP"), fromJeanne("s3", "2")},
		"nobody":                  {nobody},
		"understood":              {fromJeanne("s1", "oui")},
	} {
		t.Run(name, func(t *testing.T) {
			h := vagueHouse(t, filepath.Join(t.TempDir(), "p.db"))
			if name == "pause" {
				h.bot.Reader = pausing{h.bot.Reader}
			}
			hear(t, h, events...)
			wantKept(t, h.store)
		})
	}
}

// pausing reads what speaks of messages as an objection.
type pausing struct{ intents.Reader }

func (p pausing) Read(text string, c intents.Context) intents.Reading {
	if strings.Contains(text, "messages") {
		return intents.Reading{Intent: intents.Objection, Confidence: 0.9, Decision: intents.Act}
	}
	return p.Reader.Read(text, c)
}

// TestNothingIsKeptInATalk: what answers a counsellor's own words is between the two.
func TestNothingIsKeptInATalk(t *testing.T) {
	h := vagueHouse(t, filepath.Join(t.TempDir(), "p.db"))
	hear(t, h, fromMarie("m1", "répondre Jeanne : venez avec vos papiers"))
	hear(t, h, fromMarie("m2", "oui"))
	hear(t, h, fromJeanne("s1", "machin"))
	wantKept(t, h.store)
}

// TestMisreadsEnd: the setting turns them off, five hundred are enough, and after thirty days they are gone.
func TestMisreadsEnd(t *testing.T) {
	h := vagueHouse(t, filepath.Join(t.TempDir(), "p.db"))
	h.bot.Settings.KeepMisread = false
	hear(t, h, fromJeanne("off", "machin"))
	wantKept(t, h.store)
	h.bot.Settings.KeepMisread = true
	var full []bot.Record
	for i := range 500 {
		full = append(full, bot.Record{Kind: "misread", ID: fmt.Sprint(i), At: noon, Body: []byte(`{"v":1,"role":"usager","text":"x"}`)})
	}
	if err := h.store.Commit(t.Context(), bot.Change{Event: "full", Now: noon, Records: full}); err != nil {
		t.Fatal(err)
	}
	hear(t, h, fromJeanne("more", "machin"))
	if kept(t, h.store)["usager rdv annuler rejeté : machin"] {
		t.Error("one more than 500 is kept")
	}
	if _, err := h.store.Sweep(t.Context(), noon.Add(31*24*time.Hour)); err != nil {
		t.Fatal(err)
	}
	wantKept(t, h.store)
}

// taught is a database with texts that wait, closed; it returns the path of a file of examples.
func taught(t *testing.T) string {
	t.Helper()
	t.Chdir(t.TempDir())
	h := vagueHouse(t, "passeur.db")
	hear(t, h, fromJeanne("s1", "machin un"), fromJeanne("s2", "machin deux"), fromJeanne("s3", "machin trois"), fromMarie("m1", "machin pro"))
	if err := h.store.Close(); err != nil {
		t.Fatal(err)
	}
	return "terrain.tsv"
}

func waitingIn(t *testing.T) map[string]bool {
	t.Helper()
	db, err := store.Open(t.Context(), "passeur.db", store.Options{ReadOnly: true})
	if err != nil {
		t.Fatal(err)
	}
	defer db.Close()
	return kept(t, db)
}

// untilLabelled waits until the first of four texts waits no more.
func untilLabelled(t *testing.T) {
	t.Helper()
	peers.Until(t, 15*time.Second, "", func() error {
		if n := len(waitingIn(t)); n == 4 {
			return fmt.Errorf("%d texts wait still", n)
		}
		return nil
	})
}

func TestLearn(t *testing.T) {
	file := taught(t)
	out, err := passeur(t, "", "status")
	if err != nil || !strings.Contains(out, "Messages mal compris, à étiqueter : 4 (passeur learn).") {
		t.Errorf("status: %v\n%s", err, out)
	}
	out, err = passeur(t, "annuler\nchanter\njeter\n", "learn", file)
	if err != nil || !strings.Contains(out, "1 exemple(s) écrit(s) dans ") || !strings.Contains(out, "1 message(s) jeté(s), 1 attend(ent) encore") ||
		!strings.Contains(out, "« chanter » n'est pas une étiquette") || !strings.Contains(out, "question ouverte : rdv ; deviné : annuler (rejeté)") {
		t.Errorf("learn: %v\n%s", err, out)
	}
	table, err := os.ReadFile(file)
	if err != nil || strings.Count(string(table), "\n") != 1 || !strings.HasPrefix(string(table), "rdv\tannuler\tterrain\tmachin ") {
		t.Errorf("the file holds %q (%v)", table, err)
	}
	if info, err := os.Stat(file); err != nil || info.Mode().Perm() != 0o600 {
		t.Errorf("the file's mode: %v (%v)", info.Mode(), err)
	}
	if got := waitingIn(t); len(got) != 2 {
		t.Errorf("waiting: %v", got)
	}
	if out, err := passeur(t, "\n", "learn", file); err != nil || !strings.Contains(out, "0 exemple(s)") || len(waitingIn(t)) != 2 {
		t.Errorf("skipped: %v\n%s", err, out)
	}
	if out, err := passeur(t, "fin\n1\n", "learn", "--role", "pro", file); err != nil || len(waitingIn(t)) != 2 {
		t.Errorf("ended: %v\n%s", err, out)
	}
	if out, err := passeur(t, "1\n", "learn", "--role", "pro", file); err != nil || len(waitingIn(t)) != 1 {
		t.Errorf("by number: %v\n%s", err, out)
	}
	table, _ = os.ReadFile(file)
	if want := "-\t" + string(intents.Labels(true)[0]) + "\tterrain\tmachin pro\n"; !strings.HasSuffix(string(table), want) {
		t.Errorf("the file holds %q, want at its end %q", table, want)
	}
	if out, err := passeur(t, "", "learn", "--role", "pro", file); err != nil || !strings.Contains(out, "Aucun message n'attend") {
		t.Errorf("nothing waits: %v\n%s", err, out)
	}
}

// TestLearnAfterACrash: the line was written and the record not erased; it is neither asked about again nor written twice. A last line without
// an end is ended.
func TestLearnAfterACrash(t *testing.T) {
	file := taught(t)
	if err := os.WriteFile(file, []byte("rdv\treporter\tterrain\tmachin un\nrdv\tannuler\tterrain\tmachin deux"), 0o600); err != nil {
		t.Fatal(err)
	}
	out, err := passeur(t, "retard\n", "learn", file)
	if err != nil || strings.Contains(out, "« machin un »") || strings.Contains(out, "« machin deux »") {
		t.Errorf("learn: %v\n%s", err, out)
	}
	table, err := os.ReadFile(file)
	if want := "rdv\treporter\tterrain\tmachin un\nrdv\tannuler\tterrain\tmachin deux\nrdv\tretard\tterrain\tmachin trois\n"; err != nil || string(table) != want {
		t.Errorf("the file holds %q (%v), want %q", table, err, want)
	}
	if got := waitingIn(t); len(got) != 1 {
		t.Errorf("waiting: %v", got)
	}
}

// TestLearnWritesBeforeItErases: when a record is erased, its line is in the file; an erasure that fails stops the lesson and loses nothing.
func TestLearnWritesBeforeItErases(t *testing.T) {
	path := filepath.Join(t.TempDir(), "e.tsv")
	file, err := openExamples(path)
	if err != nil {
		t.Fatal(err)
	}
	defer file.Close()
	broken := errors.New("no more power")
	l := &lesson{file: file, labels: intents.Labels(false), out: io.Discard, answers: linesOf(t.Context(), strings.NewReader("oui\nnon\n")),
		there: func(string) (bool, error) { return true, nil }, erase: func(string) error {
			if table, _ := os.ReadFile(path); string(table) != "-\toui\tterrain\tmachin\n" {
				t.Errorf("when the record is erased the file holds %q", table)
			}
			return broken
		}}
	err = l.all(t.Context(), []bot.KeptMisread{{ID: "1", Misread: bot.Misread{Text: "machin"}}, {ID: "2", Misread: bot.Misread{Text: "bidule"}}})
	if !errors.Is(err, broken) || l.done != 0 {
		t.Errorf("%v, %d erased", err, l.done)
	}
}

// TestLearnWhileServing: the running bot erases.
func TestLearnWhileServing(t *testing.T) {
	t.Chdir(t.TempDir())
	h := vagueHouse(t, "passeur.db")
	hear(t, h, fromJeanne("s1", "machin un"))
	srv := &server{cfg: &config.Config{Database: "passeur.db"}, house: h, log: quiet()}
	l, err := srv.openControl()
	if err != nil {
		t.Fatal(err)
	}
	ctx, cancel := context.WithCancel(t.Context())
	stopped := make(chan error, 1)
	go func() { stopped <- serveUntil(ctx, srv.controlServer(), l) }()
	if out, err := passeur(t, "annuler\n", "learn", "e.tsv"); err != nil || !strings.Contains(out, "1 exemple(s)") {
		t.Errorf("learn: %v\n%s", err, out)
	}
	wantKept(t, h.store)
	cancel()
	if err := <-stopped; err != nil {
		t.Error(err)
	}
}

// TestLearnIsStoppedAtItsPrompt: who is told to stop says what was done, and loses nothing.
func TestLearnIsStoppedAtItsPrompt(t *testing.T) {
	file := taught(t)
	ctx, cancel := context.WithCancel(t.Context())
	in, typed := io.Pipe()
	var out bytes.Buffer
	done := make(chan error, 1)
	go func() { done <- run(ctx, []string{"learn", file}, in, &out, &out) }()
	fmt.Fprintln(typed, "annuler")
	untilLabelled(t)
	cancel()
	if err := <-done; err != nil || !strings.Contains(out.String(), "1 exemple(s) écrit(s) dans terrain.tsv, 0 message(s) jeté(s), 2 attend(ent) encore.") {
		t.Errorf("stopped: %v\n%s", err, &out)
	}
}

// TestLearnOneAtATime: a file that another one writes to is refused, and what somebody else did meanwhile is not written.
func TestLearnOneAtATime(t *testing.T) {
	file := taught(t)
	other, err := openExamples(file)
	if err != nil {
		t.Fatal(err)
	}
	if _, err := passeur(t, "1\n", "learn", file); err == nil || !strings.Contains(err.Error(), "quelqu'un d'autre y étiquette déjà") {
		t.Errorf("a second one: %v", err)
	}
	if err := other.Close(); err != nil {
		t.Fatal(err)
	}
	in, typed := io.Pipe()
	var out bytes.Buffer
	done := make(chan error, 1)
	go func() { done <- run(t.Context(), []string{"learn", file}, in, &out, &out) }()
	fmt.Fprintln(typed, "annuler")
	untilLabelled(t)
	if out, err := passeur(t, "jeter\njeter\njeter\n", "learn", "other.tsv"); err != nil || !strings.Contains(out, "2 message(s) jeté(s)") {
		t.Errorf("into another file: %v\n%s", err, out)
	}
	fmt.Fprintln(typed, "oui")
	typed.Close()
	table, _ := os.ReadFile(file)
	if err := <-done; err != nil || strings.Count(string(table), "\n") != 1 || !strings.Contains(out.String(), "n'attend plus") {
		t.Errorf("what was thrown meanwhile: %v\n%s\n%s", err, &out, table)
	}
}

// TestLearnAnswers: capitals do not matter, the nearest label is said, and a text is asked about three times at most.
func TestLearnAnswers(t *testing.T) {
	file := taught(t)
	out, err := passeur(t, "anuler\nzzzzzz\n99\nJeter\nFIN\n", "learn", file)
	if err != nil || len(waitingIn(t)) != 3 {
		t.Errorf("learn: %v\n%s", err, out)
	}
	for _, want := range []string{"vouliez-vous dire « annuler » ?", "« 99 » n'est pas une étiquette : répondez par un numéro de 1 à", "Le message reste pour plus tard.",
		"0 exemple(s) écrit(s) dans terrain.tsv, 1 message(s) jeté(s), 2 attend(ent) encore"} {
		if !strings.Contains(out, want) {
			t.Errorf("%q was not said:\n%s", want, out)
		}
	}
	if out, err := passeur(t, "PASSER\nAnuler\nANNULER\n", "learn", file); err != nil || !strings.Contains(out, "1 exemple(s)") {
		t.Errorf("learn: %v\n%s", err, out)
	}
	rows := strings.Split(out, "\n")
	if strings.Index(rows[0], " 2 ") != strings.Index(rows[1], " 6 ") || strings.Index(rows[0], " 3 ") != strings.Index(rows[1], " 7 ") {
		t.Errorf("labels are not aligned:\n%s", out)
	}
}

// TestLearnRefusesWhatIsNoFile: a folder or a device is no file of examples.
func TestLearnRefusesWhatIsNoFile(t *testing.T) {
	taught(t)
	for _, path := range []string{".", os.DevNull} {
		if _, err := passeur(t, "1\n", "learn", path); err == nil || !strings.Contains(err.Error(), "n'est pas un fichier ordinaire") {
			t.Errorf("%s: %v", path, err)
		}
	}
}

// TestLearnSaysWhatIsWrong: nothing is erased when the file cannot be written.
func TestLearnSaysWhatIsWrong(t *testing.T) {
	taught(t)
	if out, err := passeur(t, "1\n1\n1\n", "learn", "absent/e.tsv"); err == nil || !strings.Contains(err.Error(), "ne peut pas être écrit") {
		t.Errorf("no such folder: %v\n%s", err, out)
	}
	if len(waitingIn(t)) != 4 {
		t.Error("a text was lost")
	}
	if _, err := passeur(t, "", "learn", "--role", "maire", "e.tsv"); err == nil {
		t.Error("a role that does not exist was taken")
	}
}
