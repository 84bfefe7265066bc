package sim

import (
	"fmt"
	"math"
	"os"
	"reflect"
	"slices"
	"sync"
	"testing"
)

const seeds = 5

// TestSim compares the three strategies: SIM=1, or `make sim`. It asserts nothing of the figures, which it prints last, one a line.
func TestSim(t *testing.T) {
	if os.Getenv("SIM") == "" {
		t.Skip("`make sim` plays it")
	}
	a, err := Assumed()
	if err != nil {
		t.Fatal(err)
	}
	fmt.Printf("%d seeds, a year each; every line takes a minute or two\n%-28s  %s\n", seeds, "", heads)
	usual := compare(a)
	fmt.Printf("%-28s  %v\n", "as assumed", usual)
	worst := 0.0
	for name, varied := range variations(a) {
		r := compare(varied)
		fmt.Printf("%-28s  %v\n", name, r)
		worst = max(worst, r.vsChannel, r.vsExpert)
	}
	for _, bar := range []struct {
		name  string
		value float64
	}{{"first_answer_vs_channel", usual.vsChannel}, {"first_answer_vs_expert", usual.vsExpert}, {"gini", usual.Gini}, {"over_budget", float64(usual.Over)},
		{"dropped", float64(usual.Dropped)}, {"worst_variation", worst}} {
		fmt.Printf("bar %s %.4g\n", bar.name, bar.value)
	}
}

// result is what the router led to, the median of the seeds, and its time to the first answer over that of the others.
type result struct {
	Outcome
	vsChannel, vsExpert float64
}

const heads = "median h  never  asks  gini   over  dropped  /channel  /expert"

func (r result) String() string {
	return fmt.Sprintf("%8.2f  %5.3f  %4.2f  %5.3f  %4d  %7d  %8.3f  %7.3f", r.Median, r.Never, r.Asks, r.Gini, r.Over, r.Dropped, r.vsChannel, r.vsExpert)
}

func compare(a Assumptions) result {
	all := make([]result, seeds)
	var years sync.WaitGroup
	for seed := range all {
		years.Go(func() {
			w := imagine(a, uint64(seed))
			r := byRouter(w)
			all[seed] = result{r, r.Median / inChannel(w).Median, r.Median / toExpert(w).Median}
		})
	}
	years.Wait()
	of := func(what func(result) float64) float64 {
		values := make([]float64, len(all))
		for i, r := range all {
			values[i] = what(r)
		}
		return median(values)
	}
	return result{Outcome{of(func(r result) float64 { return r.Median }), of(func(r result) float64 { return r.Never }), of(func(r result) float64 { return r.Asks }),
		of(func(r result) float64 { return r.Gini }), int(of(func(r result) float64 { return float64(r.Over) })), int(of(func(r result) float64 { return float64(r.Dropped) }))},
		of(func(r result) float64 { return r.vsChannel }), of(func(r result) float64 { return r.vsExpert })}
}

// shares are the assumptions that cannot be more than whole.
var shares = []string{"AbleWell", "AbleLittle", "InPermanence", "Ignored", "ChannelAnswers", "Weariness"}

// variations are the assumptions with each number halved and doubled in turn. A day cannot be longer than one, nor a leave than the year.
func variations(a Assumptions) func(yield func(string, Assumptions) bool) {
	return func(yield func(string, Assumptions) bool) {
		fields := reflect.TypeOf(a)
		for i := range fields.NumField() {
			for _, by := range []float64{0.5, 2} {
				varied := a
				scale(reflect.ValueOf(&varied).Elem().Field(i), by, slices.Contains(shares, fields.Field(i).Name))
				if !yield(fmt.Sprintf("%s × %v", fields.Field(i).Name, by), varied) {
					return
				}
			}
		}
	}
}

func scale(v reflect.Value, by float64, share bool) {
	switch {
	case v.Kind() == reflect.Int:
		v.SetInt(max(1, int64(math.Round(float64(v.Int())*by))))
	case share:
		v.SetFloat(min(1, v.Float()*by))
	default:
		v.SetFloat(v.Float() * by)
	}
}

func small(t *testing.T) Assumptions {
	t.Helper()
	a, err := Assumed()
	if err != nil {
		t.Fatal(err)
	}
	a.Counsellors, a.Departements, a.Questions, a.Weeks, a.LeaveWeeks = 60, 3, 400, 8, 2
	return a
}

// TestSimHolds: in a small world nobody is asked beyond her budget, no question is dropped, and the same seed is the same year.
func TestSimHolds(t *testing.T) {
	for seed := range uint64(3) {
		one, two := byRouter(imagine(small(t), seed)), byRouter(imagine(small(t), seed))
		if one != two {
			t.Errorf("seed %d: %+v, then %+v", seed, one, two)
		}
		if one.Over > 0 || one.Dropped > 0 || one.Never > 0.9 || one.Asks == 0 {
			t.Errorf("seed %d: %+v", seed, one)
		}
	}
}

// TestSimSees: the figures fail when they should: asks beyond a budget, questions of which nobody is told, one person who is asked alone.
func TestSimSees(t *testing.T) {
	w := imagine(small(t), 1)
	if o := toExpert(w); o.Over == 0 || o.Gini < 0.5 {
		t.Errorf("an expert who is asked everything: %+v", o)
	}
	if o := run(w, func(*play, int, int) {}, func(int) bool { return true }); o.Dropped != len(w.questions) || o.Median != w.NeverHours {
		t.Errorf("nobody is asked anything: %+v", o)
	}
	if g := gini([]int{5, 5, 5, 5}); math.Abs(g) > 1e-9 {
		t.Errorf("all the same: %v", g)
	}
}

// TestVariations: each number is varied, and stays possible.
func TestVariations(t *testing.T) {
	a := small(t)
	n := 0
	for name, varied := range variations(a) {
		n++
		if varied == a {
			t.Errorf("%s changes nothing", name)
		}
		if varied.Zipf <= 0 || varied.InPermanence > 1 || varied.Budget < 1 {
			t.Errorf("%s: %+v", name, varied)
		}
	}
	if want := 2 * reflect.TypeOf(a).NumField(); n != want {
		t.Errorf("%d variations of %d", n, want)
	}
}
