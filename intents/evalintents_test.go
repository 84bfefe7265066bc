package intents

import (
	"cmp"
	"fmt"
	"maps"
	"math/rand/v2"
	"os"
	"slices"
	"strings"
	"testing"
	"time"

	"passeur/intents/french"
	"passeur/intents/intentstest"
)

// outcome is what became of a held-out line.
type outcome struct {
	line example
	got  Understood
}

func (o outcome) right() bool { return o.got.Intent == o.line.intent }

// understandAll reads the lines of a held-out file.
func understandAll(t testing.TB, file string, pro bool) []outcome {
	t.Helper()
	lines, err := parseExamples(readTestdata(t, "heldout/"+file), pro)
	if err != nil {
		t.Fatal(err)
	}
	reader, g, now := NewReader(), manche(t), time.Date(2026, 11, 25, 10, 0, 0, 0, intentstest.Paris(t))
	out := make([]outcome, len(lines))
	for i, l := range lines {
		out[i] = outcome{l, Understand(reader, g, l.text, Context{Pro: pro, Open: l.open}, now)}
	}
	return out
}

// figures are what a set of outcomes comes to.
type figures struct {
	n                          int
	accuracy, f1               float64
	f1Low, f1High              float64 // 95 % by bootstrap
	unknownRight, unknownFound float64 // precision and recall of Inconnu
	acts, actsRight            float64 // share of messages acted on; share of those acts that are right
}

func figuresOf(all []outcome) figures {
	f := figures{n: len(all)}
	f.accuracy, f.f1 = accuracy(all), macroF1(all)
	dice := rand.New(rand.NewPCG(1, 2))
	var spread []float64
	again := make([]outcome, len(all))
	for range 1000 {
		for i := range again {
			again[i] = all[dice.IntN(len(all))]
		}
		spread = append(spread, macroF1(again))
	}
	slices.Sort(spread)
	f.f1Low, f.f1High = spread[25], spread[974]
	said, was, both, acts, right := 0., 0., 0., 0., 0.
	for _, o := range all {
		said += float64(french.Bit(o.got.Intent == Inconnu))
		was += float64(french.Bit(o.line.intent == Inconnu))
		both += float64(french.Bit(o.right() && o.line.intent == Inconnu))
		if o.got.Decision == Act {
			acts++
			right += float64(french.Bit(o.right()))
		}
	}
	f.unknownRight, f.unknownFound, f.acts, f.actsRight = both/said, both/was, acts/float64(len(all)), right/acts
	return f
}

func accuracy(all []outcome) float64 {
	n := 0
	for _, o := range all {
		n += french.Bit(o.right())
	}
	return float64(n) / float64(len(all))
}

// macroF1 is the mean of the F1 of the labels that the lines bear.
func macroF1(all []outcome) float64 {
	hit, said, was := map[Intent]float64{}, map[Intent]float64{}, map[Intent]float64{}
	for _, o := range all {
		said[o.got.Intent]++
		was[o.line.intent]++
		if o.right() {
			hit[o.line.intent]++
		}
	}
	sum := 0.0
	for _, l := range slices.Sorted(maps.Keys(was)) { // in order: floats do not add up the same in another
		sum += 2 * hit[l] / (said[l] + was[l])
	}
	return sum / float64(len(was))
}

func (f figures) print(name string) {
	fmt.Printf("%s: accuracy %s, macro-F1 %.3f (%.3f à %.3f)\n", name, interval(f.accuracy, f.n), f.f1, f.f1Low, f.f1High)
	fmt.Printf("%s: inconnu precision %.3f recall %.3f; acts on %.3f, right %.3f\n", name, f.unknownRight, f.unknownFound, f.acts, f.actsRight)
}

// confusions prints, for each label, how many lines there are, how many are right, and what the others were taken for.
func confusions(all []outcome) {
	was, taken := map[Intent]int{}, map[Intent]map[Intent]int{}
	for _, o := range all {
		was[o.line.intent]++
		if taken[o.line.intent] == nil {
			taken[o.line.intent] = map[Intent]int{}
		}
		taken[o.line.intent][o.got.Intent]++
	}
	for _, l := range slices.Sorted(maps.Keys(was)) {
		var others []string
		for _, as := range slices.SortedFunc(maps.Keys(taken[l]), func(a, b Intent) int {
			return cmp.Or(cmp.Compare(taken[l][b], taken[l][a]), cmp.Compare(a, b))
		}) {
			if as != l {
				others = append(others, fmt.Sprintf("%s %d", as, taken[l][as]))
			}
		}
		fmt.Printf("  %-15s %3d of %3d   %s\n", l, taken[l][l], was[l], strings.Join(others, ", "))
	}
}

func evalUsagers(t *testing.T) {
	general, hard := understandAll(t, "usager.tsv", false), understandAll(t, "usager-surete.tsv", false)
	f := figuresOf(general)
	f.print("usager")
	confusions(general)
	figuresOf(hard).print("usager, hard on purpose")
	confusions(hard)
	figuresOf(slices.Concat(general, hard)).print("usager, both")
	figuresOf(notLearnt(general)).print("usager, without what others wrote word for word in the examples")
	bar("usager_accuracy", f.accuracy)
	bar("usager_f1", f.f1)
	bar("inconnu_precision", f.unknownRight)
	bar("inconnu_recall", f.unknownFound)
	bar("act_precision", f.actsRight)
	bar("act_share", f.acts)
	safetyOf(slices.Concat(general, hard)).print()
}

// safetyFigures are how much distress is found, and how often a yes is done for a no, or the other way round.
type safetyFigures struct {
	distress, others, alarms, coming, inverted int
	found                                      float64 // share of the distress
}

func safetyOf(all []outcome) (s safetyFigures) {
	found := 0
	for _, o := range all {
		switch o.line.intent {
		case Urgence:
			s.distress++
			found += french.Bit(o.got.Urgent)
			continue
		case Confirmer, Annuler:
			s.coming++
			opposite := map[Intent]Intent{Confirmer: Annuler, Annuler: Confirmer}[o.line.intent]
			s.inverted += french.Bit(o.got.Intent == opposite && o.got.Decision == Act)
		}
		s.others++
		s.alarms += french.Bit(o.got.Urgent)
	}
	s.found = float64(found) / float64(max(1, s.distress))
	return s
}

func (s safetyFigures) print() {
	fmt.Printf("distress: found %s; false alarms %d of %d\n", interval(s.found, s.distress), s.alarms, s.others)
	bar("distress_recall", s.found)
	bar("distress_n", float64(s.distress))
	bar("inversions", float64(s.inverted))
	bar("confirm_cancel_n", float64(s.coming))
}

// notLearnt leaves out the short lines that stand in the examples as well, since everybody writes them.
func notLearnt(all []outcome) (out []outcome) {
	learnt := map[string]bool{}
	for _, e := range examplesOf(false) {
		learnt[e.open+"\t"+french.Folded(e.text)] = true
	}
	for _, o := range all {
		if !learnt[o.line.open+"\t"+french.Folded(o.line.text)] {
			out = append(out, o)
		}
	}
	return out
}

func evalPros(t *testing.T) {
	all := understandAll(t, "pro.tsv", true)
	f := figuresOf(all)
	f.print("pro")
	confusions(all)
	bar("pro_accuracy", f.accuracy)
	bar("pro_f1", f.f1)
}

// evalStop counts the lines that are no STOP and fire it, and the ways to write the keyword that do not.
func evalStop(t *testing.T) {
	fired, lines := 0, 0
	for file, pro := range map[string]bool{"usager.tsv": false, "usager-surete.tsv": false, "pro.tsv": true} {
		for _, o := range understandAll(t, file, pro) {
			if o.line.intent != Stop {
				lines++
				fired += french.Bit(exactStop(letters(french.Tokenize(o.line.text))))
			}
		}
	}
	missed, forms := 0, 0
	reader := NewReader()
	for _, word := range []string{"stop", "arret", "arrêt", "stop sms", "stop svp", "stop merci", "arret svp", "désabonner", "desabonner", "desinscription"} {
		for _, form := range []string{word, strings.ToUpper(word), strings.ToUpper(word[:1]) + word[1:]} {
			for _, around := range []string{"%s", "%s.", "%s!", " %s ", "%s !", "%s..."} {
				for _, c := range contexts {
					forms++
					missed += french.Bit(reader.Read(fmt.Sprintf(around, form), c).Intent != Stop)
				}
			}
		}
	}
	fmt.Printf("STOP: fired on %d of %d lines that are none; missed %d of %d forms\n", fired, lines, missed, forms)
	bar("stop_false", float64(fired))
	bar("stop_missed", float64(missed))
}

// heldUsagerDates are how many of the held-out messages with dates are from usagers; counsellors' follow.
const heldUsagerDates = 210

// evalDates counts the messages whose day and hour are right, and those without any in which one is seen.
func evalDates(t *testing.T) {
	g, now, reader := manche(t), time.Date(2026, 11, 25, 10, 0, 0, 0, intentstest.Paris(t)), NewReader()
	right, wrongDay, wrongHour, silent, named := 0, 0, 0, 0, intentstest.Rows(t, "heldout/dates.tsv")
	for i, r := range named {
		e := Understand(reader, g, r[0], Context{Pro: i >= heldUsagerDates}, now).Entities
		day, hour := slices.Contains(strings.Split(r[1], "|"), cmp.Or(e.Date, "-")), r[2] == cmp.Or(e.Time, e.Moment, "-")
		right += french.Bit(day && hour)
		silent += french.Bit(e.Date == "" && !day)
		wrongDay += french.Bit(e.Date != "" && !day)
		wrongHour += french.Bit(day && !hour)
	}
	invented, free := 0, intentstest.Rows(t, "heldout/dates-libres.txt")
	for _, r := range free {
		e := Understand(reader, g, r[0], Context{}, now).Entities
		invented += french.Bit(e.Date != "" || e.Time != "")
	}
	share := float64(right) / float64(len(named))
	fmt.Printf("dates: another day %d, no day %d, another hour %d\n", wrongDay, silent, wrongHour)
	fmt.Printf("dates: right %s; invented in %d of %d\n", interval(share, len(named)), invented, len(free))
	bar("dates_right", share)
	bar("dates_invented", float64(invented)/float64(len(free)))
	bar("date_free_n", float64(len(free)))
}

func readTestdata(t testing.TB, name string) string {
	t.Helper()
	raw, err := os.ReadFile("testdata/" + name)
	if err != nil {
		t.Fatal(err)
	}
	return string(raw)
}
