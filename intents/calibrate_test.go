package intents

import (
	"fmt"
	"hash/fnv"
	"os"
	"slices"
	"sync"
	"testing"

	"passeur/intents/french"
)

// TestCalibrate shows what the thresholds of the reader are worth: CALIBRATE=1, or `make calibrate`. Lines of one author are never both learnt
// and tested.
func TestCalibrate(t *testing.T) {
	if os.Getenv("CALIBRATE") == "" {
		t.Skip("`make calibrate` runs it")
	}
	for _, role := range []struct {
		name string
		pro  bool
	}{{"usager", false}, {"pro", true}} {
		all := crossValidated(examplesOf(role.pro), role.pro)
		outcomes := make([]outcome, len(all))
		for i, v := range all {
			outcomes[i] = outcome{v.line, Understood{Intent: LabelOf(v.reading.Intent, role.pro), Decision: v.reading.Decision, Urgent: v.reading.Worrying}}
		}
		fmt.Printf("\n== %s, by cross-validation\n", role.name)
		figuresOf(outcomes).print(role.name)
		confusions(outcomes)
		if !role.pro {
			safetyOf(outcomes).print()
		}
		thresholds(all)
	}
}

// thresholds prints, for several values of actFrom, how many texts the classifier would act on, and how often rightly.
func thresholds(all []validated) {
	for _, from := range []float64{0.75, 0.8, 0.85, 0.9, 0.95} {
		acts, right := 0., 0.
		for _, v := range all {
			if len(v.guesses) > 0 && v.guesses[0].Intent != Inconnu && v.guesses[0].P >= from {
				acts++
				right += float64(french.Bit(v.guesses[0].Intent == v.line.intent))
			}
		}
		fmt.Printf("  to act from %.2f: %.3f of the texts, %.3f right\n", from, acts/float64(len(all)), right/acts)
	}
}

// validated is an example, and what a reader that had not learnt from its author makes of it.
type validated struct {
	line     example
	text     looked
	features []feature
	guesses  []guess
	reading  Reading
}

func (v *validated) judge(c *classifier) {
	if !v.text.settled() {
		v.guesses = v.text.guesses(rulebook(), c)
	}
	v.reading = v.text.decide(v.guesses)
}

const folds = 5

// crossValidated reads each example with a classifier that learnt from the authors of the other folds.
func crossValidated(examples []example, pro bool) []validated {
	labels := Labels(pro)
	out, fold := make([]validated, len(examples)), make([]int, len(examples))
	for i, e := range examples {
		out[i] = validated{line: e, text: rulebook().look(e.text, Context{Pro: pro, Open: e.open})}
		out[i].features = out[i].text.features(rulebook())
		h := fnv.New32()
		_, _ = h.Write([]byte(e.author))
		fold[i] = int(h.Sum32() % folds)
	}
	var wait sync.WaitGroup
	for k := range folds {
		wait.Go(func() {
			var samples []sample
			for i, e := range examples {
				if fold[i] != k {
					samples = append(samples, sample{out[i].features, slices.Index(labels, e.intent), keyOf(e)})
				}
			}
			c := train(labels, samples)
			for i := range out {
				if fold[i] == k {
					out[i].judge(c)
				}
			}
		})
	}
	wait.Wait()
	return out
}
