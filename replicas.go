package main

import (
	"cmp"
	"context"
	"fmt"
	"net"
	"os"
	"runtime/debug"
	"slices"
	"strings"
	"time"

	"passeur/bot"
	"passeur/config"
	"passeur/store"
)

// Several robots on one server: each tells the others, and the operator, that it is there.

const (
	beatEvery   = 5 * time.Second
	silentAfter = 15 * time.Second // without a beat a replica is taken for dead
	maxDrift    = 2 * time.Second  // between clocks: what one heard first must leave first
)

// release is the version of the program, as the build sets it (-ldflags "-X main.release=1.4.0"), or the revision of its source.
var release string

func thisRelease() string {
	info, ok := debug.ReadBuildInfo()
	if release != "" || !ok {
		return cmp.Or(release, "inconnue")
	}
	for _, s := range info.Settings {
		if s.Key == "vcs.revision" {
			return s.Value[:min(12, len(s.Value))]
		}
	}
	return cmp.Or(info.Main.Version, "inconnue")
}

// replicaName is how this process is called among the others: the machine and where it listens, so that one which starts again takes its own place.
func replicaName(cfg *config.Config) string {
	host, err := os.Hostname()
	if err != nil {
		host = "?"
	}
	_, port, _ := net.SplitHostPort(cfg.Listen)
	return host + ":" + port
}

// beat says that this replica is there until ctx ends, and then that it left.
func (s *server) beat(ctx context.Context) {
	if !onServer(s.cfg) {
		return
	}
	name, since := replicaName(s.cfg), s.clock()
	settings := s.cfg.Digests(s.house.store.ProofKey())
	say := func(ctx context.Context) error {
		ctx, cancel := context.WithTimeout(ctx, beatEvery)
		defer cancel()
		now, drift, err := s.house.store.Clock(ctx)
		if err != nil {
			return err
		}
		if drift.Abs() > maxDrift {
			s.log.Error("l'horloge s'écarte de celle de la base : réglez-la (NTP), des messages partiraient deux fois", "de", drift.Round(time.Millisecond))
		}
		return bot.Beat(ctx, s.house.store, name, now, bot.Replica{Release: thisRelease(), Since: since, DriftMS: drift.Milliseconds(),
			Settings: settings, Holds: s.held(), Said: s.running()})
	}
	for ctx.Err() == nil {
		if err := say(ctx); err != nil && ctx.Err() == nil {
			s.log.Warn("this replica cannot tell that it is there", "err", err)
		}
		select {
		case <-ctx.Done():
		case <-time.After(beatEvery):
		}
	}
	ending, cancel := context.WithTimeout(context.WithoutCancel(ctx), beatEvery)
	defer cancel()
	if err := bot.Depart(ending, s.house.store, name, s.clock()); err != nil {
		s.log.Warn("this replica cannot tell that it leaves", "err", err)
	}
}

// holds tells whether this replica, or nobody else, does something that one does for all.
func (s *server) holds(name string) bool {
	_, shared := s.house.cluster.(interface{ Held() []string })
	return !shared || slices.Contains(s.held(), name)
}

// held is what this replica does alone of all.
func (s *server) held() []string {
	if c, ok := s.house.cluster.(interface{ Held() []string }); ok {
		return c.Held()
	}
	return nil
}

// replicasNow are the replicas, and what the clock of the database says.
func replicasNow(ctx context.Context, db *store.DB) ([]bot.ReplicaSeen, time.Time, error) {
	now, _, err := db.Clock(ctx)
	if err != nil {
		return nil, time.Time{}, err
	}
	all, err := bot.Replicas(ctx, db)
	slices.SortFunc(all, func(a, b bot.ReplicaSeen) int { return strings.Compare(a.Name, b.Name) })
	return all, now, err
}

// replicasRunning are the figures of all replicas, for `passeur status`.
func replicasRunning(ctx context.Context, o *overview) error {
	all, now, err := replicasNow(ctx, o.db)
	if err != nil {
		return err
	}
	if len(all) == 0 {
		fmt.Fprintln(o, "Aucun robot ne tourne.")
		return nil
	}
	zone, err := o.zone()
	if err != nil {
		return err
	}
	fmt.Fprintln(o, "\nROBOT\tVERSION\tDEPUIS\tVU IL Y A\tHORLOGE\tFAIT SEUL")
	for _, r := range all {
		fmt.Fprintf(o, "%s\t%s\t%s\t%s\t%+d ms\t%s\n", r.Name, r.Release, r.Since.In(zone).Format("02/01 15:04"), silence(r, now), r.DriftMS,
			cmp.Or(strings.Join(r.Holds, ", "), "—"))
	}
	for _, r := range all {
		if now.Sub(r.At) < silentAfter {
			for _, line := range r.Said {
				fmt.Fprintf(o, "%s : %s\n", r.Name, line)
			}
		}
	}
	return nil
}

// silence is how long ago a replica was there.
func silence(r bot.ReplicaSeen, now time.Time) string {
	ago := max(now.Sub(r.At), 0).Round(time.Second)
	if ago < silentAfter {
		return ago.String()
	}
	return ago.String() + " : arrêté ?"
}

// replicas tells whether those that run agree with each other and with these settings, for `passeur check`.
func (r *report) replicas(ctx context.Context, db *store.DB, cfg *config.Config) {
	if !onServer(cfg) {
		return
	}
	_, drift, err := db.Clock(ctx)
	if err != nil {
		r.bad("Horloge du serveur PostgreSQL : %v", err)
		return
	}
	if drift.Abs() > maxDrift {
		r.bad("L'horloge de cette machine et celle du serveur PostgreSQL s'écartent de %s : réglez-les (NTP), sinon des rappels partent trop tôt ou trop tard.", drift.Round(time.Millisecond))
	}
	all, now, err := replicasNow(ctx, db)
	if err != nil {
		r.bad("Robots : %v", err)
		return
	}
	running := 0
	mine, releases := cfg.Digests(db.ProofKey()), map[string]bool{}
	for _, one := range all {
		if now.Sub(one.At) >= silentAfter {
			r.warn("Robot %s : pas vu depuis %s. S'il devait tourner, relancez-le.", one.Name, now.Sub(one.At).Round(time.Second))
			continue
		}
		releases[one.Release] = true
		running++
		r.replica(one, mine)
	}
	if running > 1 && cfg.Redis.URL == "" {
		r.bad("%d robots tournent, et ces réglages sont sans Redis (redis.url) : un robot qui les a se croit seul, et ils envoient ensemble plus vite que le fournisseur ne l'accepte.", running)
	}
	if most := cfg.Redis.Replicas; running > most {
		r.bad("%d robots tournent, les réglages en attendent %d au plus (redis.replicas) : sans Redis, leurs parts du débit feraient plus que le débit.", running, most)
	}
	if len(releases) > 1 {
		r.warn("Les robots n'ont pas tous la même version : c'est normal pendant une mise à jour, pas après.")
	}
}

// replica tells what is wrong with one that runs.
func (r *report) replica(one bot.ReplicaSeen, mine map[string]string) {
	var apart []string
	for group, digest := range one.Settings {
		if mine[group] != digest {
			apart = append(apart, group)
		}
	}
	slices.Sort(apart)
	drift := time.Duration(one.DriftMS) * time.Millisecond
	switch {
	case len(apart) > 0:
		r.bad("Robot %s : ses réglages ne sont pas ceux d'ici (%s). Tous les robots ont les mêmes ; corrigez et relancez celui qui a tort.", one.Name, strings.Join(apart, ", "))
	case drift.Abs() > maxDrift:
		r.bad("Robot %s : son horloge s'écarte de %s de celle du serveur PostgreSQL. Réglez-la (NTP).", one.Name, drift)
	default:
		r.ok("Robot %s : il tourne, avec les mêmes réglages.", one.Name)
	}
}
