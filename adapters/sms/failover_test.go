package sms

import (
	"context"
	"errors"
	"io"
	"net/http"
	"strings"
	"sync"
	"sync/atomic"
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
	mu   sync.Mutex
	took []string
}

func (p *pretender) Can() Abilities { return p.can }

func (p *pretender) hand(_ context.Context, t Text) (string, error) {
	if p.err != nil {
		return "", p.err
	}
	p.mu.Lock()
	defer p.mu.Unlock()
	p.took = append(p.took, t.Text)
	return "id-" + t.Text, nil
}

// pair is a network of two gateways, in the order in which they are used.
func pair() (n *Network, first, second *pretender) {
	first = &pretender{can: Abilities{Name: "un", Fiction: true, Receives: true, MaxParts: 10}}
	second = &pretender{can: Abilities{Name: "deux", Fiction: true, Receives: true, MaxParts: 3}}
	n = &Network{log: discard()}
	for _, w := range []way{first, second} {
		n.routes = append(n.routes, &route{way: w, config: Config{Provider: "kannel"}, log: n.log})
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

// TestTheBackupHasItsOwnPace: who must wait for his turn goes back to where STOP and time are looked at again.
func TestTheBackupHasItsOwnPace(t *testing.T) {
	synctest.Test(t, func(t *testing.T) {
		n, first, second := pair()
		first.err = bot.RetryAfter{Wait: time.Hour}
		n.routes[1].pace = rate.NewLimiter(2, 1)
		began := time.Now()
		for len(second.took) < 5 {
			_, err := send(t, n, "a")
			if patience, asked := errors.AsType[bot.RetryAfter](err); asked {
				time.Sleep(patience.Wait)
			} else if err != nil {
				t.Fatal(err)
			}
		}
		if took := time.Since(began); took != 2*time.Second {
			t.Errorf("five texts at two a second took %s", took)
		}
	})
}

// TestPatienceForEver: a gateway that asks for a little patience again and again is down.
func TestPatienceForEver(t *testing.T) {
	synctest.Test(t, func(t *testing.T) {
		n, first, second := pair()
		first.err = bot.RetryAfter{Wait: 5 * time.Second}
		for range 10 {
			_, _ = send(t, n, "a")
			time.Sleep(5 * time.Second)
		}
		if len(second.took) == 0 {
			t.Error("the second never took over")
		}
	})
}

// TestOneTextTriesTheGatewayThatRested: if it still hangs, one text is uncertain, not all that are on their way.
func TestOneTextTriesTheGatewayThatRested(t *testing.T) {
	synctest.Test(t, func(t *testing.T) {
		n, _, second := pair()
		n.routes[0].way = hanging{n.routes[0].Can()}
		n.routes[0].failed, n.routes[0].rest, n.routes[0].until = failuresToRest, firstRest, time.Now()
		var took sync.WaitGroup
		uncertain := atomic.Int32{}
		for range 64 {
			took.Go(func() {
				if _, err := n.Send(t.Context(), "sms:"+jeanne, bot.Rendered{Key: "k", Text: "a"}); errors.Is(err, bot.ErrUncertain) {
					uncertain.Add(1)
				}
			})
		}
		took.Wait()
		if uncertain.Load() != 1 || len(second.took) != 63 {
			t.Errorf("%d uncertain, %d by the second", uncertain.Load(), len(second.took))
		}
		if _, err := n.Send(t.Context(), "sms:"+jeanne, bot.Rendered{Key: "k", Text: "trop " + strings.Repeat("long ", 400)}); !errors.Is(err, bot.ErrRefused) {
			t.Errorf("too long: %v", err)
		}
		if !n.routes[0].rests(time.Now()) {
			t.Error("a text that never left says nothing of the gateway")
		}
	})
}

// hanging is a gateway that takes a second to answer nothing.
type hanging struct{ can Abilities }

func (h hanging) Can() Abilities { return h.can }

func (h hanging) hand(context.Context, Text) (string, error) {
	time.Sleep(time.Second)
	return "", uncertain(errors.New("no answer"))
}

func TestAPairPromisesWhatBothCan(t *testing.T) {
	n, _, second := pair()
	if able := n.Abilities(); !able.Receives || able.MaxParts != 3 {
		t.Errorf("%+v", able)
	}
	second.can.Receives = false
	if able := n.Abilities(); !able.Receives || !able.OneWay {
		t.Errorf("an answer to the second gateway would be lost: %+v", able)
	}
	n.routes = n.routes[:1]
	if able := n.Abilities(); able.OneWay {
		t.Errorf("the first alone: %+v", able)
	}
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
	n.routes[1].config.Provider, n.routes[1].config.From = "ovhcloud", "+33612345678"
	if w := strings.Join(n.Warnings(), "\n"); strings.Count(w, "ARCEP") != 2 || strings.Count(w, "jamais vérifié") != 1 {
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
	n, err := Open(x.config, nil, nil, discard())
	if err != nil {
		t.Fatal(err)
	}
	id, err := send(t, n, "bonjour")
	if err != nil || id != "smsgate:x1" || asked != 3 {
		t.Errorf("%q, %v after %d", id, err, asked)
	}
}

// TestUncertainStaysUncertain: a gateway that took a text and lost its answer may well refuse it the second time; nobody else may
// send it then.
func TestUncertainStaysUncertain(t *testing.T) {
	was := sameAgain
	sameAgain = []time.Duration{time.Millisecond, time.Millisecond}
	defer func() { sameAgain = was }()
	for _, status := range []int{http.StatusServiceUnavailable, http.StatusUnauthorized, http.StatusTooManyRequests, http.StatusBadRequest} {
		x := readTable(t, "smsgate").providerCase(t, "smsgate")
		asked := atomic.Int32{}
		x.config.URL = gateway(t, func(w http.ResponseWriter, r *http.Request) {
			_, _ = io.Copy(io.Discard, r.Body)
			if asked.Add(1) == 1 {
				panic(http.ErrAbortHandler)
			}
			w.Header().Set("Retry-After", "60")
			w.WriteHeader(status)
		})
		n, err := Open(x.config, nil, io.Discard, discard())
		if err != nil {
			t.Fatal(err)
		}
		n.routes = append(n.routes, &route{way: &pretender{can: Abilities{Name: "deux", Fiction: true}}, log: n.log})
		n.routes[0].failed = failuresToRest - 1
		if id, err := send(t, n, "bonjour"); !errors.Is(err, bot.ErrUncertain) {
			t.Errorf("then %d: %q, %v", status, id, err)
		}
	}
}

// TestWhatAsksGoesWhereAnswersComeBack: the second gateway, which gives none back, says what asks for none; a text that has no such
// twin waits for the first.
func TestWhatAsksGoesWhereAnswersComeBack(t *testing.T) {
	synctest.Test(t, func(t *testing.T) {
		n, first, second := pair()
		second.can.Receives = false
		asking := bot.Rendered{Key: "k", Text: "Vous venez ? Répondez 1 ou 2.", OneWay: "N'oubliez pas."}
		if _, err := n.Send(t.Context(), "sms:"+jeanne, asking); err != nil || first.took[0] != asking.Text {
			t.Fatalf("%q, %v", first.took, err)
		}
		first.err = bot.RetryAfter{Wait: time.Hour}
		if _, err := n.Send(t.Context(), "sms:"+jeanne, asking); err != nil || second.took[0] != asking.OneWay {
			t.Errorf("%q, %v", second.took, err)
		}
		asking.OneWay = ""
		if _, err := n.Send(t.Context(), "sms:"+jeanne, asking); err == nil || len(second.took) != 1 {
			t.Errorf("%q, %v", second.took, err)
		}
		first.err = nil
		if _, err := n.Send(t.Context(), "sms:"+jeanne, asking); err != nil || len(first.took) != 2 {
			t.Errorf("%q, %v", first.took, err)
		}
	})
}

// TestBothDown: when the second fails for certain, the first is tried although it rests: it may be well again.
func TestBothDown(t *testing.T) {
	synctest.Test(t, func(t *testing.T) {
		n, first, second := pair()
		n.routes[0].sleep(time.Now(), longestRest)
		second.err = errors.New("connection refused")
		if id, err := send(t, n, "a"); err != nil || id != "un:id-a" || len(first.took) != 1 {
			t.Errorf("%q, %v", id, err)
		}
		second.err = uncertain(errors.New("no answer"))
		n.routes[0].sleep(time.Now(), longestRest)
		if _, err := send(t, n, "b"); !errors.Is(err, bot.ErrUncertain) || len(first.took) != 1 {
			t.Errorf("what may have left goes no other way: %v", err)
		}
	})
}
