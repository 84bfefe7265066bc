package intents

import (
	"fmt"
	"math"
	"os"
	"strings"
	"testing"
	"time"

	"passeur/intents/intentstest"
)

// TestEval measures understanding on held-out lines, which nothing was learnt or chosen from: EVAL=1, or `make eval`. It prints the
// confusion tables and "bar <name> <value>" lines.
func TestEval(t *testing.T) {
	if os.Getenv("EVAL") == "" {
		t.Skip("`make eval` measures it")
	}
	for _, part := range []struct {
		name string
		eval func(*testing.T)
	}{{"usager", evalUsagers}, {"pro", evalPros}, {"stop", evalStop}, {"dates", evalDates}, {"activity", evalActivities}, {"cost", evalCost}} {
		if only := os.Getenv("EVAL"); only == "1" || strings.Contains(only, part.name) {
			fmt.Printf("\n== %s\n", part.name)
			part.eval(t)
		}
	}
}

// bar prints a figure.
func bar(name string, value float64) { fmt.Printf("bar %s %.4g\n", name, value) }

// interval is the 95 % interval of a share of n, by Wilson.
func interval(share float64, n int) string {
	z, m := 1.96, float64(n)
	mid := (share + z*z/2/m) / (1 + z*z/m)
	half := z / (1 + z*z/m) * math.Sqrt(share*(1-share)/m+z*z/4/m/m)
	return fmt.Sprintf("%.3f (95 %% : %.3f à %.3f, n = %d)", share, mid-half, mid+half, n)
}

// evalActivities counts the sentences of which every field is right.
func evalActivities(t *testing.T) {
	g, now := manche(t), time.Date(2026, 11, 25, 10, 0, 0, 0, intentstest.Paris(t))
	all, wrong, n := 0, map[string]int{}, 0
	for _, r := range intentstest.Rows(t, "heldout/activites.tsv") {
		got := activityFields(ReadActivity(r[0], now, g))
		n++
		right := true
		for i, name := range []string{"type", "participants", "duree_min", "lieu", "themes", "demarches", "date"} {
			if got[i] != r[i+1] {
				right = false
				wrong[name]++
			}
		}
		if right {
			all++
		}
	}
	share := float64(all) / float64(n)
	fmt.Println("activities, every field right:", interval(share, n), "wrong by field:", wrong)
	bar("activity_all_fields", share)
}
