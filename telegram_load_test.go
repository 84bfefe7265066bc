//go:build unix

package main

import (
	"context"
	"fmt"
	"maps"
	"math/rand/v2"
	"path/filepath"
	"strings"
	"sync/atomic"
	"testing"
	"time"

	"passeur/adapters/telegram"
	"passeur/adapters/telegram/telegramtest"
	"passeur/bot"
	"passeur/cluster"
	"passeur/store"
)

// benchTelegram sends 300 messages to 50 chats through a server that counts strictly: 30 in any second, one in any second of a chat. It counts what the
// server refused, and prints how long it took beside a bare loop over the same server that waits for nothing and heeds each refusal.
func benchTelegram(t *testing.T, b *bars) {
	const chats, each = 50, 6
	api := telegramtest.New()
	defer api.Close()
	api.Limit()
	h := houseOverTelegram(t, api)
	now := time.Now()
	c := bot.Change{Now: now}
	for i := range chats * each {
		c.Tasks = append(c.Tasks, bot.Task{Key: fmt.Sprint("m", i), To: fmt.Sprintf("telegram:%d", 1+i%chats), Network: "telegram", Lane: bot.Reminder,
			Purpose: bot.ForTalk, At: now.Add(time.Duration(i) * time.Millisecond), Message: &bot.Message{Text: fmt.Sprint(i / chats)}})
	}
	if err := h.store.Commit(t.Context(), c); err != nil {
		t.Fatal(err)
	}
	ctx, stop := context.WithCancel(t.Context())
	done := make(chan error, 1)
	start := time.Now()
	go func() { done <- h.scheduler.Run(ctx, time.Now) }()
	all := until(2*time.Minute, 20*time.Millisecond, func() bool { return len(api.Messages()) >= chats*each })
	took := time.Since(start)
	stop()
	if err := <-done; err != nil || !all {
		t.Fatalf("%d of %d came, %v", len(api.Messages()), chats*each, err)
	}
	disorder, next := 0, map[int64]int{}
	for _, m := range api.Messages() {
		if m.Text != fmt.Sprint(next[m.Chat]) {
			disorder++
		}
		next[m.Chat]++
	}
	bare, refused := bareTelegram(t, chats, each)
	fmt.Printf("\n%d messages to %d chats of Telegram: %.1f s, %d answers 429, %d out of order; a bare loop: %.1f s, %d answers 429\n", chats*each, chats,
		took.Seconds(), api.Refused(), disorder, bare.Seconds(), refused)
	if disorder > 0 {
		t.Errorf("%d messages out of order", disorder)
	}
	b.add("telegram_429", float64(api.Refused()))
}

// houseOverTelegram is a house whose Telegram is a server of the test.
func houseOverTelegram(t *testing.T, api *telegramtest.Server) *house {
	t.Helper()
	db, err := store.Open(t.Context(), filepath.Join(t.TempDir(), "passeur.db"), store.Options{Volatile: true})
	if err != nil {
		t.Fatal(err)
	}
	t.Cleanup(func() { db.Close() })
	shared := cluster.Alone()
	n, err := telegram.New(telegram.Config{Token: telegramtest.Token, Account: telegramtest.Account, URL: api.URL, Hold: shared.Hold, Take: shared.Take}, quiet())
	if err != nil {
		t.Fatal(err)
	}
	lines := simulated(map[string]bot.Sender{"sms": &recorder{}, "mattermost": &recorder{}}, ableToHear)
	lines["telegram"] = outlet{sender: n, able: n.Abilities(), rate: telegram.Rate, parallel: telegramParallel}
	h, err := assemble(configured(t, nil), db, lines, nil, quiet())
	if err != nil {
		t.Fatal(err)
	}
	return h
}

// bareTelegram sends as many as fast as one connection does, and waits as long as each refusal asks.
func bareTelegram(t *testing.T, chats, each int) (took time.Duration, refused int) {
	t.Helper()
	api := telegramtest.New()
	defer api.Close()
	api.Limit()
	granted := func(context.Context, string, bot.Rate, int, time.Time) (int, time.Duration, error) { return 1, 0, nil }
	n, err := telegram.New(telegram.Config{Token: telegramtest.Token, URL: api.URL, Take: granted}, quiet())
	if err != nil {
		t.Fatal(err)
	}
	start := time.Now()
	for i := range chats * each {
		for {
			_, err := n.Send(t.Context(), bot.Address(fmt.Sprintf("telegram:%d", 1+i%chats)), bot.Rendered{Text: "a"})
			patience, asked := err.(bot.RetryAfter)
			if err == nil {
				break
			}
			if !asked {
				t.Fatal(err)
			}
			<-time.After(patience.Wait)
		}
	}
	return time.Since(start), api.Refused()
}

// pollAndDie has people write in Telegram without end while the program that polls is killed ten times, and then lets it hear what is left. What they wrote
// is news for the desk, written with the event: it counts what is missing there, and what is there twice. Nobody writes more than the desk is told of in a day.
func pollAndDie(t *testing.T, program binary) (lost, twice int) {
	const chats, ahead = 2000, 600
	kills := size("CHAOS_ENDS", 10)
	api := telegramtest.New()
	defer api.Close()
	gateway, err := openGateway(func(handedOver) {})
	if err != nil {
		t.Fatal(err)
	}
	defer gateway.close()
	set := overKannel(filepath.Join(t.TempDir(), "passeur.db"), gateway.url())
	maps.Copy(set, onTelegram(api.URL, telegramtest.Token, telegramtest.Account))
	set["PASSEUR_DESK"] = "mattermost:#accueil"
	var over atomic.Bool
	done := make(chan int)
	go func() {
		written := 0
		for ; !over.Load() && written < 18*chats; written++ {
			until(time.Minute, time.Millisecond, func() bool { return api.Waiting() < ahead || over.Load() })
			api.Say(int64(1+written%chats), fmt.Sprintf("je vous raconte %d", written/chats))
		}
		done <- written
	}()
	fmt.Printf("\nkill -9, %d times, while %d people write in Telegram\n", kills, chats)
	for range kills {
		before := api.Polls()
		p := program.start(t, set)
		if !until(time.Minute, time.Millisecond, func() bool { return api.Polls() > before }) {
			t.Fatalf("it does not poll:\n%s", p.errs)
		}
		<-time.After(rand.N(4 * time.Second))
		p.kill(t)
		fmt.Printf("  killed after %d polls, when %d updates were not confirmed\n", api.Polls()-before, api.Waiting())
		if api.Waiting() == 0 {
			t.Error("nothing was left to hear when it was killed")
		}
	}
	over.Store(true)
	written := <-done
	p := program.start(t, set)
	if !until(3*time.Minute, 20*time.Millisecond, func() bool { return api.Waiting() == 0 }) {
		t.Errorf("%d updates are never confirmed", api.Waiting())
	}
	p.stop(t)
	db := chaosStore(t, set, true)
	defer db.Close()
	lost, twice = newsOf(t, db, chats, written)
	fmt.Printf("  in the end: of %d updates %d lost, %d twice; %d answers came, %d are noted as sent\n", written, lost, twice, len(api.Messages()), noted(t, set))
	if lost+twice > 0 {
		t.Errorf("%d updates lost, %d handled twice", lost, twice)
	}
	return lost, twice
}

// newsOf counts, of what people wrote in turns, what the desk is told not at all and what more than once.
func newsOf(t *testing.T, db *store.DB, chats, written int) (lost, twice int) {
	t.Helper()
	for chat := range chats {
		told := newsFrom(t, db, bot.Address(fmt.Sprintf("telegram:%d", chat+1)))
		for i := chat; i < written; i += chats {
			switch n := told[fmt.Sprint("je vous raconte ", i/chats)]; {
			case n == 0:
				lost++
			case n > 1:
				twice++
			}
		}
	}
	return lost, twice
}

// newsFrom counts what the desk is told of somebody, by her words.
func newsFrom(t *testing.T, db *store.DB, from bot.Address) map[string]int {
	t.Helper()
	persons, err := bot.PeopleAt(t.Context(), db, from)
	if err != nil {
		t.Fatal(err)
	}
	told := map[string]int{}
	for _, person := range persons {
		rows, err := db.Tasks(t.Context(), store.TaskQuery{Subject: person, Limit: 1000}, time.Now())
		if err != nil {
			t.Fatal(err)
		}
		for _, r := range rows {
			if r.Message != nil {
				told[strings.TrimSpace(strings.TrimPrefix(r.Message.Args["mots"], "> "))]++
			}
		}
	}
	return told
}
