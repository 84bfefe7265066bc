//go:build unix

package main

import (
	"encoding/hex"
	"fmt"
	"strings"
	"sync/atomic"
	"testing"
	"time"

	"passeur/bot"
	"passeur/e2e/peers"
)

// onServers are the settings of a robot of several. Without redis it is alone.
func onServers(database, redis, gateway string) map[string]string {
	set := overKannel("", gateway)
	delete(set, "PASSEUR_DATABASE")
	set["PASSEUR_POSTGRES_URL"], set["PASSEUR_REDIS_URL"], set["PASSEUR_KEY"] = database, redis, hex.EncodeToString(benchKey)
	return set
}

// TestReplicas runs two robots on one PostgreSQL and one Redis: any of them answers a webhook, once; commands write beside them; status and check tell
// of both.
func TestReplicas(t *testing.T) {
	var count tally
	gateway, err := openGateway(count.took)
	if err != nil {
		t.Fatal(err)
	}
	defer gateway.close()
	set := onServers(peers.StartPostgres(t).DSN, peers.StartRedis(t).URL, gateway.url())
	set["PASSEUR_DESK"] = "mattermost:#accueil"
	for name, value := range set {
		t.Setenv(name, value)
	}
	checked(t, "✓ Base passeur (PostgreSQL, 127.0.0.1:", ") : elle est vide, elle sera préparée au premier démarrage.")
	var robots [2]*serving
	var stops [2]func()
	for i := range robots {
		robots[i] = servingWith(t, set)
		stops[i] = robots[i].whole(t)
	}
	fillAsked(t, robots[0].db, 3)
	names := []string{replicaName(robots[0].cfg), replicaName(robots[1].cfg)}
	t.Run("status shows both", func(t *testing.T) {
		shown := func() string { out, _ := passeur(t, "", "status"); return out }
		if !until(20*time.Second, 100*time.Millisecond, func() bool { out := shown(); return strings.Contains(out, names[0]) && strings.Contains(out, names[1]) }) {
			t.Fatal(shown())
		}
		for _, name := range names {
			if want := name + " : Appels refusés faute de preuve depuis le démarrage : 0."; !strings.Contains(shown(), want) {
				t.Errorf("no line %q in\n%s", want, shown())
			}
		}
	})
	t.Run("check finds them set alike", func(t *testing.T) {
		checked(t, fmt.Sprintf("✓ Robot %s : il tourne, avec les mêmes réglages.", names[0]), fmt.Sprintf("✓ Robot %s : il tourne, avec les mêmes réglages.", names[1]))
	})
	t.Run("check finds another setting", func(t *testing.T) {
		t.Setenv("PASSEUR_SMS_RATE", "7")
		checked(t, fmt.Sprintf("✗ Robot %s : ses réglages ne sont pas ceux d'ici (sms).", names[0]))
	})
	t.Run("check finds that they share no pace, or too small a one", func(t *testing.T) {
		t.Setenv("PASSEUR_REDIS_REPLICAS", "1")
		checked(t, "✗ 2 robots tournent, les réglages en attendent 1 au plus")
		t.Setenv("PASSEUR_REDIS_URL", "")
		checked(t, "✗ 2 robots tournent, et ces réglages sont sans Redis")
	})
	t.Run("check finds a clock that is wrong, a robot that is gone, and another release", func(t *testing.T) {
		db := robots[0].db
		now := time.Now()
		beats := map[string]struct {
			at time.Time
			r  bot.Replica
		}{
			"ailleurs:1": {now, bot.Replica{Release: "0.9", DriftMS: 4000, Settings: robots[0].cfg.Digests(db.ProofKey())}},
			"ailleurs:2": {now.Add(-10 * time.Minute), bot.Replica{Release: thisRelease()}},
		}
		for name, b := range beats {
			if err := bot.Beat(t.Context(), db, name, b.at, b.r); err != nil {
				t.Fatal(err)
			}
			defer func() { _ = bot.Depart(t.Context(), db, name, now) }()
		}
		checked(t, "✗ Robot ailleurs:1 : son horloge s'écarte de 4s", "! Robot ailleurs:2 : pas vu depuis 10m", "! Les robots n'ont pas tous la même version")
		if out, _ := passeur(t, "", "status"); !strings.Contains(out, "arrêté ?") {
			t.Errorf("status does not tell that one is silent:\n%s", out)
		}
	})
	t.Run("the same SMS at both is handled once", func(t *testing.T) { heardOnce(t, robots, &count) })
	t.Run("a command writes beside them", func(t *testing.T) {
		if out, err := passeur(t, "", "pause"); err != nil || !strings.Contains(out, "Pause générale") {
			t.Errorf("%s %v", out, err)
		}
		for _, command := range []string{"status", "resume"} {
			if out, err := passeur(t, "", command); err != nil || command == "status" && !strings.Contains(out, "PAUSE GÉNÉRALE") {
				t.Errorf("%s: %s %v", command, out, err)
			}
		}
	})
	t.Run("who stops is not shown any more", func(t *testing.T) {
		stops[0]()
		if out, _ := passeur(t, "", "status"); strings.Contains(out, names[0]) || !strings.Contains(out, names[1]) {
			t.Errorf("after %s stopped:\n%s", names[0], out)
		}
	})
	stops[1]()
}

// heardOnce brings the same SMS to both robots many times at once.
func heardOnce(t *testing.T, robots [2]*serving, count *tally) {
	t.Helper()
	count.forget() // what check asked the gateway
	var next atomic.Int64
	if taken := atOnce(60, func() error { return newWebhooks(robots[next.Add(1)%2].url, "", 1).send("same", 0, "oui") }); taken != 60 {
		t.Errorf("%d of 60 were taken", taken)
	}
	db := robots[0].db
	if !until(time.Minute, 20*time.Millisecond, func() bool { unique, _ := count.counts(); return unique > 0 && pendingSMS(t, db) == 0 }) {
		t.Fatal("no reply leaves")
	}
	if unique, again := count.counts(); unique != 1 || again != 0 {
		t.Errorf("%d replies, %d of them again", unique, again)
	}
}
