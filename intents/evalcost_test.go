package intents

import (
	"fmt"
	"runtime"
	"slices"
	"strings"
	"testing"
	"time"

	"passeur/intents/intentstest"
)

// evalCost measures what a message and the models cost, three times each, on one core, beside a bare loop over the same texts.
func evalCost(t *testing.T) {
	defer runtime.GOMAXPROCS(runtime.GOMAXPROCS(1))
	before := heap()
	var training []time.Duration
	for range 3 {
		begin := time.Now()
		kept = trained()
		training = append(training, time.Since(begin))
	}
	model := heap() - before
	lines := slices.Concat(heldLines(t, "usager.tsv", false), heldLines(t, "pro.tsv", true))
	reader, g, now := NewReader(), manche(t), time.Date(2026, 11, 25, 10, 0, 0, 0, intentstest.Paris(t))
	models()
	for _, l := range lines { // uncounted: memory that training gave back is touched anew
		Understand(reader, g, l.text, l.ctx, now)
	}
	var p50, p99, bare []time.Duration
	for range 3 {
		var each []time.Duration
		for _, l := range lines {
			begin := time.Now()
			Understand(reader, g, l.text, l.ctx, now)
			each = append(each, time.Since(begin))
		}
		slices.Sort(each)
		p50, p99 = append(p50, each[len(each)/2]), append(p99, each[len(each)*99/100])
		begin := time.Now()
		for _, l := range lines {
			strings.Fields(strings.ToLower(l.text))
		}
		bare = append(bare, time.Since(begin)/time.Duration(len(lines)))
	}
	fmt.Printf("training %v; a message p50 %v, p99 %v; a bare loop that cuts it into lower-case words %v\n", training, p50, p99, bare)
	bar("understand_p50_us", micros(p50))
	bar("understand_p99_us", micros(p99))
	bar("model_mb", float64(model)/1e6)
	bar("train_ms", micros(training)/1000)
}

// kept keeps the models that were just trained on the heap.
var kept [2]*classifier

// heap is what is in use after a collection.
func heap() int64 {
	runtime.GC()
	var m runtime.MemStats
	runtime.ReadMemStats(&m)
	return int64(m.HeapAlloc)
}

// micros is the median of durations in microseconds.
func micros(d []time.Duration) float64 {
	return float64(slices.Sorted(slices.Values(d))[len(d)/2].Nanoseconds()) / 1000
}

type heldLine struct {
	text string
	ctx  Context
}

func heldLines(t testing.TB, file string, pro bool) (out []heldLine) {
	lines, err := parseExamples(readTestdata(t, "heldout/"+file), pro)
	if err != nil {
		t.Fatal(err)
	}
	for _, l := range lines {
		out = append(out, heldLine{l.text, Context{Pro: pro, Open: l.open}})
	}
	return out
}
