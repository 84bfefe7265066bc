//go:build unix

package main

import (
	"context"
	"fmt"
	"path/filepath"
	"strings"
	"sync"
	"testing"
	"time"

	"passeur/bot"
	"passeur/store"
)

// TestBenchOutreach measures what a large campaign costs the others: with BENCH_OUTREACH=1 (make bench-outreach).
func TestBenchOutreach(t *testing.T) {
	gated(t, "BENCH_OUTREACH")
	var b bars
	t.Run("campaign", func(t *testing.T) { benchCampaign(t, &b) })
	t.Run("cancel", func(t *testing.T) { benchCancel(t, &b) })
	t.Run("import", func(t *testing.T) { benchListImport(t, &b) })
	b.print()
}

// The campaign of the measures, of one text.
const (
	benchCampaignID  = "c00000000ca4"
	benchCoordinator = "c00000c00rd1"
	benchCounsellor  = "c00000c005e1"
	benchReminders   = 1000
)

// outreach is a running bot with a campaign to so many people, at ten o'clock of a Wednesday.
type outreach struct {
	*serving
	base   time.Time // what the bot's clock says at began
	began  time.Time
	mu     sync.Mutex
	camp   map[string]time.Time // hand-overs of the campaign's messages, by task
	others map[string]time.Time // of reminders
	twice  int
}

func (o *outreach) took(s handedOver) {
	o.mu.Lock()
	defer o.mu.Unlock()
	into := o.others
	if strings.HasPrefix(s.key, "campaign/") {
		into = o.camp
	}
	if _, again := into[s.key]; again {
		o.twice++
	}
	into[s.key] = s.at
}

func (o *outreach) sent() (campaign, reminders int) {
	o.mu.Lock()
	defer o.mu.Unlock()
	return len(o.camp), len(o.others)
}

// lastOfCampaign is when the campaign's last message was handed over.
func (o *outreach) lastOfCampaign() (last time.Time) {
	o.mu.Lock()
	defer o.mu.Unlock()
	for _, at := range o.camp {
		if at.After(last) {
			last = at
		}
	}
	return last
}

func newOutreach(t *testing.T, people int) *outreach {
	t.Helper()
	o := &outreach{camp: map[string]time.Time{}, others: map[string]time.Time{}, base: dueHour(t)}
	gateway, err := openGateway(o.took)
	if err != nil {
		t.Fatal(err)
	}
	t.Cleanup(func() { _ = gateway.close() })
	o.serving = newServing(t, gateway.url(), 0)
	fillAskedAt(t, o.db, benchReminders, o.base)
	fillCampaign(t, o.db, people, o.base)
	return o
}

// start turns the bot; its clock begins at ten o'clock.
func (o *outreach) start(t *testing.T) (stop func()) {
	o.began = time.Now()
	o.clock = func() time.Time { return o.base.Add(time.Since(o.began)) }
	return o.whole(t)
}

// fillCampaign writes a running campaign, whose first wave is due, and its people. They have the 10,000 numbers of fiction: ten of them share each.
func fillCampaign(t *testing.T, db *store.DB, people int, now time.Time) {
	t.Helper()
	names := make([]int, 20)
	for i := range people {
		names[len([]rune(benchName(i)))]++
	}
	coordinator := bot.Person{V: 1, Name: "Sylvie Aubert", Role: bot.Coordinateur, Territories: []string{"50"}, Addresses: []bot.Address{bot.Address(fmt.Sprintf("mattermost:%026d", 999))}}
	counsellor := bot.Person{V: 1, Name: "Marie Exemple", Role: bot.Conseiller, Territories: []string{"50"}, Addresses: []bot.Address{bot.Address(fmt.Sprintf("mattermost:%026d", 998))}}
	campaign := bot.Campaign{V: 1, Title: "Essai", Owner: benchCoordinator, With: benchCounsellor, WithName: "Marie Exemple", Where: "mairie de Périers", Place: "50/50394",
		Basis: "mission-interet-public", Notice: "courrier", Waits: []int{3}, State: "en-cours", Names: names, People: people, Wave: 1, Noted: now, Started: now,
		Texts: []string{"Bonjour {prenom}, {conseiller} vous aide gratuitement avec Internet, {lieu}. Répondez 1 rendez-vous, 2 appelez-moi, 3 non. STOP : plus de SMS."}}
	about := "campaign/" + benchCampaignID
	commit(t, db, bot.Change{Now: now, Records: []bot.Record{
		record(t, "person", benchCoordinator, coordinator, bot.Record{Subject: benchCoordinator, State: string(bot.Coordinateur), At: now}),
		record(t, "address", string(coordinator.Addresses[0]), bot.Holders{V: 1, People: []string{benchCoordinator}}, bot.Record{At: now}),
		record(t, "person", benchCounsellor, counsellor, bot.Record{Subject: benchCounsellor, State: string(bot.Conseiller), At: now}),
		record(t, "campaign", benchCampaignID, campaign, bot.Record{Owner: benchCoordinator, Place: campaign.Place, State: campaign.State, At: now}),
	}, Tasks: []bot.Task{{Key: about + "/vague/1", Group: about, Lane: bot.Broadcast, At: now, Intent: "vague", Args: bot.Args{"vague": "1"}}}})
	for from := 0; from < people; from += store.MaxRows {
		var c bot.Change
		for i := from; i < min(people, from+store.MaxRows); i++ {
			who := bot.Invitee{V: 1, Name: benchName(i), Phone: numberOf(i), Place: "50/50394", State: "silence"}
			c.Records = append(c.Records, record(t, "invitee", fmt.Sprintf("%s:sms:%s#%d", benchCampaignID, numberOf(i), i/numbers), who,
				bot.Record{State: benchCampaignID + "/silence", Place: who.Place, At: now.Add(-time.Hour + time.Duration(i)*time.Millisecond/100)}))
		}
		commit(t, db, c)
	}
}

// benchName is a first name that nobody else with the same number has, nor who has an appointment.
func benchName(i int) string { return firstNames[i/numbers%len(firstNames)] + " B." }

// fillReminders has so many reminders fall due at once, as wake-ups.
func fillReminders(t *testing.T, db *store.DB, n int, due time.Time) {
	t.Helper()
	fillTasks(t, db, n, func(i int) bot.Task {
		about := "rdv/" + rdvOf(i)
		return bot.Task{Key: about + "/v1/j-1", Group: about, Subject: personOf(i), Lane: bot.Reminder, Place: household, At: due, Intent: "rappel", Args: bot.Args{"quel": "j-1"}}
	})
}

// benchCampaign runs a campaign to the end while reminders fall due: they are not held back, and everybody gets one text.
func benchCampaign(t *testing.T, b *bars) {
	people := size("BENCH_PEOPLE", 100_000)
	o := newOutreach(t, people)
	due := o.base.Add(20 * time.Second)
	fillReminders(t, o.db, benchReminders, due)
	took := timed(t, people, func() {
		stop := o.start(t)
		defer stop()
		limit := time.Minute + time.Duration(people/200)*time.Second
		until(limit, 50*time.Millisecond, func() bool { c, r := o.sent(); return c >= people && r >= benchReminders })
	})
	campaign, reminders := o.sent()
	if campaign != people || reminders != benchReminders || o.twice > 0 {
		t.Errorf("%d of %d texts, %d of %d reminders, %d twice", campaign, people, reminders, benchReminders, o.twice)
	}
	var late []time.Duration
	for _, at := range o.others {
		late = append(late, at.Sub(o.began.Add(due.Sub(o.base))))
	}
	fmt.Printf("\n%d texts of a campaign at 1000/s: %.0f/s (%.0f µs CPU each); %d reminders due at once after 20 s: late p50 %v, p90 %v, p99 %v, worst %v (at that pace %d take %v by themselves)\n",
		people, took.perSecond(), took.cpuEach(), reminders, quantile(late, .5), quantile(late, .9), quantile(late, .99), quantile(late, 1), reminders, time.Duration(reminders)*time.Millisecond)
	b.add("reminder_late_p99_ms", inMillis(quantile(late, .99)))
}

// benchCancel calls a campaign off while it runs, as its coordinator does, and looks how long its texts still leave.
func benchCancel(t *testing.T, b *bars) {
	var tails []time.Duration
	for round := range size("BENCH_ROUNDS", 3) {
		o := newOutreach(t, 20_000)
		stop := o.start(t)
		<-time.After(8 * time.Second)
		o.say(t, "campagnes")
		o.say(t, "annuler campagne 1")
		o.say(t, "oui")
		acknowledged := time.Now()
		before, _ := o.sent()
		<-time.After(5 * time.Second)
		after, _ := o.sent()
		stop()
		tail := max(o.lastOfCampaign().Sub(acknowledged), 0)
		tails = append(tails, tail)
		fmt.Printf("  cancelled after %d texts: %d more left, the last %v after the answer (round %d)\n", before, after-before, tail.Round(time.Millisecond), round+1)
		if after == 20_000 {
			t.Error("the campaign ended before it was called off")
		}
	}
	b.add("cancel_tail_ms", inMillis(quantile(tails, 1)))
}

// say has the coordinator write.
func (o *outreach) say(t *testing.T, words string) {
	t.Helper()
	e := bot.Event{ID: "said/" + words, At: o.clock(), From: bot.Address(fmt.Sprintf("mattermost:%026d", 999)), Role: bot.Coordinateur, Text: words, Values: map[string]string{"name": "Sylvie Aubert"}}
	if _, err := o.house.bot.Hear(context.Background(), e); err != nil {
		t.Fatal(err)
	}
}

// benchListImport reads lists of 100,000 lines in a running bot while people write to it.
func benchListImport(t *testing.T, b *bars) {
	program := built(t)
	var worst struct{ seconds, peak, late float64 }
	right := 1 << 30
	for _, kind := range []string{"csv", "xlsx"} {
		file := filepath.Join(t.TempDir(), "liste."+kind)
		wrong := writeList(t, file, size("BENCH_LINES", 100_000), 5000)
		bare := bareRead(t, file)
		r := importWhileHearing(t, program, file)
		found := faultsFound(t, r.database, wrong)
		fmt.Printf("  %-4s %.1f s, peak %.0f MB, %d of %d faults right, SMS answered p50 %v, p99 %v (%d SMS); bare loop that reads every cell: %v\n",
			kind, r.took.Seconds(), r.peakMB, found, len(wrong), quantile(r.waits, .5), quantile(r.waits, .99), len(r.waits), bare.Round(time.Millisecond))
		worst.seconds, worst.peak, worst.late = max(worst.seconds, r.took.Seconds()), max(worst.peak, r.peakMB), max(worst.late, inMillis(quantile(r.waits, .99)))
		right = min(right, found)
	}
	b.add("import_faults_right", float64(right))
	b.add("import_s", rounded(worst.seconds, 1))
	b.add("import_peak_mb", rounded(worst.peak, 0))
	b.add("import_inbound_p99_ms", worst.late)
}
