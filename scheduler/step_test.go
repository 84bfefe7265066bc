package scheduler

import (
	"bytes"
	"context"
	"errors"
	"fmt"
	"log/slog"
	"slices"
	"strings"
	"testing"
	"time"

	"passeur/bot"
)

func TestStepKeepsOneOrder(t *testing.T) {
	var j journal
	m := newStore(t,
		text("sms-broadcast", in(bot.Broadcast)), text("sms-reminder", in(bot.Reminder)), text("sms-reply"),
		text("chat-reply", by("mattermost")), text("later", at(after(time.Hour))),
		text("wake", wakeUp, at(after(-time.Minute))), text("no line", by("telegram")),
	)
	c := newLocal()
	b := &brain{
		resume: func(context.Context) error { j.note("resume"); return nil },
		handle: func(_ context.Context, e bot.Event) error {
			j.note(e.ID)
			m.add(text("answer", in(bot.Reply)))
			return nil
		},
	}
	job := Job{Name: "job", Spec: "0 12 * * *", Zone: paris(t), Do: func(context.Context, time.Time) error { j.note("job"); return nil }}
	s := New(m, c, b, map[string]Network{"sms": noting(&j), "mattermost": noting(&j), "mute": {}}, []Job{job}, quiet())
	step(t, s, after(-time.Hour)) // the job is seen for the first time
	next := step(t, s, noon)
	want := []string{"resume", "resume", "job", "wake", "chat-reply", "sms-reply", "answer", "sms-reminder", "sms-broadcast"}
	if got := j.list(); !same(got, want) {
		t.Errorf("done in the order\n%v, want\n%v", got, want)
	}
	if !next.Equal(after(time.Hour)) {
		t.Errorf("next %s, want in an hour", next)
	}
	if got := m.row("no line"); got.fate != "" || got.Attempt != 0 {
		t.Errorf("a task without a line: %+v", got)
	}
}

func TestStepWithNothingPending(t *testing.T) {
	s := New(newStore(t), newLocal(), &brain{}, map[string]Network{"sms": noting(new(journal))}, nil, quiet())
	if next := step(t, s, noon); !next.IsZero() {
		t.Errorf("next %s, want never", next)
	}
}

func TestWakeUpBecomesAnEvent(t *testing.T) {
	var got bot.Event
	b := &brain{handle: func(_ context.Context, e bot.Event) error { got = e; return nil }}
	m := newStore(t, text("rdv/42/v1/j-1", wakeUp, func(t *bot.Task) { t.Group, t.Args = "rdv/42", map[string]string{"jour": "1"} }))
	step(t, New(m, newLocal(), b, nil, nil, quiet()), after(time.Second))
	if got.ID != "rdv/42/v1/j-1" || !got.At.Equal(after(time.Second)) || got.Role != bot.Itself || got.About != "rdv/42" ||
		got.Intent != "rappel" || got.Values["jour"] != "1" || got.From != "" {
		t.Errorf("event %+v", got)
	}
	if r := m.row("rdv/42/v1/j-1"); r.fate != bot.Sent {
		t.Errorf("fate %q, want sent", r.fate)
	}
}

// TestFates sends one message, or wakes the bot once, and looks at what became of it.
func TestFates(t *testing.T) {
	boom := errors.New("connection refused")
	tests := []struct {
		name   string
		err    error
		task   func(*bot.Task)
		tried  int
		fate   bot.Fate
		reason string
		next   time.Duration // of a pending one
		tries  int
	}{
		{name: "sent", fate: bot.Sent},
		{name: "refused with a reason", err: fmt.Errorf("%w: numero-inconnu", bot.ErrRefused), fate: bot.Failed, reason: "numero-inconnu"},
		{name: "refused", err: bot.ErrRefused, fate: bot.Failed, reason: "refus"},
		{name: "refused with a number", err: fmt.Errorf("%w: +33639981234", bot.ErrRefused), fate: bot.Failed, reason: "refus"},
		{name: "unreachable, and no other way", err: fmt.Errorf("403: %w", bot.ErrUnreachable), fate: bot.Failed, reason: bot.Unreachable},
		{name: "uncertain", err: fmt.Errorf("post: %w", bot.ErrUncertain), fate: bot.Uncertain, reason: "sans-reponse"},
		{name: "patience", err: fmt.Errorf("429: %w", bot.RetryAfter{Wait: 7 * time.Second}), reason: "patience", next: 7 * time.Second},
		{name: "patience without end", err: bot.RetryAfter{Wait: 90 * time.Hour}, reason: "patience", next: time.Hour},
		{name: "patience of nothing", err: bot.RetryAfter{}, reason: "patience", next: time.Second},
		{name: "error", err: boom, reason: "erreur", next: 30 * time.Second, tries: 1},
		{name: "eighth error", err: boom, tried: 7, reason: "erreur", next: time.Hour, tries: 8},
		{name: "last but one", err: boom, tried: 22, reason: "erreur", next: time.Hour, tries: 23},
		{name: "last error", err: boom, tried: 23, fate: bot.Failed, reason: "essais-epuises", tries: 23},
		{name: "too slow", err: context.DeadlineExceeded, reason: "delai", next: 30 * time.Second, tries: 1},
		{name: "wake-up handled", task: wakeUp, fate: bot.Sent},
		{name: "wake-up fails", err: boom, task: wakeUp, reason: "erreur", next: 30 * time.Second, tries: 1},
		{name: "on the dot", task: before(noon), fate: bot.Sent},
		{name: "too late", task: before(after(-time.Millisecond)), fate: bot.Expired, reason: "trop-tard"},
		{name: "wake-up too late", task: func(t *bot.Task) { wakeUp(t); t.NotAfter = after(-time.Second) }, fate: bot.Expired, reason: "trop-tard"},
		{name: "no time left for a retry", err: boom, task: before(after(10 * time.Second)), reason: "erreur", next: 10*time.Second + time.Millisecond, tries: 1},
	}
	for _, tt := range tests {
		t.Run(tt.name, func(t *testing.T) {
			task := text("t", func(t *bot.Task) {
				if tt.task != nil {
					tt.task(t)
				}
			})
			m := newStore(t, task)
			m.tried(tt.tried)
			b := &brain{handle: func(context.Context, bot.Event) error { return tt.err }}
			line := Network{Sender: sender(func(context.Context, bot.Rendered) error { return tt.err })}
			next := step(t, New(m, newLocal(), b, map[string]Network{"sms": line}, nil, quiet()), noon)
			got := m.row("t")
			if got.fate != tt.fate || got.reason != tt.reason || got.Tries != tt.tries {
				t.Errorf("fate %q, reason %q, %d tries; want %q, %q, %d", got.fate, got.reason, got.Tries, tt.fate, tt.reason, tt.tries)
			}
			if tt.fate == "" && (!got.next.Equal(after(tt.next)) || !next.Equal(after(tt.next))) {
				t.Errorf("next %s, Step says %s; want %s", got.next.Sub(noon), next.Sub(noon), tt.next)
			}
		})
	}
}

// TestOtherWay: a message that its network cannot take to the person goes by the other one, once; what the first network told is heard.
func TestOtherWay(t *testing.T) {
	m := newStore(t, text("refused", func(*bot.Task) {}), text("sent on", func(*bot.Task) {}))
	var there journal
	b := &brain{prepare: func(ts []bot.Task, now time.Time) (out []bot.Verdict, err error) {
		for _, task := range ts {
			switch v := send(task); {
			case task.Network == "sms" && task.Key == "sent on":
				out = append(out, bot.Verdict{Act: bot.Elsewhere, Network: "telegram"})
			default:
				v.Network = map[string]string{"sms": "telegram", "telegram": "sms"}[task.Network]
				out = append(out, v)
			}
		}
		return out, nil
	}}
	var told []bot.Outcome
	b.hears = func(_ bot.Task, o bot.Outcome) *bot.Task { told = append(told, o); return nil }
	gone := Network{Sender: sender(func(context.Context, bot.Rendered) error { return bot.ErrUnreachable })}
	step(t, New(m, newLocal(), b, map[string]Network{"sms": gone, "telegram": noting(&there)}, nil, quiet()), noon)
	if got := there.list(); len(got) != 2 {
		t.Errorf("the other network has %v", got)
	}
	for _, key := range []string{"refused", "sent on"} {
		if r := m.row(key); r.fate != bot.Sent {
			t.Errorf("%s: fate %q", key, r.fate)
		}
	}
	if !slices.ContainsFunc(told, func(o bot.Outcome) bool {
		return o.Key == "refused" && o.Fate == bot.Rerouted && o.Network == "telegram"
	}) {
		t.Errorf("nobody was told of the refusal: %+v", told)
	}
}

func TestGateDecides(t *testing.T) {
	m := newStore(t, texts("t", 4)...)
	var j journal
	calls := 0
	b := &brain{prepare: func(ts []bot.Task, now time.Time) ([]bot.Verdict, error) {
		calls++
		return []bot.Verdict{
			send(ts[0]),
			{Act: bot.Later, At: now.Add(time.Hour).Add(time.Microsecond), Reason: "heures"},
			{Act: bot.Never, Reason: "stop"},
			send(ts[3]),
		}, nil
	}}
	next := step(t, New(m, newLocal(), b, map[string]Network{"sms": noting(&j)}, nil, quiet()), noon)
	if got := j.list(); !same(got, []string{"t0000", "t0003"}) || calls != 1 {
		t.Errorf("sent %v after %d calls of the gate, want t0000 t0003 after one", got, calls)
	}
	if r := m.row("t0001"); r.fate != "" || r.reason != "heures" || r.Tries != 0 || !next.Equal(r.next) || next.Before(after(time.Hour)) {
		t.Errorf("put off: %+v, next %s", r, next)
	}
	if r := m.row("t0002"); r.fate != bot.Withheld || r.reason != "stop" {
		t.Errorf("refused: %+v", r)
	}
}

// TestGateFailsOnOneTask: what the gate cannot read holds back nothing else, and is not tried for ever.
func TestGateFailsOnOneTask(t *testing.T) {
	m := newStore(t, texts("t", 20)...)
	var j journal
	b := &brain{prepare: func(ts []bot.Task, now time.Time) ([]bot.Verdict, error) {
		if slices.ContainsFunc(ts, func(t bot.Task) bool { return t.Key == "t0007" }) {
			panic("unreadable")
		}
		return (&brain{}).Prepare(context.Background(), ts, now)
	}}
	step(t, New(m, newLocal(), b, map[string]Network{"sms": noting(&j)}, nil, quiet()), noon)
	if got := m.fates(); got[bot.Sent] != 19 || m.row("t0007").Tries != 1 {
		t.Errorf("fates %v, the bad one %+v", got, m.row("t0007"))
	}
}

func TestGateFailsOnAll(t *testing.T) {
	m := newStore(t, texts("t", 200)...)
	calls := 0
	b := &brain{prepare: func([]bot.Task, time.Time) ([]bot.Verdict, error) { calls++; return nil, nil }}
	step(t, New(m, newLocal(), b, map[string]Network{"sms": noting(new(journal))}, nil, quiet()), noon)
	if calls != 4 || m.row("t0100").Tries != 0 || m.fates()[""] != 200 {
		t.Errorf("%d calls, %d tries, fates %v; want 4 calls and 200 pending, not tried", calls, m.row("t0100").Tries, m.fates())
	}
}

// TestGateFailsForAWhile: while there is no verdict at all, as when the database is away, tasks keep their places; one that never gets a verdict does not for ever.
func TestGateFailsForAWhile(t *testing.T) {
	for _, tt := range []struct {
		name  string
		fails func(t bot.Task, now time.Time) bool
		until time.Duration
		want  []string
		tries int // of "first"
	}{
		{"all of it", func(_ bot.Task, now time.Time) bool { return now.Before(after(500 * time.Millisecond)) }, 2 * time.Second, []string{"first", "alone", "second"}, 0},
		{"one task", func(t bot.Task, _ time.Time) bool { return t.Key == "first" }, 50 * time.Second, []string{"alone", "second"}, 1},
	} {
		t.Run(tt.name, func(t *testing.T) {
			m := newStore(t, text("first", to("p1")), text("second", to("p1"), at(after(600*time.Millisecond))), text("alone", at(after(time.Second))))
			var j journal
			b := &brain{prepare: func(ts []bot.Task, now time.Time) ([]bot.Verdict, error) {
				if slices.ContainsFunc(ts, func(t bot.Task) bool { return tt.fails(t, now) }) {
					return nil, errors.New("the database is away")
				}
				return (&brain{}).Prepare(context.Background(), ts, now)
			}}
			s := New(m, newLocal(), b, map[string]Network{"sms": noting(&j)}, nil, quiet())
			for now := noon; now.Before(after(tt.until)); now = now.Add(100 * time.Millisecond) {
				step(t, s, now)
			}
			if got := j.list(); !same(got, tt.want) || m.row("first").Tries != tt.tries {
				t.Errorf("sent %v, want %v; the first was tried %d times, want %d", got, tt.want, m.row("first").Tries, tt.tries)
			}
		})
	}
}

// TestPoisonHoldsNobodyForLong: what never gets a verdict, much of it at once, keeps its recipients' next messages for a minute at most.
func TestPoisonHoldsNobodyForLong(t *testing.T) {
	const n = 30
	m := newStore(t)
	for i := range n {
		p := fmt.Sprint("p", i)
		m.add(text(fmt.Sprint("bad", i), to(p)), text(fmt.Sprint("good", i), to(p), at(after(5*time.Second))))
	}
	var j journal
	b := &brain{prepare: func(ts []bot.Task, now time.Time) ([]bot.Verdict, error) {
		if slices.ContainsFunc(ts, func(t bot.Task) bool { return strings.HasPrefix(t.Key, "bad") }) {
			return nil, errors.New("unreadable")
		}
		return (&brain{}).Prepare(context.Background(), ts, now)
	}}
	s := New(m, newLocal(), b, map[string]Network{"sms": noting(&j)}, nil, quiet())
	for now := noon; now.Before(after(70 * time.Second)); now = now.Add(time.Second) {
		step(t, s, now)
	}
	if got := j.list(); len(got) != n {
		t.Errorf("%d of %d good ones left: %v", len(got), n, got)
	}
}

func TestRulesHearOfEnds(t *testing.T) {
	b := &brain{hears: func(t bot.Task, o bot.Outcome) *bot.Task {
		switch o.Fate {
		case bot.Failed:
			return &bot.Task{Key: t.Key + "/failed", Intent: "echec", At: o.At}
		case bot.Expired:
			panic("a rule's fault")
		}
		return nil
	}}
	var heard []string
	b.handle = func(_ context.Context, e bot.Event) error { heard = append(heard, e.ID); return nil }
	m := newStore(t, text("bad"), text("good"), text("old", before(after(-time.Hour))))
	line := Network{Sender: sender(func(_ context.Context, m bot.Rendered) error {
		if m.Key == "bad" {
			return bot.ErrRefused
		}
		return nil
	})}
	c := newLocal()
	step(t, New(m, c, b, map[string]Network{"sms": line}, nil, quiet()), noon)
	if !same(heard, []string{"bad/failed"}) || m.row("old").fate != bot.Expired {
		t.Errorf("heard %v, old one %+v", heard, m.row("old"))
	}
	select {
	case <-c.Woken(""):
	default:
		t.Error("the bot was not woken for what it is told")
	}
}

func TestPanicsAreErrors(t *testing.T) {
	m := newStore(t, text("sms"), text("wake", wakeUp))
	b := &brain{handle: func(context.Context, bot.Event) error { panic("rule") }}
	line := Network{Sender: sender(func(context.Context, bot.Rendered) error { var none []int; _ = none[3]; return nil })}
	step(t, New(m, newLocal(), b, map[string]Network{"sms": line}, nil, quiet()), noon)
	for _, key := range []string{"sms", "wake"} {
		if r := m.row(key); r.fate != "" || r.Tries != 1 || r.reason != "panique" {
			t.Errorf("%s: %+v", key, r)
		}
	}
}

func TestStepEndsWhateverComes(t *testing.T) {
	t.Run("the gate says later, now", func(t *testing.T) {
		b := &brain{prepare: func(ts []bot.Task, now time.Time) ([]bot.Verdict, error) {
			return []bot.Verdict{{Act: bot.Later, At: now, Reason: "heures"}}, nil
		}}
		_, err := New(newStore(t, text("t")), newLocal(), b, map[string]Network{"sms": noting(new(journal))}, nil, quiet()).Step(t.Context(), noon)
		if !has(err, "task t (heures) is due") {
			t.Errorf("error %v", err)
		}
	})
	t.Run("a wake-up that is due again at once", func(t *testing.T) {
		m := newStore(t, text("t", wakeUp))
		m.broken = func(op string, done []bot.Outcome) error {
			for i := range done {
				done[i].Fate, done[i].Next = bot.Retry, noon
			}
			return nil
		}
		_, err := New(m, newLocal(), &brain{}, nil, nil, quiet()).Step(t.Context(), noon)
		if !has(err, "task t was done 10 times") {
			t.Errorf("error %v", err)
		}
	})
}

func TestStepReportsTheStore(t *testing.T) {
	for _, op := range []string{"due", "claim", "settle"} {
		m := newStore(t, text("t"))
		fault := errors.New("disk full")
		m.broken = func(now string, _ []bot.Outcome) error {
			if now == op {
				return fault
			}
			return nil
		}
		_, err := New(m, newLocal(), &brain{}, map[string]Network{"sms": noting(new(journal))}, nil, quiet()).Step(t.Context(), noon)
		if !errors.Is(err, fault) {
			t.Errorf("%s: error %v", op, err)
		}
	}
}

// TestNotNotedIsNotSentAgain lets the store fail after a send, and the lease run out.
func TestNotNotedIsNotSentAgain(t *testing.T) {
	m := newStore(t, text("t"))
	var j journal
	m.broken = func(op string, _ []bot.Outcome) error {
		if op == "settle" {
			return errors.New("disk full")
		}
		return nil
	}
	s := New(m, newLocal(), &brain{}, map[string]Network{"sms": noting(&j)}, nil, quiet())
	if _, err := s.Step(t.Context(), noon); err == nil {
		t.Fatal("no error")
	}
	m.broken = nil
	if next := step(t, s, after(time.Second)); !next.Equal(after(30 * time.Second)) {
		t.Errorf("next %s, want the end of the lease", next.Sub(noon))
	}
	step(t, s, after(30*time.Second))
	if r := m.row("t"); r.fate != bot.Sent || r.Attempt != 2 || len(j.list()) != 1 {
		t.Errorf("%+v, sent %v", r, j.list())
	}
}

func TestPatienceHoldsTheWholeNetwork(t *testing.T) {
	m := newStore(t, append(texts("t", 10), text("chat", by("mattermost")))...)
	tries := 0
	busy := Network{Sender: sender(func(context.Context, bot.Rendered) error { tries++; return bot.RetryAfter{Wait: time.Minute} })}
	var j journal
	s := New(m, newLocal(), &brain{}, map[string]Network{"sms": busy, "mattermost": noting(&j)}, nil, quiet())
	if next := step(t, s, noon); !next.Equal(after(time.Minute)) || tries != 1 || len(j.list()) != 1 {
		t.Errorf("next %s, %d tries, chat sent %v", next.Sub(noon), tries, j.list())
	}
	m.add(text("new", at(after(time.Second))))
	step(t, s, after(time.Second))
	if tries != 1 || m.row("t0005").Tries != 0 {
		t.Errorf("%d tries while the network asks for patience", tries)
	}
	step(t, s, after(time.Minute))
	if tries != 2 {
		t.Errorf("%d tries after the pause, want one more", tries)
	}
}

// TestBreaker follows a provider that is down for a quarter of an hour, with a thousand messages due.
func TestBreaker(t *testing.T) {
	var out bytes.Buffer
	m := newStore(t, texts("t", 1000)...)
	tries, down := 0, true
	line := Network{Sender: sender(func(context.Context, bot.Rendered) error {
		tries++
		if down {
			return errors.New("502")
		}
		return nil
	})}
	s := New(m, newLocal(), &brain{}, map[string]Network{"sms": line}, nil, Options{Log: slog.New(slog.NewTextHandler(&out, nil))})
	var at, pauses []time.Duration
	now := noon
	for range 7 {
		at = append(at, now.Sub(noon))
		next := step(t, s, now)
		pauses = append(pauses, next.Sub(now))
		now = next
	}
	want := []time.Duration{30 * time.Second, time.Minute, 2 * time.Minute, 4 * time.Minute, 5 * time.Minute, 5 * time.Minute, 5 * time.Minute}
	if !same(pauses, want) {
		t.Errorf("steps at %v, pauses %v, want %v", at, pauses, want)
	}
	if tries != 5+6 {
		t.Errorf("%d tries, want five and six probes", tries)
	}
	burnt := 0
	for i := range 1000 {
		burnt += m.row(fmt.Sprintf("t%04d", i)).Tries
	}
	if burnt != 4 {
		t.Errorf("%d tries counted, want those before it was believed down", burnt)
	}
	down = false
	for !now.IsZero() {
		now = step(t, s, now)
	}
	if n := m.fates()[bot.Sent]; n != 1000 {
		t.Errorf("%d sent when the provider is back", n)
	}
	log := out.String()
	if strings.Count(log, "network fails") != 1 || strings.Count(log, "network answers again") != 1 || !strings.Contains(log, "put_off=495") {
		t.Errorf("log:\n%s", log)
	}
}

// TestOutageOfDays: a network that is down for five days loses nothing, and its return is noticed within 5 minutes.
func TestOutageOfDays(t *testing.T) {
	m := newStore(t, texts("t", 100)...)
	back := after(5 * 24 * time.Hour)
	now := noon
	var sent time.Time
	line := Network{Sender: sender(func(context.Context, bot.Rendered) error {
		if now.Before(back) {
			return errors.New("connection refused")
		}
		sent = sooner(sent, now)
		return nil
	})}
	s := New(m, newLocal(), &brain{}, map[string]Network{"sms": line}, nil, quiet())
	for next := now; !next.IsZero(); next = step(t, s, now) {
		if now.Before(back) && !next.Before(back) {
			if fates := m.fates(); fates[""] != 100 {
				t.Fatalf("before it is back not all are still pending: %v", fates)
			}
		}
		now = next
	}
	if n := m.fates()[bot.Sent]; n != 100 || sent.Sub(back) > maxPause {
		t.Errorf("%d sent, the first %s after it was back", n, sent.Sub(back))
	}
}

// TestPoison: a message that fails while others leave ends after its tries, and so do five of them.
func TestPoison(t *testing.T) {
	for _, bad := range []int{1, 6} {
		m := newStore(t, texts("bad", bad)...)
		for i := range 400 {
			m.add(text(fmt.Sprintf("good%03d", i), at(after(time.Duration(i)*5*time.Minute))))
		}
		tries := 0
		line := Network{Sender: sender(func(_ context.Context, r bot.Rendered) error {
			if strings.HasPrefix(r.Key, "bad") {
				tries++
				return errors.New("500")
			}
			return nil
		})}
		s := New(m, newLocal(), &brain{}, map[string]Network{"sms": line}, nil, quiet())
		for now := noon; !now.IsZero() && now.Before(after(48*time.Hour)); {
			now = step(t, s, now)
		}
		if got := m.fates(); got[bot.Sent] != 400 || got[bot.Failed] != bad || m.row("bad0000").reason != "essais-epuises" {
			t.Errorf("%d bad: fates %v, reason %q", bad, got, m.row("bad0000").reason)
		}
		if tries < 24*bad || tries > 30*bad {
			t.Errorf("%d bad: %d tries, want 24 each and few that were not counted", bad, tries)
		}
	}
}

func TestBreakerCountsOnlyARow(t *testing.T) {
	m := newStore(t, texts("t", 40)...)
	n := 0
	line := Network{Sender: sender(func(context.Context, bot.Rendered) error {
		if n++; n%5 == 0 {
			return bot.ErrRefused // an answer all the same
		}
		return errors.New("500")
	})}
	step(t, New(m, newLocal(), &brain{}, map[string]Network{"sms": line}, nil, quiet()), noon)
	if n != 40 {
		t.Errorf("%d tries, want all 40", n)
	}
}

// TestBreakerStopsUncertainty: a network that takes requests and never answers must not lose everything.
func TestBreakerStopsUncertainty(t *testing.T) {
	m := newStore(t, texts("t", 100)...)
	line := Network{Sender: sender(func(context.Context, bot.Rendered) error { return bot.ErrUncertain })}
	step(t, New(m, newLocal(), &brain{}, map[string]Network{"sms": line}, nil, quiet()), noon)
	if got := m.fates(); got[bot.Uncertain] != 5 || got[""] != 95 {
		t.Errorf("fates %v, want 5 uncertain and 95 pending", got)
	}
}

func TestPaceOfStep(t *testing.T) {
	m := newStore(t, texts("t", 60)...)
	var j journal
	line := noting(&j)
	line.Rate = bot.Rate{PerSecond: 10, Burst: 5}
	s := New(m, newLocal(), &brain{}, map[string]Network{"sms": line}, nil, quiet())
	now := noon
	for !now.IsZero() {
		next := step(t, s, now)
		if most := 5 + 10*now.Sub(noon).Seconds(); float64(len(j.list())) > most+0.001 {
			t.Fatalf("%d sent after %s, %.1f allowed", len(j.list()), now.Sub(noon), most)
		}
		if next.IsZero() {
			break
		}
		now = next
	}
	if took := now.Sub(noon); len(j.list()) != 60 || took > 5600*time.Millisecond {
		t.Errorf("%d sent in %s, want 60 in 5.5 s", len(j.list()), took)
	}
}

// TestBroadcastLeavesAFifth: after a broadcast took all that it may, replies still leave at once.
func TestBroadcastLeavesAFifth(t *testing.T) {
	m := newStore(t, texts("b", 1000, in(bot.Broadcast))...)
	var j journal
	line := noting(&j)
	line.Rate = bot.Rate{PerSecond: 100, Burst: 100}
	s := New(m, newLocal(), &brain{}, map[string]Network{"sms": line}, nil, quiet())
	step(t, s, noon)
	if n := len(j.list()); n != 80 {
		t.Errorf("%d broadcast messages at once, want 80 of a burst of 100", n)
	}
	m.add(texts("r", 20)...)
	step(t, s, noon)
	if n := len(j.list()); n != 100 {
		t.Errorf("%d sent, want 20 replies on top at once", n)
	}
	now := noon
	for now.Before(after(2 * time.Second)) {
		now = step(t, s, now)
	}
	if n := len(j.list()) - 100; n < 150 || n > 165 {
		t.Errorf("%d broadcast messages in 2 s, want four fifths of 200", n)
	}
}

func TestOneRecipientInOrder(t *testing.T) {
	m := newStore(t, texts("t", 30, to("jeanne"))...)
	var j journal
	step(t, New(m, newLocal(), &brain{}, map[string]Network{"sms": noting(&j)}, nil, quiet()), noon)
	if got := j.list(); len(got) != 30 || !slices.IsSorted(got) {
		t.Errorf("sent %v", got)
	}
}

func TestBackoff(t *testing.T) {
	tests := []struct {
		tries  int
		jitter float64
		want   time.Duration
	}{
		{0, 0, 30 * time.Second}, {1, 0, time.Minute}, {3, 0, 4 * time.Minute}, {6, 0, 32 * time.Minute},
		{7, 0, time.Hour}, {23, 0, time.Hour}, {1 << 40, 0, time.Hour}, {-1, 0, 30 * time.Second},
		{0, -1, 24 * time.Second}, {0, 0.5, 33 * time.Second}, {9, 1, 72 * time.Minute},
	}
	for _, tt := range tests {
		if got := backoff(tt.tries, tt.jitter); got != tt.want {
			t.Errorf("backoff(%d, %v) = %s, want %s", tt.tries, tt.jitter, got, tt.want)
		}
	}
}

func TestJitterOfStep(t *testing.T) {
	m := newStore(t, text("t"))
	opts := quiet()
	opts.Jitter = func() float64 { return 0.5 }
	line := Network{Sender: sender(func(context.Context, bot.Rendered) error { return errors.New("500") })}
	if next := step(t, New(m, newLocal(), &brain{}, map[string]Network{"sms": line}, nil, opts), noon); !next.Equal(after(33 * time.Second)) {
		t.Errorf("next %s, want 33s", next.Sub(noon))
	}
}

// FuzzRefusal: no reason carries a number or a text, whatever a network answers.
func FuzzRefusal(f *testing.F) {
	for _, s := range []string{"", "numero-inconnu", "numéro +33639981234 inconnu", "06 39 98 12 34", "refused: refused", strings.Repeat("é", 100)} {
		f.Add(s)
	}
	f.Fuzz(func(t *testing.T, s string) {
		got := refusal(fmt.Errorf("%w: %s", bot.ErrRefused, s))
		digits := 0
		for _, r := range got {
			if r >= '0' && r <= '9' {
				digits++
			}
		}
		if got == "" || len(got) > 60 || digits > 5 {
			t.Errorf("%q becomes %q", s, got)
		}
	})
}

// TestGeneralPause: nothing leaves but replies and the bot's own wake-ups, until it ends.
func TestGeneralPause(t *testing.T) {
	var j journal
	held := true
	m := newStore(t, text("broadcast", in(bot.Broadcast)), text("reminder", in(bot.Reminder)), text("reply"), text("wake", wakeUp), text("chat", by("mattermost"), in(bot.Reminder)))
	b := &brain{held: func(network string) bool { return held && network == "sms" }, handle: func(_ context.Context, e bot.Event) error { j.note(e.ID); return nil }}
	s := New(m, newLocal(), b, map[string]Network{"sms": noting(&j), "mattermost": noting(&j)}, nil, quiet())
	next := step(t, s, noon)
	if got := j.list(); !same(got, []string{"wake", "chat", "reply"}) || !next.Equal(after(heldPoll)) {
		t.Errorf("in the pause: %v, next %s", got, next)
	}
	step(t, s, after(heldPoll))
	held = false
	step(t, s, after(2*heldPoll))
	if got := j.list(); !same(got, []string{"wake", "chat", "reply", "reminder", "broadcast"}) {
		t.Errorf("after it: %v", got)
	}
}
