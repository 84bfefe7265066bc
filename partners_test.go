package main

import (
	"bytes"
	"fmt"
	"io"
	"net/http"
	"net/http/httptest"
	"os"
	"path/filepath"
	"regexp"
	"strings"
	"testing"
	"time"

	"github.com/chromedp/chromedp"
	"github.com/chromedp/chromedp/kb"

	"passeur/bot"
	"passeur/config"
	"passeur/e2e/peers"
	"passeur/intents"
)

// orientation is the link of a partner's form, below the public address of tests.
var orientation = regexp.MustCompile(`https://passeur\.exemple\.fr(/orientation/\S+)`)

// newPartner has a coordinator give a structure a code, and returns what she is answered.
func (s *server) newPartner(t *testing.T, at time.Time) string {
	t.Helper()
	s.asks(t, "Marie Lecomte", "bonjour", at)
	sylvie := bot.Event{ID: "sylvie", At: at, From: "mattermost:u-sylvie", Role: bot.Coordinateur, Intent: bot.MemberIntent,
		Values: map[string]string{"name": "Sylvie Aubert", "territories": "50"}}
	asked := bot.Event{ID: "asked", At: at, From: sylvie.From, Role: bot.Coordinateur, Text: "nouveau prescripteur CCAS de Périers pour Marie Lecomte, mairie de Périers",
		Values: map[string]string{"name": "Sylvie Aubert"}}
	heard(t, s.house, sylvie, asked)
	return s.answered(t, asked, at)
}

// answered is what somebody is answered to an event.
func (s *server) answered(t *testing.T, e bot.Event, at time.Time) string {
	t.Helper()
	tasks, err := everyTask(t.Context(), s.house.store, personAt(t, s.house, e.From))
	if err != nil {
		t.Fatal(err)
	}
	var said []string
	for _, r := range tasks {
		_, what, err := s.house.bot.Explain(t.Context(), r.Task, at)
		if err != nil {
			t.Fatal(err)
		}
		said = append(said, what)
	}
	return strings.Join(said, "\n")
}

// listens waits until the form of a link is heard: nothing stands in it, so that nothing is kept.
func listens(t *testing.T, web *httptest.Server, link string) {
	t.Helper()
	peers.Until(t, 15*time.Second, "", func() error {
		res, err := web.Client().PostForm(web.URL+link, nil)
		if err != nil {
			return err
		}
		_ = res.Body.Close()
		if res.StatusCode != http.StatusUnprocessableEntity {
			return fmt.Errorf("answered %s", res.Status)
		}
		return nil
	})
}

// TestAPartnersForm: the link that a coordinator gives opens a form; what is sent waits for the counsellor; a link that is revoked, or was
// made without the key, opens nothing.
func TestAPartnersForm(t *testing.T) {
	day := time.Date(2026, 12, 1, 9, 0, 0, 0, time.UTC)
	srv, web := outsideServerAt(t, func() time.Time { return day }, "PASSEUR_PUBLIC_URL=https://passeur.exemple.fr")
	link := orientation.FindStringSubmatch(srv.newPartner(t, day))
	if link == nil {
		t.Fatal("no link")
	}
	listens(t, web, link[1])
	page, status := fetchFeed(t, web, link[1])
	draw := regexp.MustCompile(`value="([0-9a-f]{32})"`).FindStringSubmatch(page)
	if status != http.StatusOK || draw == nil || !strings.Contains(page, "CCAS de Périers") {
		t.Fatalf("%d\n%s", status, page)
	}
	values := map[string][]string{"tirage": {draw[1]}, "telephone": {"06 39 98 12 34"}, "prenom": {"Jeanne"}, "commune": {"Périers"}, "informee": {"oui"}}
	for range 2 {
		res, err := web.Client().PostForm(web.URL+link[1], values)
		if err != nil {
			t.Fatal(err)
		}
		body, _ := io.ReadAll(res.Body)
		_ = res.Body.Close()
		if res.StatusCode != http.StatusOK {
			t.Fatalf("%s\n%s", res.Status, body)
		}
	}
	said := srv.asks(t, "Marie Lecomte", "prescriptions", day.Add(time.Minute))
	if strings.Count(said, "Jeanne") != 1 || strings.Contains(said, "98 12 34") {
		t.Errorf("%s", said)
	}
	wrong := link[1][:len("/orientation/")] + strings.Repeat("A", proofLength) + link[1][len("/orientation/")+proofLength:]
	if _, status := fetchFeed(t, web, wrong); status != http.StatusNotFound {
		t.Errorf("a guessed link: %d", status)
	}
	revoked := bot.Event{At: day, From: "mattermost:u-sylvie", Role: bot.Coordinateur, Values: map[string]string{"name": "Sylvie Aubert"}}
	for _, text := range []string{"prescripteurs", "retirer prescripteur 1"} {
		revoked.ID, revoked.Text = text, text
		heard(t, srv.house, revoked)
	}
	if _, status := fetchFeed(t, web, link[1]); status != http.StatusNotFound {
		t.Errorf("a revoked link: %d", status)
	}
	contains(t, strings.Join(srv.told(), "\n"), "Formulaires des prescripteurs : 2 visite(s)")
}

// TestTheSenderOfALineIsForgotten: the number of a partner's line is kept until the next sweep, however many lines it sends.
func TestTheSenderOfALineIsForgotten(t *testing.T) {
	day := time.Date(2026, 12, 1, 9, 0, 0, 0, time.UTC)
	srv, _ := outsideServerAt(t, func() time.Time { return day })
	code := regexp.MustCompile(`\*\*([A-Z0-9]{6})\*\*`).FindStringSubmatch(srv.newPartner(t, day))
	if code == nil {
		t.Fatal("no code")
	}
	sender := bot.Event{At: day, From: "sms:+33639980077", Role: bot.Usager}
	for i, text := range []string{"06 39 98 12 34 Jeanne Périers oui", "06 39 98 12 34 Jeanne Périers oui", "06 39 98 56 78 Paul Lessay oui"} {
		sender.ID, sender.Text = text+strings.Repeat("!", i), "ORIENTE "+code[1]+" "+text
		heard(t, srv.house, sender)
	}
	contains(t, srv.answered(t, sender, day), "Merci. Marie Lecomte confirme, puis Paul reçoit un SMS.")
	if _, err := srv.house.store.Sweep(t.Context(), day.Add(18*time.Hour)); err != nil {
		t.Fatal(err)
	}
	if left, err := bot.PeopleAt(t.Context(), srv.house.store, sender.From); err != nil || len(left) > 0 {
		t.Errorf("%v are left, %v", left, err)
	}
}

// TestWhoWaitsIsErased: when somebody who was referred erases herself, nothing that is kept names her any more, news of her included; before
// that her data is what export gives.
func TestWhoWaitsIsErased(t *testing.T) {
	day := time.Date(2026, 12, 1, 9, 0, 0, 0, time.UTC)
	srv, _ := outsideServerAt(t, func() time.Time { return day })
	code := regexp.MustCompile(`\*\*([A-Z0-9]{6})\*\*`).FindStringSubmatch(srv.newPartner(t, day))
	line := bot.Event{ID: "line", At: day, From: "sms:+33639980077", Role: bot.Usager, Text: "ORIENTE " + code[1] + " 06 39 98 12 34 Zénobie Périers oui"}
	heard(t, srv.house, line)
	counsellor := personAt(t, srv.house, "mattermost:u-marie")
	told := func() (said string) {
		tasks, err := everyTask(t.Context(), srv.house.store, counsellor)
		if err != nil {
			t.Fatal(err)
		}
		for _, r := range tasks {
			if r.Message != nil {
				said += fmt.Sprint(r.Message.Args)
			}
		}
		return said
	}
	contains(t, told(), "Zénobie")
	var out bytes.Buffer
	if err := exportNumber(t.Context(), &out, srv.house.store, "+33639981234"); err != nil {
		t.Fatal(err)
	}
	contains(t, out.String(), "Zénobie", "CCAS de Périers")
	if _, err := srv.house.bot.Erase(t.Context(), "sms:+33639981234", day); err != nil {
		t.Fatal(err)
	}
	waiting, err := srv.house.store.Find(t.Context(), bot.Query{Kind: "referral"})
	if err != nil || len(waiting) > 0 || strings.Contains(told(), "Zénobie") {
		t.Errorf("%d wait, %v: %s", len(waiting), err, told())
	}
}

// TestTheFormInChromium: with the keyboard alone, what is wrong is shown and mended; nothing comes from elsewhere.
func TestTheFormInChromium(t *testing.T) {
	srv, web := outsideServer(t, "PASSEUR_PUBLIC_URL=https://passeur.exemple.fr")
	link := orientation.FindStringSubmatch(srv.newPartner(t, time.Now()))
	listens(t, web, link[1])
	b := openChromium(t)
	b.do(chromedp.EmulateViewport(360, 1150, chromedp.EmulateScale(2)), chromedp.Navigate(web.URL+link[1]))
	b.seesPage("Orienter une personne")
	b.keepPicture("form.png")
	b.reach("#telephone")
	b.do(chromedp.KeyEvent("02 33 00 00 00"))
	b.reach("#commune")
	b.do(chromedp.KeyEvent("Rennes"), chromedp.KeyEvent(kb.Enter))
	b.seesPage("Rien n'est encore envoyé", "fixe", "prénom", "commune", "d'accord")
	b.keepPicture("wrong.png")
	if got := of[string](b, "document.activeElement.id + ' ' + document.title"); !strings.HasPrefix(got, "telephone À corriger") {
		t.Errorf("the focus is on %s", got)
	}
	for _, script := range []string{
		`[...document.querySelectorAll("input:not([type=hidden])")].filter((i) => i.labels.length !== 1).length`,
		`Math.max(0, document.documentElement.scrollWidth - innerWidth)`,
		`document.cookie.length + document.scripts.length + document.querySelectorAll("link, img, iframe").length`,
		`[...document.querySelectorAll("input:not([type=hidden]):not([type=radio]), button, .choice")].filter((e) => e.getBoundingClientRect().height < 44).length`,
	} {
		if n := of[int](b, script); n != 0 {
			t.Errorf("%s: %d", script, n)
		}
	}
	b.do(chromedp.Evaluate[chromedp.Void](`document.activeElement.select()`))
	b.do(chromedp.KeyEvent("06 39 98 12 34"))
	b.reach("#prenom")
	b.do(chromedp.KeyEvent("Jeanne"))
	b.reach("#commune")
	b.do(chromedp.Evaluate[chromedp.Void](`document.activeElement.select()`), chromedp.KeyEvent("Périers"))
	b.reach("input[value=oui]")
	b.do(chromedp.KeyEvent(" "))
	b.reach("button")
	b.do(chromedp.KeyEvent(kb.Enter))
	b.seesPage("Marie Lecomte confirme, puis Jeanne reçoit un SMS")
	b.keepPicture("done.png")
	b.mu.Lock()
	defer b.mu.Unlock()
	for _, asked := range b.asked {
		if !strings.HasPrefix(asked, web.URL+"/") {
			t.Errorf("the page asked for %s", asked)
		}
	}
}

// seesPage waits until the page, which may just be leaving, shows all the words.
func (b *chromium) seesPage(words ...string) {
	b.t.Helper()
	peers.Until(b.t, 20*time.Second, "", func() error {
		shown := strings.Join(strings.Fields(of[string](b, `document.body?.innerText ?? ""`)), " ")
		for _, w := range words {
			if !strings.Contains(shown, w) {
				return fmt.Errorf("%q does not stand in %s", w, shown)
			}
		}
		return nil
	})
}

// keepPicture keeps what the window shows in the folder that PICTURES names, if it names one.
func (b *chromium) keepPicture(name string) {
	b.t.Helper()
	folder := os.Getenv("PICTURES")
	if folder == "" {
		return
	}
	shown, err := chromedp.Run(b.ctx, chromedp.CaptureScreenshot())
	if err != nil {
		b.t.Fatal(err)
	}
	if err := os.WriteFile(filepath.Join(folder, name), shown, 0o644); err != nil {
		b.t.Fatal(err)
	}
}

func TestCheckOfPartners(t *testing.T) {
	for address, want := range map[string]string{
		"":                            "! Prescripteurs : sans public_url",
		"http://127.0.0.1:8080":       "! Prescripteurs : les liens de leurs formulaires ne s'ouvriront que sur cette machine",
		"https://passeur.exemple.fr/": "✓ Prescripteurs : leurs formulaires sont à https://passeur.exemple.fr/orientation/…",
	} {
		cfg, err := config.LoadEnviron("", []string{"PASSEUR_PUBLIC_URL=" + address}, checks()...)
		if err != nil {
			t.Fatal(err)
		}
		var out bytes.Buffer
		probePartners(t.Context(), &report{out: &out}, cfg, nil)
		contains(t, out.String(), want)
	}
}

// FuzzPartnerSecrets: codes are of the letters of codes and depend on key, partner and number; a token is of one partner and one key.
func FuzzPartnerSecrets(f *testing.F) {
	f.Add([]byte("0123456789abcdef0123456789abcdef"), "o59887b009764", 0)
	f.Fuzz(func(t *testing.T, key []byte, partner string, n int) {
		of := partnerCodes(func() []byte { return key })
		code := of(partner, n)
		if len(code) != intents.CodeLength || strings.Trim(code, intents.CodeLetters) != "" || code != of(partner, n) {
			t.Errorf("the code %q", code)
		}
		token := partnerToken(key, partner)
		if token[proofLength:] != partner || token[:proofLength] == partnerToken(append(key, 1), partner)[:proofLength] || token[:proofLength] == partnerToken(key, partner+"x")[:proofLength] {
			t.Errorf("the token %q", token)
		}
	})
}
