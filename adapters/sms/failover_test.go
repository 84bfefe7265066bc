package sms

import (
	"context"
	"errors"
	"log/slog"
	"strings"
	"testing"
	"testing/synctest"
	"time"

	"golang.org/x/time/rate"

	"passeur/bot"
)

// pretender is a gateway that answers what it is told to.
type pretender struct {
	can  Abilities
	err  error
	took []string
}

func (p *pretender) Can() Abilities { return p.can }

func (p *pretender) hand(_ context.Context, t Text) (string, error) {
	if p.err != nil {
		return "", p.err
	}
	p.took = append(p.took, t.Text)
	return "id-" + t.Text, nil
}

// pair is a network of two gateways, in the order in which they are used.
func pair() (n *Network, first, second *pretender) {
	first = &pretender{can: Abilities{Name: "un", Fiction: true, Receives: true, MaxParts: 10}}
	second = &pretender{can: Abilities{Name: "deux", Fiction: true, Receives: true, MaxParts: 3}}
	n = &Network{log: slog.New(slog.DiscardHandler)}
	for _, w := range []way{first, second} {
		n.routes = append(n.routes, &route{way: w, config: Config{Provider: w.Can().Name}, log: n.log})
	}
	return n, first, second
}

func send(t *testing.T, n *Network, text string) (string, error) {
	t.Helper()
	return n.Send(t.Context(), "sms:"+jeanne, bot.Rendered{Key: "k", Text: text})
}

func TestTheBackupTakesOverAndGivesBack(t *testing.T) {
	synctest.Test(t, func(t *testing.T) {
		n, first, second := pair()
		if id, err := send(t, n, "a"); err != nil || id != "un:id-a" {
			t.Fatalf("well: %q, %v", id, err)
		}
		first.err = errors.New("connection refused")
		for range failuresToRest - 1 {
			if _, err := send(t, n, "b"); err == nil || len(second.took) > 0 {
				t.Fatalf("a first failure is the scheduler's to repeat: %v, %v", err, second.took)
			}
		}
		if id, err := send(t, n, "c"); err != nil || id != "deux:id-c" {
			t.Fatalf("the text that trips it goes the other way at once: %q, %v", id, err)
		}
		if id, _ := send(t, n, "d"); id != "deux:id-d" {
			t.Fatalf("while it rests: %q", id)
		}
		time.Sleep(firstRest)
		if id, _ := send(t, n, "e"); id != "deux:id-e" {
			t.Fatalf("tried again, still failing: %q", id)
		}
		time.Sleep(firstRest)
		first.err = nil
		if id, _ := send(t, n, "f"); id != "deux:id-f" {
			t.Fatalf("it rests twice as long: %q", id)
		}
		time.Sleep(firstRest)
		for _, text := range []string{"g", "h"} {
			if id, _ := send(t, n, text); id != "un:id-"+text {
				t.Fatalf("well again: %q", id)
			}
		}
	})
}

func TestWhatMayHaveLeftGoesNoOtherWay(t *testing.T) {
	synctest.Test(t, func(t *testing.T) {
		n, first, second := pair()
		first.err = uncertain(errors.New("no answer"))
		for range failuresToRest {
			if _, err := send(t, n, "a"); !errors.Is(err, bot.ErrUncertain) {
				t.Fatalf("%v", err)
			}
		}
		if len(second.took) > 0 {
			t.Fatalf("sent twice: %v", second.took)
		}
		if id, err := send(t, n, "b"); err != nil || id != "deux:id-b" {
			t.Errorf("the next one: %q, %v", id, err)
		}
		first.err, n.routes[0].until = refused("pas-un-mobile"), time.Time{}
		if _, err := send(t, n, "c"); !errors.Is(err, bot.ErrRefused) || len(second.took) != 1 {
			t.Errorf("refused is refused: %v, %v", err, second.took)
		}
	})
}

func TestPatience(t *testing.T) {
	synctest.Test(t, func(t *testing.T) {
		n, first, second := pair()
		first.err = bot.RetryAfter{Wait: 5 * time.Second}
		if _, err := send(t, n, "a"); kind(err) != "wait 5s" || len(second.took) > 0 {
			t.Errorf("a short patience is obeyed: %v", err)
		}
		first.err = bot.RetryAfter{Wait: time.Hour}
		if id, err := send(t, n, "b"); err != nil || id != "deux:id-b" {
			t.Errorf("a long one counts as down: %q, %v", id, err)
		}
		first.err = nil
		time.Sleep(30 * time.Minute)
		if id, _ := send(t, n, "c"); id != "deux:id-c" {
			t.Errorf("it is left alone as long as it asked: %q", id)
		}
	})
}

func TestTheBackupHasItsOwnPace(t *testing.T) {
	synctest.Test(t, func(t *testing.T) {
		n, first, _ := pair()
		first.err = bot.RetryAfter{Wait: time.Hour}
		n.routes[1].pace = rate.NewLimiter(2, 1)
		began := time.Now()
		for range 5 {
			if _, err := send(t, n, "a"); err != nil {
				t.Fatal(err)
			}
		}
		if took := time.Since(began); took != 2*time.Second {
			t.Errorf("five texts at two a second took %s", took)
		}
	})
}

func TestAPairPromisesWhatBothCan(t *testing.T) {
	n, _, second := pair()
	if able := n.Abilities(); !able.Receives || able.MaxParts != 3 {
		t.Errorf("%+v", able)
	}
	second.can.Receives = false
	if n.Abilities().Receives {
		t.Error("an answer to the second gateway would be lost")
	}
	n.routes = n.routes[:1]
	if n.routes[0].config.From = "Passeur"; n.Abilities().Receives {
		t.Error("nobody can answer a name")
	}
}

func TestWarnings(t *testing.T) {
	n, first, _ := pair()
	if w := n.Warnings(); len(w) > 0 {
		t.Errorf("%v", w)
	}
	first.can.Phone = true
	n.routes[1].config.From = "+33612345678"
	if w := strings.Join(n.Warnings(), "\n"); strings.Count(w, "ARCEP") != 2 {
		t.Errorf("%s", w)
	}
}

// TestDedupedTextsAreHandedOverAgain: where the gateway takes a text once under its key, no answer is no reason to wait for a person.
func TestDedupedTextsAreHandedOverAgain(t *testing.T) {
	asked := 0
	url := gateway(t, hangUpTwice(&asked))
	x := readTable(t, "smsgate").providerCase(t, "smsgate")
	x.config.URL = url
	was := sameAgain
	sameAgain = []time.Duration{time.Millisecond, time.Millisecond}
	defer func() { sameAgain = was }()
	n, err := Open(x.config, nil, nil, slog.New(slog.DiscardHandler))
	if err != nil {
		t.Fatal(err)
	}
	id, err := send(t, n, "bonjour")
	if err != nil || id != "smsgate:x1" || asked != 3 {
		t.Errorf("%q, %v after %d", id, err, asked)
	}
}
