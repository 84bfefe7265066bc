package scheduler

import (
	"context"
	"errors"
	"fmt"
	"strings"
	"time"

	"github.com/robfig/cron/v3"

	"passeur/bot"
)

// Job is something that recurs. Which tick was done last stands in the store (kind "job", its name), so a tick is done
// once across restarts and replicas. After a time of standstill only the latest missed tick is made up for.
type Job struct {
	Name string         // unique, and for good: it is the key in the store
	Spec string         // five fields of cron, "@daily", "@weekly", "@monthly", "@yearly", or "@every 15m"
	Zone *time.Location // whose wall clock the fields mean
	// Do does the work of one tick, given in Zone. On an error it is tried again, after a minute and then less and less
	// often, until the next tick takes its place. A crash between the work and its note makes the same tick come again:
	// what Do writes should carry the tick in its event's ID. Its ctx ends when this process may no longer do it.
	Do func(ctx context.Context, tick time.Time) error
}

// Check says in French what is wrong with the job; nil when it can be kept.
//
// Times from 02:00 to 02:59 are refused: in Europe/Paris they are skipped on the last Sunday of March and come twice on
// the last Sunday of October. That also refuses "@hourly" and fields that mean every hour; "@every" counts elapsed time
// and is free of it.
func (j Job) Check() error {
	_, err := j.schedule()
	return err
}

func (j Job) schedule() (cron.Schedule, error) {
	fault := func(format string, args ...any) (cron.Schedule, error) {
		return nil, fmt.Errorf("tâche récurrente « %s », horaire « %s » : %w", j.Name, j.Spec, fmt.Errorf(format, args...))
	}
	switch {
	case j.Name == "" || j.Do == nil:
		return fault("il lui manque un nom ou un travail à faire")
	case j.Zone == nil:
		return fault("il lui manque un fuseau horaire, par exemple Europe/Paris")
	case strings.Contains(strings.ToUpper(j.Spec), "TZ="):
		return fault("le fuseau se règle à part ; retirez « TZ= » ou « CRON_TZ= »")
	}
	parsed, err := parse(j.Spec)
	if err != nil {
		return fault("il faut cinq champs (minute, heure, jour, mois, jour de la semaine), comme « 30 8 * * 1-5 » : %w", err)
	}
	switch sched := parsed.(type) {
	case *cron.SpecSchedule:
		if sched.Hour&(1<<2) != 0 {
			return fault("l'heure entre 2 h et 2 h 59 n'existe pas, ou existe deux fois, quand on change d'heure ; choisissez une heure avant 2 h ou à partir de 3 h, ou « @every 1h » pour ce qui revient sans cesse")
		}
		sched.Location = j.Zone
		if sched.Next(time.Date(2026, 1, 1, 0, 0, 0, 0, time.UTC)).IsZero() {
			return fault("cette date n'arrive jamais")
		}
	case cron.ConstantDelaySchedule:
		if sched.Delay < time.Minute {
			return fault("au moins une minute entre deux passages, comme « @every 1m »")
		}
	}
	return parsed, nil
}

// parse is cron.ParseStandard, which panics on some inputs.
func parse(spec string) (s cron.Schedule, err error) {
	defer func() {
		if p := recover(); p != nil {
			s, err = nil, errors.New("illisible")
		}
	}()
	return cron.ParseStandard(spec)
}

// job is a Job at work.
type job struct {
	Job
	cron.Schedule
	next  time.Time // known to be nothing to do before
	fails int       // of the present tick
}

func newJobs(jobs []Job) ([]*job, error) {
	var all []*job
	var faults []error
	names := make(map[string]bool)
	for _, j := range jobs {
		sched, err := j.schedule()
		if err == nil && names[j.Name] {
			err = fmt.Errorf("tâche récurrente « %s » : ce nom est déjà pris", j.Name)
		}
		names[j.Name] = true
		faults = append(faults, err)
		all = append(all, &job{Job: j, Schedule: sched})
	}
	return all, errors.Join(faults...)
}

// tick does the job's latest tick that is due at now and was not done, and says when there is something to do again.
// A job seen for the first time begins with its next tick.
func (s *Scheduler) tick(ctx context.Context, j *job, now time.Time) (ran bool, next time.Time, err error) {
	if now.Before(j.next) && !j.next.After(j.Next(now)) { // else the clock was set back meanwhile
		return false, j.next, nil
	}
	ran, j.next, err = s.tryTick(ctx, j, now)
	if err == nil {
		j.fails = 0
		return ran, j.next, nil
	}
	j.next = now.Add(min(time.Minute<<min(j.fails, 6), maxRetry))
	if tick := j.Next(now); !tick.IsZero() {
		j.next = sooner(j.next, tick)
	}
	j.fails++
	if ctx.Err() != nil {
		return false, j.next, ctx.Err() // stopped, not failed
	}
	s.opts.Log.Error("job failed", "job", j.Name, "fails", j.fails, "again", j.next, "err", err)
	return false, j.next, fmt.Errorf("job %s: %w", j.Name, err)
}

// tryTick does it under a lease, so that of several replicas one works and the others then see that it is done.
func (s *Scheduler) tryTick(ctx context.Context, j *job, now time.Time) (ran bool, next time.Time, err error) {
	rec, err := s.lastTick(ctx, j, now)
	if err != nil {
		return false, time.Time{}, err
	}
	if tick := j.latest(rec.At, now); tick.IsZero() {
		return false, j.Next(rec.At), nil
	}
	lease, err := s.cluster.Hold(ctx, "job/"+j.Name, s.opts.Lease)
	if err != nil {
		return false, time.Time{}, err
	}
	defer lease.Release()
	if rec, err = s.lastTick(ctx, j, now); err != nil {
		return false, time.Time{}, err
	}
	tick := j.latest(rec.At, now)
	if tick.IsZero() {
		return false, j.Next(rec.At), nil
	}
	if err := s.work(ctx, j, tick, lease); err != nil {
		return false, time.Time{}, err
	}
	rec.At = tick
	err = s.store.Commit(ctx, bot.Change{Now: now, Records: []bot.Record{rec}})
	if err != nil && !errors.Is(err, bot.ErrConflict) {
		return false, time.Time{}, fmt.Errorf("note the tick: %w", err)
	}
	return true, j.Next(now), nil
}

// lastTick reads the job's record; one that is missing begins at now, and so does one from beyond the next tick: it was
// written while the clock was ahead, and would keep the job from being done until then.
func (s *Scheduler) lastTick(ctx context.Context, j *job, now time.Time) (bot.Record, error) {
	found, err := s.store.Get(ctx, "job", j.Name)
	if err != nil {
		return bot.Record{}, err
	}
	rec := bot.Record{Kind: "job", ID: j.Name, Body: []byte(`{"v":1}`)}
	if len(found) > 0 {
		rec = found[0]
		if next := j.Next(now); next.IsZero() || !rec.At.After(next) {
			return rec, nil
		}
		s.opts.Log.Warn("the clock was set back, the job begins anew", "job", j.Name, "noted", rec.At)
	}
	rec.At = now
	if err := s.store.Commit(ctx, bot.Change{Now: now, Records: []bot.Record{rec}}); err != nil {
		return rec, err
	}
	rec.Version++
	return rec, nil
}

// work calls Do until it ends; a lost lease ends its context.
func (s *Scheduler) work(ctx context.Context, j *job, tick time.Time, lease bot.Lease) (err error) {
	defer s.recovered(&err)
	ctx, stop := bot.While(ctx, lease)
	defer stop()
	return j.Do(ctx, tick.In(j.Zone))
}

// latest is the last tick after since and not after now; zero when there is none.
func (j *job) latest(since, now time.Time) (tick time.Time) {
	for t := j.Next(since); !t.IsZero() && !t.After(now); t = j.Next(t) {
		tick = t
	}
	return tick
}
