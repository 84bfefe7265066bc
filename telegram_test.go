//go:build unix

package main

import (
	"context"
	"fmt"
	"io"
	"maps"
	"net/http"
	"path/filepath"
	"regexp"
	"strings"
	"testing"
	"time"

	"passeur/adapters/telegram/telegramtest"
	"passeur/bot"
	"passeur/e2e/peers"
	"passeur/intents/dates"
	"passeur/store"
)

// onTelegram are the settings of a bot account on a server.
func onTelegram(url, token, account string) map[string]string {
	return map[string]string{"PASSEUR_TELEGRAM_TOKEN": token, "PASSEUR_TELEGRAM_ACCOUNT": account, "PASSEUR_TELEGRAM_URL": url}
}

// TestTelegramTrip: booked in Mattermost, asked for by SMS through a real Kannel, linked and answered in somebody else's emulator of Telegram, and told in
// Mattermost.
func TestTelegramTrip(t *testing.T) {
	const jeanne = 4217
	mm := peers.StartMattermost(t)
	marie := mm.NewUser(t, "marie")
	kannel, env := onKannel(t, mm)
	phone := peers.StartTelegram(t)
	maps.Copy(env, onTelegram(phone.URL, phone.Token, "PasseurEssaiBot"))
	ahead := startServer(t, env)

	day := workdayAfterWorkday(time.Now().In(paris(t)))
	first := mm.Post(t, marie, fmt.Sprintf("rdv 06 39 98 12 34 Jeanne %s 10h mairie de Coutances", dates.FrenchDay(day)))
	mm.Press(t, marie, mm.NextPost(t, marie, first), "Oui")

	kannel.SMSC.Type(t, "33639981234", "38000", "Telegram svp")
	link := regexp.MustCompile(`https://t\.me/PasseurEssaiBot\?start=(\S+)`).FindStringSubmatch(kannel.SMSC.Next(t).Text)
	if link == nil {
		t.Fatal("the SMS holds no link")
	}
	phone.Write(t, jeanne, "/start "+link[1])
	phone.Read(t, jeanne, "nos messages arrivent ici")
	contains(t, kannel.SMSC.Next(t).Text, "arrivent maintenant sur Telegram")

	ahead(day.AddDate(0, 0, -1).Add(18 * time.Hour))
	reminder := phone.Read(t, jeanne, "demain "+dates.FrenchDay(day)+" à 10h")
	before := last(mm.Posts(t, marie))
	phone.Press(t, jeanne, reminder, "Oui")
	contains(t, mm.NextPost(t, marie, before).Message, "**Jeanne** vient")
	phone.Read(t, jeanne, "C'est noté : vous venez")

	if news := last(mm.Posts(t, marie)).Message; strings.Contains(news, "peut-être") {
		t.Errorf("what arrived is uncertain: %s", news)
	}
	phone.Write(t, jeanne, "SMS")
	phone.Read(t, jeanne, "nos messages arrivent par SMS")
	phone.Write(t, jeanne, "/stop")
	phone.Read(t, jeanne, "vous ne recevrez plus de messages")
}

// TestTelegramForged calls a running server as Telegram would, without being it, and shows a number that is somebody else's. Whatever changes by it is
// counted; it prints the figure.
func TestTelegramForged(t *testing.T) {
	api := telegramtest.New()
	defer api.Close()
	const secret, jeanne, zoe = "0123456789abcdef", 4217, 666
	gateway, err := openGateway(func(handedOver) {})
	if err != nil {
		t.Fatal(err)
	}
	defer gateway.close()
	env := overKannel("", gateway.url())
	maps.Copy(env, onTelegram(api.URL, telegramtest.Token, telegramtest.Account))
	env["PASSEUR_TELEGRAM_SECRET"] = secret
	env["PASSEUR_LISTEN"] = peers.Addr(peers.FreePort(t))
	startServer(t, env)
	peers.Until(t, 10*time.Second, "", func() error {
		if api.Webhook() == nil {
			return fmt.Errorf("no webhook is set")
		}
		return nil
	})
	update := func(id int, from int64, what string) string {
		return fmt.Sprintf(`{"update_id":%d,"message":{"message_id":%d,"date":1,"chat":{"id":%d,"type":"private"},"from":{"id":%d},%s}}`, id, id, from, from, what)
	}
	call := func(method, proof, body string) int {
		t.Helper()
		r, err := http.NewRequest(method, "http://"+env["PASSEUR_LISTEN"]+"/telegram/", strings.NewReader(body))
		if err != nil {
			t.Fatal(err)
		}
		if proof != "" {
			r.Header.Set("X-Telegram-Bot-Api-Secret-Token", proof)
		}
		resp, err := http.DefaultClient.Do(r)
		if err != nil {
			return 0 // cut before all of it was written
		}
		defer resp.Body.Close()
		_, _ = io.Copy(io.Discard, resp.Body)
		return resp.StatusCode
	}
	// Jeanne is there, and what proves itself is taken: or the rest would prove nothing.
	if code := call("POST", secret, update(1, jeanne, `"contact":{"phone_number":"33639981234","user_id":4217}`)); code != http.StatusOK {
		t.Fatalf("a call of Telegram's is answered %d", code)
	}
	accepted := 0
	for id, forged := range []struct{ method, proof, text string }{
		{"POST", "", `"text":"STOP"`}, {"POST", "wrong-secret-of-16", `"text":"STOP"`}, {"POST", secret + " ", `"text":"STOP"`}, {"GET", secret, `"text":"STOP"`}, {"PUT", secret, `"text":"STOP"`},
		{"POST", secret, `"text":"STOP`}, {"POST", secret, `"text":"STOP","pad":"` + strings.Repeat("x", 10<<20) + `"`},
	} {
		proof := forged.proof
		if strings.HasSuffix(proof, " ") {
			proof = strings.TrimSpace(proof) + "0" // header values are trimmed
		}
		if code := call(forged.method, proof, update(10+id, jeanne, forged.text)); code == http.StatusOK {
			t.Errorf("%s with %q is answered 200", forged.method, forged.proof)
			accepted++
		}
	}
	for id, shown := range []string{`"contact":{"phone_number":"33639981234","user_id":4217}`, `"contact":{"phone_number":"+33639981234"}`, `"contact":{"phone_number":"33639981234","user_id":0}`} {
		if code := call("POST", secret, update(20+id, zoe, shown)); code != http.StatusOK {
			t.Errorf("the contact %d is answered %d", id, code)
		}
	}
	for id, data := range []string{`b1\nrdv/r000000000001`, `b1\ngathering/1-2026-12-01`, `b1\nperson/p1`, `b1\nquestion/1`, `b1\ncampaign/1/p1`, `qoui`} {
		press := fmt.Sprintf(`{"update_id":%d,"callback_query":{"id":"1","from":{"id":%d},"data":"%s","message":{"message_id":1,"chat":{"id":%d,"type":"private"}}}}`, 30+id, zoe, data, zoe)
		if code := call("POST", secret, press); code != http.StatusOK {
			t.Errorf("the press of %q is answered %d", data, code)
		}
	}
	db, err := store.Open(t.Context(), env["PASSEUR_DATABASE"], store.Options{ReadOnly: true})
	if err != nil {
		t.Fatal(err)
	}
	defer db.Close()
	accepted += changedByForgery(t, db, env["PASSEUR_DATABASE"], jeanne, zoe) + forgedPresses(t)
	fmt.Printf("bar telegram_forged_accepted %d\n", accepted)
	if accepted > 0 {
		t.Errorf("%d forged calls changed something", accepted)
	}
}

// forgedPresses has somebody unknown press buttons that no message of hers has: of Jeanne's appointment, and of a gathering of colleagues. It counts what
// changes by it.
func forgedPresses(t *testing.T) (n int) {
	t.Helper()
	h, r := telegramHouse(t, filepath.Join(t.TempDir(), "p.db"))
	defer h.store.Close()
	book(t, h)
	hear(t, h, fromMarie("g1", "café-visio mardi 1er décembre 14h-15h \"Les mots de passe\" https://visio.exemple.fr/cafe"), fromMarie("g2", "oui"))
	rdvs, err := h.store.Find(t.Context(), bot.Query{Kind: "rdv"})
	gatherings, errG := h.store.Find(t.Context(), bot.Query{Kind: "gathering"})
	if err != nil || errG != nil || len(rdvs) != 1 || len(gatherings) != 1 {
		t.Fatalf("%d appointments, %d gatherings, %v, %v:\n%s", len(rdvs), len(gatherings), err, errG, r.texts())
	}
	for i, about := range []string{"rdv/" + rdvs[0].ID, "gathering/" + gatherings[0].ID + "-2026-12-01", "person/" + rdvs[0].Subject, "question/1"} {
		for k, words := range []string{"1", "2", "oui", "quand et où ?"} {
			hear(t, h, bot.Event{ID: fmt.Sprintf("telegram/%d%d", i, k), At: noon, From: "telegram:666", Role: bot.Usager, Text: words, About: about})
		}
	}
	after, err := h.store.Find(t.Context(), bot.Query{Kind: "rdv"})
	if err != nil || after[0].Version != rdvs[0].Version {
		n++
	}
	taken, err := h.store.Find(t.Context(), bot.Query{Kind: "rsvp"})
	if err != nil {
		t.Fatal(err)
	}
	for _, secret := range []string{"mots de passe", "visio.exemple", "Jeanne", "vendredi 4"} {
		for line := range strings.Lines(r.texts()) {
			if strings.HasPrefix(line, "telegram:666") && strings.Contains(line, secret) {
				n++
			}
		}
	}
	return n + len(taken)
}

// TestTelegramErased: EFFACER leaves nothing of who was reached in two ways, whichever of them she says it on, and though she blocked one before.
func TestTelegramErased(t *testing.T) {
	contact := bot.Event{ID: "c1", At: noon, From: "telegram:4217", Role: bot.Usager, Intent: bot.ContactIntent, Values: map[string]string{"number": "+33639981234"}}
	say := func(id string, from bot.Address, text string) bot.Event {
		return bot.Event{ID: id, At: noon, From: from, Role: bot.Usager, Text: text}
	}
	block := bot.Event{ID: "k1", At: noon, From: "telegram:4217", Role: bot.Usager, Intent: bot.BlockedIntent}
	for name, events := range map[string][]bot.Event{
		"there":             {contact, say("e1", "telegram:4217", "effacer"), say("e2", "telegram:4217", "oui")},
		"there, then block": {contact, say("e1", "telegram:4217", "effacer"), say("e2", "telegram:4217", "oui"), block},
		"by SMS, blocked":   {contact, block, say("e1", "sms:+33639981234", "effacer"), say("e2", "sms:+33639981234", "oui")},
		"a link not opened": {say("l1", "sms:+33639981234", "telegram"), contact, say("e1", "sms:+33639981234", "effacer"), say("e2", "sms:+33639981234", "oui")},
	} {
		t.Run(name, func(t *testing.T) {
			h, _ := telegramHouse(t, filepath.Join(t.TempDir(), "p.db"))
			defer h.store.Close()
			h.bot.StartLink = func(carried string) string { return carried }
			book(t, h)
			hear(t, h, events...)
			if _, err := h.scheduler.Step(t.Context(), noon.AddDate(0, 0, 1)); err != nil {
				t.Fatal(err)
			}
			for _, kind := range []string{"address", "chat", "link", "objection", "rdv"} {
				if recs, err := h.store.Find(t.Context(), bot.Query{Kind: kind}); err != nil || len(ofUsagers(recs)) > 0 {
					t.Errorf("%d records %s are left, %v: %s", len(recs), kind, err, recs[0].Body)
				}
			}
			people, err := h.store.Find(t.Context(), bot.Query{Kind: "person"})
			for _, p := range people {
				if p.State == "" {
					t.Errorf("a person is left, %v: %s", err, p.Body)
				}
			}
		})
	}
}

// ofUsagers leaves out what is of a counsellor: her address and her chat.
func ofUsagers(recs []bot.Record) (left []bot.Record) {
	for _, r := range recs {
		if !strings.Contains(string(r.Body), "Marie") && (r.Kind != "chat" || r.Subject != "") && r.Kind != "address" {
			left = append(left, r)
		}
	}
	return left
}

// TestPauseHoldsTelegram: the one brake of the operator holds what leaves by Telegram too, replies excepted.
func TestPauseHoldsTelegram(t *testing.T) {
	h, r := telegramHouse(t, filepath.Join(t.TempDir(), "p.db"))
	defer h.store.Close()
	book(t, h)
	hear(t, h, bot.Event{ID: "c1", At: noon, From: "telegram:4217", Role: bot.Usager, Intent: bot.ContactIntent, Values: map[string]string{"number": "+33639981234"}})
	evening := time.Date(2026, 11, 30, 17, 0, 0, 0, time.UTC)
	step := func(at time.Time) {
		t.Helper()
		if _, err := h.scheduler.Step(t.Context(), at); err != nil {
			t.Fatal(err)
		}
	}
	if _, err := h.bot.SetPaused(t.Context(), "sms", true, noon); err != nil {
		t.Fatal(err)
	}
	step(evening)
	if strings.Contains(r.texts(), "rendez-vous avec Marie") {
		t.Fatalf("a reminder left:\n%s", r.texts())
	}
	if _, err := h.bot.SetPaused(t.Context(), "sms", false, evening); err != nil {
		t.Fatal(err)
	}
	step(evening.Add(2 * time.Minute))
	if !strings.Contains(r.texts(), "telegram:4217 Bonjour Jeanne, rendez-vous avec Marie") {
		t.Errorf("the reminder did not leave:\n%s", r.texts())
	}
}

// changedByForgery counts the traces of forged calls: events that were handled, a STOP of Jeanne's, Zoé behind Jeanne's number.
func changedByForgery(t *testing.T, db *store.DB, database string, jeanne, zoe int64) (n int) {
	t.Helper()
	for id := 10; id < 20; id++ {
		n += eventsNamed(t, database, fmt.Sprintf("telegram/%d", id))
	}
	people := func(a bot.Address) []string {
		ids, err := bot.PeopleAt(context.Background(), db, a)
		if err != nil {
			t.Fatal(err)
		}
		return ids
	}
	hers := people(bot.Address(fmt.Sprintf("telegram:%d", jeanne)))
	if len(hers) != 1 || fmt.Sprint(people("sms:+33639981234")) != fmt.Sprint(hers) {
		t.Fatalf("Jeanne is %v, and %v at her number", hers, people("sms:+33639981234"))
	}
	if fmt.Sprint(people(bot.Address(fmt.Sprintf("telegram:%d", zoe)))) == fmt.Sprint(hers) {
		n++
	}
	said, err := db.Get(context.Background(), "objection", "sms:+33639981234")
	if err != nil {
		t.Fatal(err)
	}
	for _, kind := range []string{"rsvp", "subscription"} {
		recs, err := db.Find(context.Background(), bot.Query{Kind: kind})
		if err != nil {
			t.Fatal(err)
		}
		n += len(recs)
	}
	return n + len(said)
}

// TestTelegramOff: what was to leave by Telegram leaves by SMS, once, when the installation has no account there any more; and so does what is said later.
func TestTelegramOff(t *testing.T) {
	file := filepath.Join(t.TempDir(), "p.db")
	h, r := telegramHouse(t, file)
	book(t, h)
	hear(t, h, bot.Event{ID: "c1", At: noon, From: "telegram:4217", Role: bot.Usager, Intent: bot.ContactIntent, Values: map[string]string{"number": "+33639981234"}})
	persons, err := bot.PeopleAt(t.Context(), h.store, "telegram:4217")
	if err != nil || len(persons) != 1 || !strings.Contains(r.texts(), "telegram:4217 C'est fait") {
		t.Fatalf("%v, %v\n%s", persons, err, r.texts())
	}
	waits := bot.Task{Key: "w", To: persons[0], Network: "telegram", Lane: bot.Reminder, Purpose: bot.ForTalk, At: noon.Add(time.Hour), Message: &bot.Message{Text: "à demain"}}
	if err := h.store.Commit(t.Context(), bot.Change{Now: noon, Tasks: []bot.Task{waits}}); err != nil {
		t.Fatal(err)
	}
	if err := h.store.Close(); err != nil {
		t.Fatal(err)
	}
	without, said := testHouse(t, file)
	for _, at := range []time.Time{noon.Add(time.Hour), time.Date(2026, 11, 30, 17, 0, 0, 0, time.UTC)} {
		if _, err := without.scheduler.Step(t.Context(), at); err != nil {
			t.Fatal(err)
		}
	}
	for _, words := range []string{"sms:+33639981234 à demain", "sms:+33639981234 Rendez-vous avec Marie Lecomte"} {
		if strings.Count(said.texts(), words) != 1 {
			t.Errorf("%q is not sent once:\n%s", words, said.texts())
		}
	}
}

// telegramHouse is testHouse with an account of Telegram, and its own to close.
func telegramHouse(t *testing.T, file string) (*house, *recorder) {
	t.Helper()
	db, err := store.Open(t.Context(), file, store.Options{Volatile: true})
	if err != nil {
		t.Fatal(err)
	}
	r := &recorder{}
	able := map[string]bot.Abilities{"sms": {Receives: true}, "mattermost": {Receives: true}, "telegram": {Receives: true, Buttons: true}}
	h, err := assemble(configured(t, nil), db, simulated(map[string]bot.Sender{"sms": r, "mattermost": r, "telegram": r}, able), nil, quiet())
	if err != nil {
		t.Fatal(err)
	}
	return h, r
}
