package main

import (
	"bytes"
	"context"
	"encoding/json"
	"errors"
	"os"
	"path/filepath"
	"regexp"
	"slices"
	"strconv"
	"strings"
	"sync"
	"testing"
	"time"

	"passeur/bot"
	"passeur/config"
	"passeur/intents"
	"passeur/store"
)

// recorder is a network that keeps what it sends.
type recorder struct {
	mu   sync.Mutex
	sent []string
	fail func(to bot.Address, m bot.Rendered) error // nil: it takes everything
}

func (r *recorder) Send(_ context.Context, to bot.Address, m bot.Rendered) (string, error) {
	r.mu.Lock()
	defer r.mu.Unlock()
	r.sent = append(r.sent, string(to)+" "+m.Text)
	if r.fail != nil {
		return "", r.fail(to, m)
	}
	return m.Key, nil
}

func (r *recorder) texts() string {
	r.mu.Lock()
	defer r.mu.Unlock()
	return strings.Join(r.sent, "\n")
}

// ableToHear are networks on which answers come.
var ableToHear = map[string]bot.Abilities{"sms": {Receives: true}, "mattermost": {Receives: true}}

// testHouse is a house on a file of its own, with recorders for networks. No power is cut here: it does not wait for the disk.
func testHouse(t *testing.T, file string) (*house, *recorder) {
	t.Helper()
	cfg, err := config.Load("", func(string) (string, bool) { return "", false })
	if err != nil {
		t.Fatal(err)
	}
	db, err := store.Open(t.Context(), file, store.Options{Volatile: true})
	if err != nil {
		t.Fatal(err)
	}
	r := &recorder{}
	lines := simulated(map[string]bot.Sender{"sms": r, "mattermost": r}, ableToHear)
	h, err := assemble(cfg, db, lines, nil, quiet())
	if err != nil {
		t.Fatal(err)
	}
	t.Cleanup(func() { db.Close() })
	return h, r
}

var noon = time.Date(2026, 11, 25, 11, 0, 0, 0, time.UTC)

func fromMarie(id, text string) bot.Event {
	return bot.Event{ID: id, At: noon, From: "mattermost:u-marie", Role: bot.Conseiller, Text: text,
		Values: map[string]string{"name": "Marie Lecomte"}, Cursor: id, Resuming: "mattermost:dm"}
}

func fromJeanne(id, text string) bot.Event {
	return bot.Event{ID: id, At: noon, From: "sms:+33639981234", Role: bot.Usager, Text: text}
}

// heard has the bot hear events, and leaves what comes of them to a house that runs.
func heard(t *testing.T, h *house, events ...bot.Event) {
	t.Helper()
	for _, e := range events {
		if _, err := h.bot.Hear(t.Context(), e); err != nil {
			t.Fatal(err)
		}
	}
}

// hear is heard for a house that does not run: what comes of the events is done.
func hear(t *testing.T, h *house, events ...bot.Event) {
	t.Helper()
	heard(t, h, events...)
	if _, err := h.scheduler.Step(t.Context(), noon); err != nil {
		t.Fatal(err)
	}
}

func book(t *testing.T, h *house) {
	t.Helper()
	hear(t, h, fromMarie("b1", "rdv 06 39 98 12 34 Jeanne vendredi 4 décembre 10h mairie de Coutances"), fromMarie("b2", "oui"))
}

// TestSameEventAtOnce: the same event, 300 times at once, is handled once.
func TestSameEventAtOnce(t *testing.T) {
	h, r := testHouse(t, filepath.Join(t.TempDir(), "p.db"))
	book(t, h)
	var all sync.WaitGroup
	for range 300 {
		all.Go(func() {
			if _, err := h.bot.Hear(t.Context(), fromJeanne("s1", "oui")); err != nil {
				t.Error(err)
			}
		})
	}
	all.Wait()
	hear(t, h)
	if got := strings.Count(r.texts(), "C'est noté : vous venez"); got != 1 {
		t.Errorf("answered %d times:\n%s", got, r.texts())
	}
	if got := strings.Count(r.texts(), "✅ **Jeanne** vient vendredi"); got != 1 {
		t.Errorf("told %d times:\n%s", got, r.texts())
	}
}

// brokenReader fails on one word.
type brokenReader struct{ intents.Reader }

func (b brokenReader) Read(text string, c intents.Context) intents.Reading {
	if text == "boum" {
		panic("boum")
	}
	return b.Reader.Read(text, c)
}

// TestParked: an event whose rule panics is put aside, holds nothing back, and can be taken up once the rule is mended.
func TestParked(t *testing.T) {
	h, r := testHouse(t, filepath.Join(t.TempDir(), "p.db"))
	book(t, h)
	healthy := h.bot.Reader
	h.bot.Reader = brokenReader{healthy}
	hear(t, h, fromJeanne("s1", "boum"), fromMarie("m1", "boum"), fromJeanne("s2", "oui"), fromMarie("m2", "mes rdv"))
	for _, want := range []string{"une panne nous empeche d'y répondre", "C'est noté : vous venez", "✅ vient"} {
		if !strings.Contains(r.texts(), want) {
			t.Errorf("%q was not said:\n%s", want, r.texts())
		}
	}
	sum, err := h.store.Summary(t.Context(), noon)
	if err != nil || sum.Parked != 2 || sum.Waiting != 0 {
		t.Fatalf("parked %d, waiting %d (%v), want 2 and 0", sum.Parked, sum.Waiting, err)
	}
	if n, err := h.bot.Retry(t.Context(), noon); err != nil || n != 0 {
		t.Errorf("retried while broken: %d, %v", n, err)
	}
	h.bot.Reader = healthy
	if n, err := h.bot.Retry(t.Context(), noon); err != nil || n != 2 {
		t.Errorf("retried once mended: %d, %v, want 2", n, err)
	}
	hear(t, h)
	if !strings.Contains(r.texts(), "> boum") || !strings.Contains(r.texts(), "Je n'ai pas compris") {
		t.Errorf("what was parked was not handled:\n%s", r.texts())
	}
	if sum, _ := h.store.Summary(t.Context(), noon); sum.Parked != 0 {
		t.Errorf("%d events are still parked", sum.Parked)
	}
}

// failingStore refuses commits that handle an event, as a full disk would.
type failingStore struct{ bot.Store }

func (f failingStore) Commit(ctx context.Context, c bot.Change) error {
	if strings.HasPrefix(c.Event, "kept/") {
		return f.Store.Commit(ctx, c)
	}
	return errors.New("disk full")
}

// TestKeptIsHandledLater: an event that was kept and not handled waits in the inbox, for the next process.
func TestKeptIsHandledLater(t *testing.T) {
	file := filepath.Join(t.TempDir(), "p.db")
	h, _ := testHouse(t, file)
	h.bot.Store = failingStore{h.store}
	if _, err := h.bot.Hear(t.Context(), fromMarie("m1", "aide")); err != nil {
		t.Fatalf("a kept event must not be repeated: %v", err)
	}
	if _, err := h.bot.Hear(t.Context(), fromJeanne("s1", "oui")); err == nil {
		t.Fatal("an event that was not kept must be repeated")
	}
	if err := h.store.Close(); err != nil {
		t.Fatal(err)
	}
	h, r := testHouse(t, file)
	hear(t, h)
	if !strings.Contains(r.texts(), "Voici ce que je comprends") {
		t.Errorf("the kept event was not handled:\n%s", r.texts())
	}
	cursors, err := cursorsOf(h.store)(t.Context())
	if err != nil || cursors["mattermost:dm"] != "m1" {
		t.Errorf("cursors %v (%v)", cursors, err)
	}
}

// command line

func passeur(t *testing.T, input string, args ...string) (string, error) {
	t.Helper()
	var out bytes.Buffer
	err := run(t.Context(), args, strings.NewReader(input), &out, &out)
	return out.String(), err
}

// TestErasureReachesDraftsAndTheInbox: what a colleague was typing about her, and what could not be handled, go too.
func TestErasureReachesDraftsAndTheInbox(t *testing.T) {
	h, r := testHouse(t, filepath.Join(t.TempDir(), "p.db"))
	book(t, h)
	paul := func(id, text string) bot.Event {
		e := fromMarie(id, text)
		e.From, e.Values = "mattermost:u-paul", map[string]string{"name": "Paul Roux"}
		return e
	}
	hear(t, h, paul("p1", "rdv 06 39 98 12 34 Jeanne demain 11h"))
	healthy := h.bot.Reader
	h.bot.Reader = brokenReader{healthy}
	hear(t, h, fromJeanne("s1", "boum"))
	h.bot.Reader = healthy
	if n, err := h.bot.Erase(t.Context(), "sms:+33639981234", noon); err != nil || n != 1 {
		t.Fatalf("erased %d, %v", n, err)
	}
	if sum, err := h.store.Summary(t.Context(), noon); err != nil || sum.Parked != 0 {
		t.Errorf("%d events are still parked (%v)", sum.Parked, err)
	}
	before := len(r.texts())
	hear(t, h, paul("p2", "mairie de Coutances"), paul("p3", "oui"))
	if after := r.texts()[before:]; strings.Count(after, "Je n'ai pas compris") != 2 || strings.Contains(after, "06 39 98 12 34)") {
		t.Errorf("the draft lives on:\n%s", after)
	}
}

func TestExportAndErase(t *testing.T) {
	dir := t.TempDir()
	t.Chdir(dir)
	h, _ := testHouse(t, "passeur.db")
	book(t, h)
	hear(t, h, fromJeanne("s1", "bonjour"))

	out, err := passeur(t, "", "status", "06 39 98 12 34")
	if err != nil || !strings.Contains(out, "Rappel du rendez-vous") || !strings.Contains(out, "prévu") {
		t.Errorf("status of a number: %v\n%s", err, out)
	}
	out, err = passeur(t, "", "export", "06 39 98 12 34")
	var doc struct{ Personnes []exported }
	if err != nil || json.Unmarshal([]byte(out), &doc) != nil || len(doc.Personnes) != 1 || len(doc.Personnes[0].Records) != 3 || len(doc.Personnes[0].Messages) < 3 {
		t.Errorf("export: %v\n%s", err, out)
	}
	if err := h.store.Close(); err != nil {
		t.Fatal(err)
	}
	if out, err := passeur(t, "non\n", "erase", "0639981234"); err == nil || !strings.Contains(err.Error(), "rien n'a été effacé") {
		t.Errorf("erase refused by its user: %v\n%s", err, out)
	}
	if out, err := passeur(t, "oui\n", "erase", "0639981234"); err != nil || !strings.Contains(out, "1 personne") {
		t.Errorf("erase: %v\n%s", err, out)
	}
	if out, err := passeur(t, "", "export", "06 39 98 12 34"); err == nil || !strings.Contains(err.Error(), "pas connu") {
		t.Errorf("export after erase: %v\n%s", err, out)
	}
	h, r := testHouse(t, "passeur.db")
	for _, kind := range []string{"rdv", "thread"} {
		if left, err := h.store.Find(t.Context(), bot.Query{Kind: kind}); err != nil || len(left) > 0 {
			t.Errorf("%d records of kind %s tell of her still (%v)", len(left), kind, err)
		}
	}
	if _, err := h.scheduler.Step(t.Context(), time.Date(2026, 12, 5, 12, 0, 0, 0, time.UTC)); err != nil || strings.Contains(r.texts(), "sms:") {
		t.Errorf("messages left after the erasure (%v):\n%s", err, r.texts())
	}
}

// TestGeneralPauseHoldsReminders: through a pause and its end, a reminder leaves once, and an answer at once.
func TestGeneralPauseHoldsReminders(t *testing.T) {
	h, r := testHouse(t, filepath.Join(t.TempDir(), "p.db"))
	book(t, h)
	at := time.Date(2026, 12, 3, 17, 0, 0, 0, time.UTC) // 18h, the day before
	hold := func(on, changes bool) {
		if changed, err := h.bot.SetPaused(t.Context(), "sms", on, at); err != nil || changed != changes {
			t.Fatalf("hold %v: changed %v, %v", on, changed, err)
		}
	}
	step := func(now time.Time) {
		if _, err := h.scheduler.Step(t.Context(), now); err != nil {
			t.Fatal(err)
		}
	}
	hold(true, true)
	hold(true, false)
	step(at)
	if _, err := h.bot.Hear(t.Context(), bot.Event{ID: "s1", At: at, From: "sms:+33639981234", Role: bot.Usager, Text: "QUI"}); err != nil {
		t.Fatal(err)
	}
	step(at.Add(time.Minute))
	if got := r.texts(); strings.Contains(got, "Vous venez ?") || !strings.Contains(got, "Ici Passeur") {
		t.Errorf("in the pause:\n%s", got)
	}
	at = at.Add(10 * time.Minute)
	hold(false, true)
	hold(false, false)
	for i := range 3 {
		step(at.Add(time.Duration(i) * time.Minute))
	}
	if got := strings.Count(r.texts(), "Vous venez ?"); got != 1 {
		t.Errorf("after it the reminder left %d times:\n%s", got, r.texts())
	}
}

// TestEraseWhileServing: the command speaks to the running bot over its socket.
func TestEraseWhileServing(t *testing.T) {
	t.Chdir(t.TempDir())
	h, _ := testHouse(t, "passeur.db")
	book(t, h)
	srv := &server{cfg: &config.Config{Database: "passeur.db"}, house: h, log: quiet()}
	l, err := srv.openControl()
	if err != nil {
		t.Fatal(err)
	}
	if info, err := os.Stat("passeur.db.sock"); err != nil || info.Mode().Perm() != 0o600 {
		t.Errorf("the socket's mode is %v (%v)", info.Mode(), err)
	}
	ctx, cancel := context.WithCancel(t.Context())
	stopped := make(chan error, 1)
	go func() { stopped <- serveUntil(ctx, srv.controlServer(), l) }()
	if out, err := passeur(t, "", "erase", "--yes", "06 39 98 12 34"); err != nil || !strings.Contains(out, "1 personne") {
		t.Errorf("erase: %v\n%s", err, out)
	}
	if out, err := passeur(t, "", "retry"); err != nil || !strings.Contains(out, "0 événement") {
		t.Errorf("retry: %v\n%s", err, out)
	}
	if out, err := passeur(t, "", "status"); err != nil || !strings.Contains(out, "Appels refusés faute de preuve depuis le démarrage : 0.") {
		t.Errorf("status: %v\n%s", err, out)
	}
	cancel()
	if err := <-stopped; err != nil {
		t.Error(err)
	}
	if out, err := passeur(t, "", "status"); err != nil || !strings.Contains(out, "Le robot ne tourne pas") {
		t.Errorf("status of a stopped bot: %v\n%s", err, out)
	}
}

func TestCommandsSpeakPlainly(t *testing.T) {
	dir := t.TempDir()
	t.Chdir(dir)
	write := func(name, text string) string {
		if err := os.WriteFile(name, []byte(text), 0o600); err != nil {
			t.Fatal(err)
		}
		return name
	}
	write("photo.db", "JPEG, not a database at all, but long enough to look like a file")
	cases := []struct {
		name string
		args []string
		want string
	}{
		{"typo in the settings", []string{"-c", write("p.yaml", "mattermots:\n  url: https://x.example\n"), "check"}, "mattermost"},
		{"not ours", []string{"-c", write("q.yaml", "database: photo.db\n"), "serve"}, "n'est pas celle de Passeur"},
		{"no such command", []string{"chanter"}, "passeur --help"},
		{"short number", []string{"export", "06 12 34 56 7"}, "trop court"},
		{"two numbers", []string{"export", "06 39 98 12 34 06 39 98 56 78"}, "06 39 98 12 34"},
		{"port taken", []string{"demo", "--addr", "256.0.0.1:1"}, "--addr"},
	}
	for _, c := range cases {
		t.Run(c.name, func(t *testing.T) {
			out, err := passeur(t, "", c.args...)
			if err == nil || !strings.Contains(out+err.Error(), c.want) {
				t.Errorf("want a refusal that says %q, got %v\n%s", c.want, err, out)
			}
		})
	}
	if out, err := passeur(t, "", "segments", "Être à l'heure, ça compte…"); err != nil || !strings.Contains(out, "Etre à l'heure, ca compte...") || !strings.Contains(out, "GSM-7, 1 partie") {
		t.Errorf("segments: %v\n%s", err, out)
	}
	if out, err := passeur(t, "", "check"); err != nil || !strings.Contains(out, "sera créée") || !strings.Contains(out, "Mattermost : non réglé") {
		t.Errorf("check: %v\n%s", err, out)
	}
	if _, err := os.Stat("photo.db.lock"); err == nil {
		t.Error("a file that is not ours was locked")
	}
}

func TestInUse(t *testing.T) {
	t.Chdir(t.TempDir())
	testHouse(t, "passeur.db")
	out, err := passeur(t, "", "serve")
	if err == nil || !strings.Contains(err.Error(), "déjà utilisée") {
		t.Errorf("two writers: %v\n%s", err, out)
	}
	if out, err := passeur(t, "", "status"); err != nil || !strings.Contains(out, "EN ATTENTE") {
		t.Errorf("status beside a running bot: %v\n%s", err, out)
	}
}

// TestTextsAreTheOnesSaid: every text is said somewhere, whatever is said has a text, and no text shames anybody.
func TestTextsAreTheOnesSaid(t *testing.T) {
	all, err := config.Texts()
	if err != nil {
		t.Fatal(err)
	}
	texts, code := all["fr"], sources(t, "bot/*.go")+sources(t, "adapters/mattermost/*.go")
	for key, variants := range texts {
		if !saidIn(code, key) {
			t.Errorf("nothing says the text %q", key)
		}
		for _, v := range variants {
			if regexp.MustCompile(`(?i)\brsa\b`).MatchString(v) {
				t.Errorf("the text %q names the RSA", key)
			}
		}
	}
	said := regexp.MustCompile(`\.(?:Reply|say|phoned|notify|inform|tellOwners)\([^()"{]*"([a-z][a-zé.-]+[a-z])"`)
	keys := append(said.FindAllStringSubmatch(code, -1), regexp.MustCompile(`(?:(?:Help|Plan|Title): |answering\()"([^"]+)"`).FindAllStringSubmatch(code, -1)...)
	keys = append(keys, regexp.MustCompile(`"(mattermost\.[a-z-]+)"`).FindAllStringSubmatch(code, -1)...)
	if len(keys) < 30 {
		t.Fatalf("only %d texts are said: the pattern is out of date", len(keys))
	}
	for _, m := range keys {
		if _, ok := texts[m[1]]; !ok {
			t.Errorf("%q is said and has no text", m[1])
		}
	}
}

// TestEnglishIsWhole: whatever somebody reads has an English text, with the values and filters of the French one.
func TestEnglishIsWhole(t *testing.T) {
	all := textsOfForms(t)
	french, english := all["fr"], all["en"]
	for key, variants := range french {
		if strings.HasPrefix(key, "form.") && strings.HasSuffix(key, ".example") || strings.HasPrefix(key, "prevu.") {
			continue // what one types is French, and so is what the operator reads
		}
		if _, ok := english[key]; !ok {
			t.Errorf("%q is not in English", key)
		} else if slots(english[key]) != slots(variants) {
			t.Errorf("%q has %s in French and %s in English", key, slots(variants), slots(english[key]))
		}
	}
	for key := range english {
		if _, ok := french[key]; !ok {
			t.Errorf("%q is English and not French", key)
		}
	}
}

// slots are the values that a text is filled with, once each. Which words agree with a number, or with a name, is each language's own affair.
func slots(variants []string) string {
	text := regexp.MustCompile(`\{([^}|]+)\|(?:[^}/]*/[^}]*|de(?:-gras)?)\}`).ReplaceAllString(strings.Join(variants, " "), "{$1}")
	found := regexp.MustCompile(`\{[^}]*\}`).FindAllString(text, -1)
	slices.Sort(found)
	return strings.Join(slices.Compact(found), " ")
}

// saidIn finds a key in the code: whole, without the ending that names a variant, or as the fixed beginning of a key
// that is put together.
func saidIn(code, key string) bool {
	base := key
	for _, variant := range []string{".muet", ".tel", ".visite", ".ligne", ".plus-tard", ".en-pause"} {
		base = strings.TrimSuffix(base, variant)
	}
	candidates := []string{base}
	for i, r := range base {
		if r == '.' {
			candidates = append(candidates, base[:i+1])
		}
	}
	return slices.ContainsFunc(candidates, func(c string) bool { return strings.Contains(code, strconv.Quote(c)) })
}

func sources(t *testing.T, pattern string) string {
	t.Helper()
	files, _ := filepath.Glob(pattern)
	var all strings.Builder
	for _, file := range files {
		if strings.HasSuffix(file, "_test.go") {
			continue
		}
		raw, err := os.ReadFile(file)
		if err != nil {
			t.Fatal(err)
		}
		all.Write(raw)
	}
	return all.String()
}
