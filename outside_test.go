package main

import (
	"bytes"
	"context"
	"crypto/hmac"
	"crypto/sha256"
	"encoding/hex"
	"fmt"
	"io"
	"net/http"
	"net/http/httptest"
	"os"
	"path/filepath"
	"regexp"
	"slices"
	"strings"
	"testing"
	"time"

	"passeur/adapters/ical"
	"passeur/bot"
	"passeur/config"
	"passeur/e2e/peers"
	"passeur/store"
)

// outsideServer is a running server with these settings on a database of its own, and what it serves.
func outsideServer(t *testing.T, environ ...string) (*server, *httptest.Server) {
	t.Helper()
	return outsideServerAt(t, time.Now, environ...)
}

func outsideServerAt(t *testing.T, clock func() time.Time, environ ...string) (*server, *httptest.Server) {
	t.Helper()
	file := filepath.Join(t.TempDir(), "passeur.db")
	environ = append(environ, "PASSEUR_DATABASE="+file, "PASSEUR_LISTEN="+peers.Addr(peers.FreePort(t)), "PASSEUR_TERRITORIES=50")
	cfg, err := config.LoadEnviron("", environ, checks()...)
	if err != nil {
		t.Fatal(err)
	}
	db, err := store.Open(t.Context(), file, store.Options{Volatile: true})
	if err != nil {
		t.Fatal(err)
	}
	srv, err := newServer(cfg, db, streams{out: io.Discard}, quiet())
	if err != nil {
		t.Fatal(err)
	}
	srv.clock = clock
	web := httptest.NewServer(srv.handler())
	ctx, cancel := context.WithCancel(context.Background())
	ended := make(chan error, 1)
	go func() { ended <- srv.run(ctx) }()
	t.Cleanup(func() {
		web.Close()
		cancel()
		if err := <-ended; err != nil {
			t.Errorf("the server ended with %v", err)
		}
		if err := db.Close(); err != nil {
			t.Error(err)
		}
	})
	return srv, web
}

// fromPro is what a counsellor writes; the id of the event is made of her words and the moment.
func fromPro(name, text string, at time.Time) bot.Event {
	return bot.Event{ID: fmt.Sprint(name, "/", text, "/", at.UnixNano()), At: at, From: bot.Address("mattermost:u-" + strings.ToLower(strings.Fields(name)[0])), Role: bot.Conseiller, Text: text,
		Values: map[string]string{"name": name}}
}

// asks has a counsellor say something, and returns what she is answered to it.
func (s *server) asks(t *testing.T, name, text string, at time.Time) string {
	t.Helper()
	e := fromPro(name, text, at)
	if _, err := s.house.bot.Hear(t.Context(), e); err != nil {
		t.Fatal(err)
	}
	persons, err := bot.PeopleAt(t.Context(), s.house.store, e.From)
	if err != nil || len(persons) != 1 {
		t.Fatalf("%v, %v", persons, err)
	}
	tasks, err := everyTask(t.Context(), s.house.store, persons[0])
	if err != nil {
		t.Fatal(err)
	}
	var said []string
	for _, r := range tasks {
		if !strings.HasPrefix(r.Key, e.ID+"/") {
			continue
		}
		_, what, err := s.house.bot.Explain(t.Context(), r.Task, at)
		if err != nil {
			t.Fatal(err)
		}
		said = append(said, what)
	}
	return strings.Join(said, "\n")
}

// TestAnAppointmentOfRDVServicePublic: the service's own call, signed, reaches `mes rdv` of the counsellor whom it names.
func TestAnAppointmentOfRDVServicePublic(t *testing.T) {
	body, day := goldenCall(t)
	srv, web := outsideServer(t, "PASSEUR_RDV_SECRET=s3cret-demo", "PASSEUR_RDV_ORGANISATIONS=7")
	srv.asks(t, "Dominique Exemple", "bonjour", day)
	if err := callWebhook(web, body, "another secret"); err == nil || !strings.Contains(err.Error(), "403") {
		t.Errorf("a forged call: %v", err)
	}
	for range 2 { // the service repeats itself; and is told to, while nobody listens yet
		peers.Until(t, 15*time.Second, "", func() error { return callWebhook(web, body, "s3cret-demo") })
	}
	contains(t, srv.asks(t, "Dominique Exemple", "mes rdv", day.Add(time.Minute)), "10h30 · **Camille F.** · Médiathèque Exemple")
	var out bytes.Buffer
	printRunning(t.Context(), &out, srv.cfg)
	contains(t, out.String(), "Appels refusés faute de preuve depuis le démarrage : 1.")
}

// goldenCall is the example of a call, about a day to come: what is over is no news. day is now.
func goldenCall(t *testing.T) (body []byte, day time.Time) {
	t.Helper()
	body, err := os.ReadFile("adapters/rdv/testdata/webhook.json")
	if err != nil {
		t.Fatal(err)
	}
	day = time.Now()
	for _, at := range []string{"10:30:00", "11:30:00"} { // with the offset of that day
		soon, err := time.ParseInLocation(time.DateTime, day.AddDate(0, 0, 2).Format(time.DateOnly)+" "+at, paris(t))
		if err != nil {
			t.Fatal(err)
		}
		body = bytes.ReplaceAll(body, []byte("2026-10-14 "+at+" +0200"), []byte(soon.Format("2006-01-02 15:04:05 -0700")))
	}
	return body, day
}

// callWebhook posts a call as RDV Service Public does; its error is an answer that is not 200.
func callWebhook(web *httptest.Server, body []byte, secret string) error {
	mac := hmac.New(sha256.New, []byte(secret))
	mac.Write(body)
	req, err := http.NewRequest(http.MethodPost, web.URL+"/rdv/webhook", bytes.NewReader(body))
	if err != nil {
		return err
	}
	req.Header.Set("X-Lapin-Signature", hex.EncodeToString(mac.Sum(nil)))
	res, err := web.Client().Do(req)
	if err != nil {
		return err
	}
	defer res.Body.Close()
	if res.StatusCode != http.StatusOK {
		return fmt.Errorf("answered %s", res.Status)
	}
	return nil
}

// TestWhatCamilleAnswersIsReportedBack: with report_back her "non" reaches the service, by a token that was replaced on the disk.
func TestWhatCamilleAnswersIsReportedBack(t *testing.T) {
	body, day := goldenCall(t)
	written := make(chan string, 10)
	service := httptest.NewServer(http.HandlerFunc(func(w http.ResponseWriter, r *http.Request) {
		w.Header().Set("Content-Type", "application/json")
		said, _ := io.ReadAll(r.Body)
		switch {
		case r.URL.Path == "/oauth/token":
			_, _ = io.WriteString(w, `{"access_token":"a","token_type":"Bearer","expires_in":7200,"refresh_token":"second"}`)
		case r.Method == http.MethodPatch:
			written <- r.URL.Path + " " + string(said)
			_, _ = io.WriteString(w, `{}`)
		default:
			_, _ = io.WriteString(w, `{"rdvs":[],"meta":{"current_page":1,"next_page":null}}`)
		}
	}))
	t.Cleanup(service.Close)
	token := filepath.Join(t.TempDir(), "jeton")
	if err := os.WriteFile(token, []byte("first\n"), 0o600); err != nil {
		t.Fatal(err)
	}
	srv, web := outsideServer(t, "PASSEUR_RDV_SECRET=s3cret-demo", "PASSEUR_RDV_API="+service.URL, "PASSEUR_RDV_CLIENT_ID=app", "PASSEUR_RDV_CLIENT_SECRET=mot",
		"PASSEUR_RDV_TOKENS="+token, "PASSEUR_RDV_REPORT_BACK=true")
	srv.asks(t, "Dominique Exemple", "bonjour", day)
	peers.Until(t, 15*time.Second, "", func() error { return callWebhook(web, body, "s3cret-demo") })
	if _, err := srv.house.bot.Hear(t.Context(), bot.Event{ID: "camille", At: day, From: "sms:+33639980001", Role: bot.Usager, Text: "non"}); err != nil {
		t.Fatal(err)
	}
	select {
	case got := <-written:
		if got != `/api/v1/participations/777 {"participation":{"status":"excused"}}` {
			t.Error(got)
		}
	case <-time.After(15 * time.Second):
		t.Error("nothing was written")
	}
	if kept, err := os.ReadFile(token); err != nil || string(kept) != "second\n" {
		t.Errorf("the token is %q, %v", kept, err)
	}
}

// TestAnOrganisationThatIsNotHeard is left out, and status says so.
func TestAnOrganisationThatIsNotHeard(t *testing.T) {
	body, _ := goldenCall(t)
	srv, web := outsideServer(t, "PASSEUR_RDV_SECRET=s3cret-demo", "PASSEUR_RDV_ORGANISATIONS=8")
	if err := callWebhook(web, body, "s3cret-demo"); err != nil {
		t.Fatal(err)
	}
	contains(t, strings.Join(srv.told(), "\n"), "1 annonce(s) d'autres organisations")
}

// TestACounsellorSubscribesToHerCalendar: the link that she is given holds her appointments and permanences, and dies when she wants.
func TestACounsellorSubscribesToHerCalendar(t *testing.T) {
	day := time.Date(2026, 12, 1, 9, 0, 0, 0, time.UTC)
	srv, web := outsideServerAt(t, func() time.Time { return day }, "PASSEUR_PUBLIC_URL=https://passeur.exemple.fr")
	at := day
	say := func(text string) string { at = at.Add(time.Second); return srv.asks(t, "Marie Lecomte", text, at) }
	for _, text := range []string{"rdv 06 39 98 12 34 Jeanne vendredi 4 décembre 10h mairie de Coutances", "oui",
		"rdv 06 39 98 56 78 Ahmed lundi 7 décembre 10h mairie de Coutances", "oui", "annuler Ahmed", "oui",
		"permanence tous les mardis 14h-17h mairie de Périers", "oui", "annuler permanence mardi 8 décembre", "oui"} {
		say(text)
	}
	link := regexp.MustCompile(`https://passeur\.exemple\.fr(/ical/\S+\.ics)`)
	first := link.FindStringSubmatch(say("mon calendrier"))
	if first == nil {
		t.Fatal("no link")
	}
	feed, status := fetchFeed(t, web, first[1])
	if status != http.StatusOK || strings.Contains(feed, "39981234") || !strings.Contains(feed, "X-WR-CALNAME:Passeur\\, Marie Lecomte") {
		t.Fatalf("%d\n%s", status, feed)
	}
	checkFeed(t, feed, at)
	if again, _ := fetchFeed(t, web, first[1]); again != feed {
		t.Error("the feed changed by itself")
	}
	second := link.FindStringSubmatch(say("nouveau lien calendrier"))
	if _, status := fetchFeed(t, web, first[1]); status != http.StatusNotFound {
		t.Errorf("the old link: %d", status)
	}
	if again, status := fetchFeed(t, web, second[1]); status != http.StatusOK || again != feed {
		t.Errorf("the new link: %d\n%s", status, again)
	}
	left := fromPro("Marie Lecomte", "", at.Add(time.Minute))
	left.Role, left.Intent = bot.Anyone, bot.MemberIntent
	if _, err := srv.house.bot.Hear(t.Context(), left); err != nil {
		t.Fatal(err)
	}
	if _, status := fetchFeed(t, web, second[1]); status != http.StatusNotFound {
		t.Errorf("who left: %d", status)
	}
}

func fetchFeed(t *testing.T, web *httptest.Server, path string) (string, int) {
	t.Helper()
	res, err := web.Client().Get(web.URL + path)
	if err != nil {
		t.Fatal(err)
	}
	defer res.Body.Close()
	body, err := io.ReadAll(res.Body)
	if err != nil {
		t.Fatal(err)
	}
	return string(body), res.StatusCode
}

// checkFeed reads back what was written.
func checkFeed(t *testing.T, feed string, at time.Time) {
	t.Helper()
	entries, problems, err := ical.Parse(strings.NewReader(feed), at, paris(t))
	if err != nil || len(problems) > 0 {
		t.Fatalf("%v %v\n%s", err, problems, feed)
	}
	var got []string
	uids := map[string]bool{}
	for _, e := range entries {
		state := ""
		if e.Gone {
			state = " annulé"
		}
		got = append(got, fmt.Sprintf("%s %s, %s, %s%s", e.Start.Format("2006-01-02 15:04"), e.End.Format("15:04"), e.Summary, e.Location, state))
		if uids[e.UID] || e.Zone != "Europe/Paris" {
			t.Errorf("%s twice, or of the zone %s", e.UID, e.Zone)
		}
		uids[e.UID] = true
	}
	for _, want := range []string{"2026-12-04 10:00 11:00, RDV Jeanne, mairie de Coutances", "2026-12-07 10:00 11:00, RDV Ahmed, mairie de Coutances annulé",
		"2026-12-01 14:00 17:00, Permanence, mairie de Périers, mairie de Périers", "2027-02-23 14:00 17:00, Permanence, mairie de Périers, mairie de Périers"} {
		if !slices.Contains(got, want) {
			t.Errorf("no %q in\n%s", want, strings.Join(got, "\n"))
		}
	}
	if said := strings.Join(got, "\n"); strings.Contains(said, "2026-12-08") || strings.Contains(said, "2027-03-02") || len(got) != 2+12 {
		t.Errorf("%d entries:\n%s", len(got), said)
	}
	if !strings.Contains(feed, "-2026-12-15@passeur") {
		t.Errorf("no stable name of a session:\n%s", feed)
	}
}

// TestASubscribedCalendarIsRead: status says how that goes.
func TestASubscribedCalendarIsRead(t *testing.T) {
	calendars := calendarsServer(t)
	srv, _ := outsideServer(t, "PASSEUR_CALENDARS=marie url="+calendars.URL+"/s3cret.ics owner=Marie Lecomte, perdu url="+calendars.URL+"/s3cret-perdu.ics owner=Paul")
	peers.Until(t, 15*time.Second, "", func() error {
		said := strings.Join(srv.told(), "\n")
		if !strings.Contains(said, "Agenda marie : lu le ") || !strings.Contains(said, ", 1 entrée(s) à venir, 1 remarque(s) que « passeur check » détaille.") ||
			!strings.Contains(said, "Agenda perdu : lu jamais encore, 0 entrée(s) à venir. ⚠ l'agenda n'existe plus à cette adresse (404)") || strings.Contains(said, "s3cret") {
			return fmt.Errorf("%s", said)
		}
		return nil
	})
}

// calendarsServer serves a calendar with an entry that makes sense and one that does not.
func calendarsServer(t *testing.T) *httptest.Server {
	t.Helper()
	const feed = "BEGIN:VCALENDAR\r\nVERSION:2.0\r\nPRODID:-//Exemple//FR\r\n" +
		"BEGIN:VEVENT\r\nUID:a\r\nDTSTAMP:20261101T090000Z\r\nDTSTART;TZID=Europe/Paris:20991201T140000\r\nDTEND;TZID=Europe/Paris:20991201T170000\r\nSUMMARY:Permanence\r\nEND:VEVENT\r\n" +
		"BEGIN:VEVENT\r\nUID:b\r\nDTSTAMP:20261101T090000Z\r\nDTSTART;TZID=Nulle/Part:20991202T140000\r\nSUMMARY:Autre\r\nEND:VEVENT\r\nEND:VCALENDAR\r\n"
	s := httptest.NewServer(http.HandlerFunc(func(w http.ResponseWriter, r *http.Request) {
		if r.URL.Path != "/s3cret.ics" {
			http.NotFound(w, r)
			return
		}
		w.Header().Set("Content-Type", "text/calendar; charset=utf-8")
		_, _ = io.WriteString(w, feed)
	}))
	t.Cleanup(s.Close)
	return s
}

func TestOutsideSettings(t *testing.T) {
	api := []string{"PASSEUR_RDV_API=https://rdv.exemple.fr", "PASSEUR_RDV_CLIENT_ID=app", "PASSEUR_RDV_CLIENT_SECRET=mot", "PASSEUR_RDV_TOKENS=jeton"}
	for name, c := range map[string]struct {
		environ []string
		want    string // "": nothing is wrong
	}{
		"nothing":         {nil, ""},
		"webhook":         {[]string{"PASSEUR_RDV_SECRET=s3cret-demo"}, ""},
		"api":             {api, ""},
		"half":            {[]string{"PASSEUR_RDV_ORGANISATIONS=7"}, "rdv.secret : ce réglage manque : recopiez le secret"},
		"short":           {[]string{"PASSEUR_RDV_SECRET=court"}, "PASSEUR_RDV_SECRET : il faut au moins 8 caractères"},
		"organisation":    {[]string{"PASSEUR_RDV_SECRET=s3cret-demo", "PASSEUR_RDV_ORGANISATIONS=CCAS de Villefictive"}, "PASSEUR_RDV_ORGANISATIONS : « CCAS de Villefictive » n'est pas le numéro"},
		"no access":       {api[:1], "rdv.client_id : ce réglage manque"},
		"no key":          {api[:2], "rdv.client_secret : ce réglage manque"},
		"no token":        {api[:3], "rdv.tokens : il faut un fichier"},
		"not https":       {append([]string{"PASSEUR_RDV_API=http://rdv.exemple.fr"}, api[1:]...), "PASSEUR_RDV_API : il faut l'adresse du service, en https"},
		"calendar":        {[]string{"PASSEUR_CALENDARS=a url=webcal://agenda.exemple.fr/a.ics owner=Marie"}, ""},
		"no real address": {[]string{"PASSEUR_CALENDARS=a url=ftp://s3cret.exemple.fr owner=Marie"}, "PASSEUR_CALENDARS : agenda « a » : l'adresse doit commencer par https://"},
	} {
		t.Run(name, func(t *testing.T) {
			_, err := config.LoadEnviron("", c.environ, checks()...)
			switch {
			case c.want == "" && err != nil:
				t.Error(err)
			case c.want != "" && (err == nil || !strings.Contains(err.Error(), c.want) || strings.Contains(err.Error(), "s3cret.exemple")):
				t.Errorf("%v, want %q", err, c.want)
			}
		})
	}
}

// TestCheckOfOtherTools: what `passeur check` says of RDV Service Public and of calendars.
func TestCheckOfOtherTools(t *testing.T) {
	dir := t.TempDir()
	token := filepath.Join(dir, "jeton")
	if err := os.WriteFile(token, []byte("refresh\n"), 0o600); err != nil {
		t.Fatal(err)
	}
	calendars := calendarsServer(t)
	webhook, at := "PASSEUR_RDV_SECRET=s3cret-demo", "PASSEUR_PUBLIC_URL=https://passeur.exemple.fr"
	api := []string{"PASSEUR_RDV_API=https://rdv.exemple.fr", "PASSEUR_RDV_CLIENT_ID=app", "PASSEUR_RDV_CLIENT_SECRET=mot", "PASSEUR_RDV_TOKENS=" + token}
	for name, c := range map[string]struct {
		environ []string
		want    []string
		broken  int
	}{
		"nothing":   {nil, []string{"! Agendas : sans public_url"}, 0},
		"webhook":   {[]string{webhook, at}, []string{"✓ RDV Service Public : le webhook est attendu à https://passeur.exemple.fr/rdv/webhook, pour les rendez-vous de toutes les organisations.", "! RDV Service Public : il rappelle lui aussi"}, 0},
		"two":       {[]string{webhook, at, "PASSEUR_RDV_ORGANISATIONS=7,9", "PASSEUR_RDV_RELAY=true"}, []string{"! RDV Service Public : désactivez là-bas les notifications des motifs", "pour les rendez-vous des organisations 7, 9."}, 0},
		"unreached": {[]string{webhook}, []string{"! RDV Service Public : il ne peut pas appeler Passeur"}, 0},
		"near":      {[]string{webhook, "PASSEUR_PUBLIC_URL=http://127.0.0.1:8080"}, []string{"! RDV Service Public : il ne peut pas appeler Passeur", "! Agendas : les liens de « mon calendrier » ne se liront que sur cette machine"}, 0},
		"api alone": {api, []string{"! RDV Service Public : sans secret", "✓ RDV Service Public : le jeton de renouvellement est là", "Il n'est pas essayé ici"}, 0},
		"no token":  {append([]string{webhook, "PASSEUR_RDV_TOKENS=" + token + "2"}, api[:3]...), []string{"✗ RDV Service Public : le fichier " + token + "2 (rdv.tokens) manque"}, 1},
		"calendars": {[]string{at, "PASSEUR_CALENDARS=marie url=" + calendars.URL + "/s3cret.ics owner=Marie Lecomte, perdu url=" + calendars.URL + "/s3cret-perdu.ics owner=Paul"},
			[]string{"✓ Agenda marie (Marie Lecomte) : il se lit, 1 entrée(s) à venir.", "! Agenda marie (Marie Lecomte) : ligne ", "✗ Agenda perdu (Paul) : l'agenda n'existe plus"}, 1},
	} {
		t.Run(name, func(t *testing.T) {
			cfg, err := config.LoadEnviron("", c.environ, checks()...)
			if err != nil {
				t.Fatal(err)
			}
			var out bytes.Buffer
			r := &report{out: &out}
			probeRDV(t.Context(), r, cfg, nil)
			probeCalendars(t.Context(), r, cfg, nil)
			contains(t, out.String(), c.want...)
			if r.broken != c.broken || strings.Contains(out.String(), "s3cret") {
				t.Errorf("%d to mend, or a secret is shown:\n%s", r.broken, out.String())
			}
		})
	}
}

// FuzzCalendarToken: only a token that was made with the key, for that person and that number, is hers.
func FuzzCalendarToken(f *testing.F) {
	key := bytes.Repeat([]byte{7}, 32)
	f.Add(calendarToken(key, "p59887b009764", 0), 0)
	f.Add(calendarToken(key, "p59887b009764", 1), 0)
	f.Add("", 0)
	f.Add(strings.Repeat("A", 22), -1)
	f.Fuzz(func(t *testing.T, token string, n int) {
		person := tokenID(token)
		made := calendarToken(key, person, n)
		if person != "" && tokenID(made) != person {
			t.Errorf("%q is not of %q", made, person)
		}
		if person != "" && made == calendarToken(key, person, n+1) || made == calendarToken(key[1:], person, n) {
			t.Errorf("%q does not depend on the key and the number", made)
		}
	})
}
