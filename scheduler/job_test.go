package scheduler

import (
	"context"
	"errors"
	"fmt"
	"strings"
	"sync"
	"testing"
	"time"

	"passeur/bot"
)

func paris(t testing.TB) *time.Location {
	t.Helper()
	zone, err := time.LoadLocation("Europe/Paris")
	if err != nil {
		t.Fatal(err)
	}
	return zone
}

func nothing(context.Context, time.Time) error { return nil }

func TestJobCheck(t *testing.T) {
	zone := paris(t)
	tests := []struct {
		spec  string
		fault string // "" none
	}{
		{"30 8 * * 1-5", ""}, {"0 3 * * *", ""}, {"59 1 1 * *", ""}, {"*/15 8-18 * * *", ""}, {"@daily", ""}, {"@weekly", ""},
		{"@every 1m", ""}, {"@every 2h", ""},
		{"30 2 * * *", "choisissez une heure avant 2 h"}, {"0 2 1 1 *", "choisissez"}, {"0 1-3 * * *", "choisissez"},
		{"0 */2 * * *", "choisissez"}, {"* * * * *", "@every 1h"}, {"@hourly", "@every 1h"},
		{"TZ=Europe/Paris", "retirez « TZ= »"}, {"CRON_TZ=Europe/Paris 0 8 * * *", "retirez"}, {" tz=UTC 0 8 * * *", "retirez"},
		{"", "cinq champs"}, {"0 8 * *", "cinq champs"}, {"0 25 * * *", "cinq champs"}, {"demain", "cinq champs"}, {"@every", "cinq champs"},
		{"@every 10s", "au moins une minute"}, {"0 8 31 2 *", "n'arrive jamais"},
	}
	for _, tt := range tests {
		err := Job{Name: "bilan", Spec: tt.spec, Zone: zone, Do: nothing}.Check()
		if (err == nil) != (tt.fault == "") || (err != nil && !strings.Contains(err.Error(), tt.fault)) {
			t.Errorf("%q: %v, want %q", tt.spec, err, tt.fault)
		}
	}
	for _, j := range []Job{{Spec: "0 8 * * *", Zone: zone, Do: nothing}, {Name: "a", Spec: "0 8 * * *", Zone: zone}, {Name: "a", Spec: "0 8 * * *", Do: nothing}} {
		if !has(j.Check(), "il lui manque") {
			t.Errorf("%+v: %v", j, j.Check())
		}
	}
}

func TestInvalidJobsStopStepAndRun(t *testing.T) {
	good := Job{Name: "a", Spec: "0 8 * * *", Zone: paris(t), Do: nothing}
	s := New(newStore(t), newLocal(), &brain{}, nil, []Job{good, good}, quiet())
	if _, err := s.Step(t.Context(), noon); !has(err, "déjà pris") {
		t.Errorf("Step: %v", err)
	}
	if err := s.Run(t.Context(), time.Now); !has(err, "déjà pris") {
		t.Errorf("Run: %v", err)
	}
}

// TestClockChanges plays two years that hold both kinds of clock change, by the hour.
func TestClockChanges(t *testing.T) {
	zone := paris(t)
	for _, spec := range []string{"30 1 * * *", "59 1 * * *", "0 3 * * *", "30 3 * * *", "@daily"} {
		ticks := make(map[string]int)
		job := Job{Name: "j", Spec: spec, Zone: zone, Do: func(_ context.Context, tick time.Time) error {
			ticks[tick.Format("2006-01-02 15:04")]++
			return nil
		}}
		s := New(newStore(t), newLocal(), &brain{}, nil, []Job{job}, quiet())
		start := time.Date(2026, 3, 1, 12, 0, 0, 0, zone)
		days := 0
		for now := start; days < 730; {
			now = step(t, s, now)
			days++
		}
		for key, n := range ticks {
			if n != 1 {
				t.Errorf("%s: %s came %d times", spec, key, n)
			}
		}
		dates := make(map[string]bool)
		for key := range ticks {
			dates[key[:10]] = true
		}
		for _, day := range []string{"2026-10-25", "2027-03-28", "2027-10-31"} {
			if !dates[day] {
				t.Errorf("%s: skipped on %s", spec, day)
			}
		}
		if len(dates) != len(ticks) || len(ticks) != 729 {
			t.Errorf("%s: %d ticks on %d days, want one a day", spec, len(ticks), len(dates))
		}
	}
}

// TestJobOverRestarts lives through a start, a tick, a restart, a standstill of three days, and failures.
func TestJobOverRestarts(t *testing.T) {
	zone := paris(t)
	m, c := newStore(t), newLocal()
	var ticks []string
	var fault error
	job := Job{Name: "bilan", Spec: "0 8 * * *", Zone: zone, Do: func(_ context.Context, tick time.Time) error {
		if fault == nil {
			ticks = append(ticks, tick.Format("02 15:04"))
		}
		return fault
	}}
	var s *Scheduler
	start := func() { s = New(m, c, &brain{}, nil, []Job{job}, quiet()) }
	day := func(d, h, min int) time.Time { return time.Date(2026, 12, d, h, min, 0, 0, zone) }
	expect := func(when string, want ...string) {
		t.Helper()
		if !same(ticks, want) {
			t.Errorf("%s: ticks %v, want %v", when, ticks, want)
		}
	}

	start()
	if next := step(t, s, day(3, 9, 0)); !next.Equal(day(4, 8, 0)) {
		t.Errorf("first seen: next %s", next)
	}
	expect("first seen")
	start()
	step(t, s, day(4, 8, 30))
	expect("restarted over a tick", "04 08:00")
	start()
	step(t, s, day(4, 8, 31))
	expect("restarted after a tick", "04 08:00")
	start()
	step(t, s, day(8, 7, 0))
	expect("three ticks missed", "04 08:00", "07 08:00")

	fault = errors.New("out of paper")
	next, err := s.Step(t.Context(), day(8, 8, 0))
	if !errors.Is(err, fault) || !next.Equal(day(8, 8, 1)) {
		t.Errorf("failing: next %s, error %v", next, err)
	}
	if next, err = s.Step(t.Context(), day(8, 8, 1)); !errors.Is(err, fault) || !next.Equal(day(8, 8, 3)) {
		t.Errorf("failing again: next %s, error %v", next, err)
	}
	fault = nil
	step(t, s, day(8, 8, 3))
	expect("mended", "04 08:00", "07 08:00", "08 08:00")
	recs, err := m.Get(t.Context(), "job", "bilan")
	if err != nil || len(recs) != 1 {
		t.Fatalf("records %v, error %v", recs, err)
	}
	if rec := recs[0]; !rec.At.Equal(day(8, 8, 0)) || rec.Version != 4 || string(rec.Body) != `{"v":1}` {
		t.Errorf("record %+v", rec)
	}
}

// TestJobThatAlwaysFails: it is tried again less and less often, but each hour.
func TestJobThatAlwaysFails(t *testing.T) {
	tries := 0
	job := Job{Name: "bad", Spec: "0 13 * * *", Zone: paris(t), Do: func(context.Context, time.Time) error {
		tries++
		return errors.New("always")
	}}
	s := New(newStore(t), newLocal(), &brain{}, nil, []Job{job}, quiet())
	for now := noon; now.Before(after(24 * time.Hour)); {
		next, err := s.Step(t.Context(), now)
		if err != nil && !has(err, "always") || !next.After(now) {
			t.Fatalf("at %s: next %s, error %v", now, next, err)
		}
		now = next
	}
	if tries < 20 || tries > 40 {
		t.Errorf("it was tried %d times in a day", tries)
	}
}

// TestJobAfterAClockThatWasAhead: a tick noted in 2030 does not keep the job from its work until then.
func TestJobAfterAClockThatWasAhead(t *testing.T) {
	zone := paris(t)
	var ticks []string
	job := Job{Name: "menage", Spec: "17 3 * * *", Zone: zone, Do: func(_ context.Context, tick time.Time) error {
		ticks = append(ticks, tick.Format("2006-01-02"))
		return nil
	}}
	day := func(year, d, h int) time.Time { return time.Date(year, 12, d, h, 0, 0, 0, zone) }
	m := newStore(t)
	s := New(m, newLocal(), &brain{}, nil, []Job{job}, quiet())
	for _, now := range []time.Time{day(2026, 3, 12), day(2026, 4, 12), day(2030, 1, 12)} {
		step(t, s, now)
	}
	for _, restarted := range []bool{false, true} {
		if restarted {
			s = New(m, newLocal(), &brain{}, nil, []Job{job}, quiet())
		}
		d := 4 + len(ticks)
		step(t, s, day(2026, d, 13))
		step(t, s, day(2026, d+1, 12))
	}
	if want := []string{"2026-12-04", "2030-12-01", "2026-12-07", "2026-12-08"}; !same(ticks, want) {
		t.Errorf("ticks %v, want %v", ticks, want)
	}
}

func TestPanicOfAJob(t *testing.T) {
	job := Job{Name: "bilan", Spec: "@every 1m", Zone: paris(t), Do: func(context.Context, time.Time) error { panic("oops") }}
	m := newStore(t, text("t", at(after(time.Minute))))
	s := New(m, newLocal(), &brain{}, map[string]Network{"sms": noting(new(journal))}, []Job{job}, quiet())
	step(t, s, noon)
	if _, err := s.Step(t.Context(), after(time.Minute)); !errors.Is(err, errPanic) {
		t.Errorf("error %v", err)
	}
	if m.row("t").fate != bot.Sent {
		t.Error("the job's panic held a message back")
	}
}

// TestJobOfManyReplicas has eight schedulers on one store and one cluster do one tick.
func TestJobOfManyReplicas(t *testing.T) {
	m, c := newStore(t), newLocal()
	var mu sync.Mutex
	ticks := make(map[string]int)
	job := Job{Name: "bilan", Spec: "0 8 * * *", Zone: paris(t), Do: func(_ context.Context, tick time.Time) error {
		mu.Lock()
		defer mu.Unlock()
		ticks[tick.String()]++
		return nil
	}}
	replicas := make([]*Scheduler, 8)
	for i := range replicas {
		replicas[i] = New(m, c, &brain{}, nil, []Job{job}, quiet())
	}
	step(t, replicas[0], noon)
	for day := range 3 {
		var all sync.WaitGroup
		for _, s := range replicas {
			all.Go(func() {
				if _, err := s.Step(t.Context(), after(time.Duration(day+1)*24*time.Hour)); err != nil {
					t.Error(err)
				}
			})
		}
		all.Wait()
	}
	if len(ticks) != 3 {
		t.Errorf("%d ticks, want 3", len(ticks))
	}
	for tick, n := range ticks {
		if n != 1 {
			t.Errorf("%s done %d times", tick, n)
		}
	}
}

// FuzzSpec: no spec panics, and one that is accepted has a next tick, later, and none between 2 h and 3 h.
func FuzzSpec(f *testing.F) {
	zone := paris(f)
	for _, s := range []string{"30 8 * * 1-5", "TZ=Europe/Paris", "CRON_TZ=", "@every 1h", "@daily", "0 3 31 2 *", "*/7 */5 ? jan-mar sun", "0 3 1/5 * *", "1-0 * * * *"} {
		f.Add(s)
	}
	f.Fuzz(func(t *testing.T, spec string) {
		j := Job{Name: "j", Spec: spec, Zone: zone, Do: nothing}
		sched, err := j.schedule()
		if err != nil {
			return
		}
		now := time.Date(2026, 10, 24, 12, 0, 0, 0, zone)
		for i := range 50 {
			next := sched.Next(now)
			if next.IsZero() && i > 0 {
				return
			}
			if !next.After(now) {
				t.Fatalf("%q: %s after %s", spec, next, now)
			}
			if hour := next.In(zone).Hour(); hour == 2 && !strings.Contains(spec, "@every") {
				t.Fatalf("%q: fires at %s", spec, fmt.Sprint(next))
			}
			now = next
		}
	})
}
