package ical

import (
	"bufio"
	"encoding/json"
	"errors"
	"fmt"
	"io"
	"iter"
	"os"
	"runtime"
	"strings"
	"testing"
	"testing/iotest"
	"time"
	"unicode/utf8"
)

// many reads a generated calendar of n events, without ever holding it whole.
func many(n int, event func(i int) string) io.Reader {
	r, w := io.Pipe()
	go func() {
		b := bufio.NewWriter(w)
		_, err := b.WriteString("BEGIN:VCALENDAR\n")
		for i := 0; i < n && err == nil; i++ {
			_, err = b.WriteString(event(i))
		}
		_, _ = b.WriteString("END:VCALENDAR\n") // an error sticks
		w.CloseWithError(b.Flush())
	}()
	return r
}

func small(i int) string {
	return fmt.Sprintf("BEGIN:VEVENT\nUID:%d\nDTSTART:20270101\nEND:VEVENT\n", i)
}

func past(i int) string { return strings.Replace(small(i), "DTSTART:2027", "DTSTART:2017", 1) }

func unknown(i int) string {
	return strings.Replace(small(i), ":20270101", ";TZID=X:20270101T000000", 1)
}

func large(i int) string {
	return strings.Replace(small(i), "END:", "DESCRIPTION:"+strings.Repeat("x", 100)+"\nEND:", 1)
}

// TestLimits: too much is an error that says so, and nothing is returned with it.
func TestLimits(t *testing.T) {
	for name, c := range map[string]struct {
		feed    io.Reader
		want    error
		entries int
	}{
		"just enough":     {many(MaxEntries, small), nil, MaxEntries},
		"one more":        {many(MaxEntries+1, small), ErrTooMany, 0},
		"100,000":         {many(100_000, small), ErrTooMany, 0},
		"100,000, larger": {many(100_000, large), ErrTooLarge, 0},
		"100,000 of past": {many(100_000, past), nil, 0},
		"20,000 versions": {many(20_000, func(int) string { return small(7) }), nil, 1},
		"unknown zones":   {many(10_000, unknown), ErrTooMany, 0},
		"no end":          {strings.NewReader("BEGIN:VCALENDAR\n" + small(1)), ErrCut, 0},
		"cut line":        {strings.NewReader("BEGIN:VCALENDAR\n" + small(1) + "END:VCALE"), ErrCut, 0},
		"second one cut":  {strings.NewReader(calendar(small(1)) + "BEGIN:VCALENDAR\n"), ErrCut, 0},
		"two":             {strings.NewReader(calendar(small(1)) + calendar(small(2))), nil, 2},
		"a page":          {strings.NewReader("<!DOCTYPE html>\n<title>Connexion</title>"), ErrNoCalendar, 0},
		"UTF-16":          {strings.NewReader("\xff\xfeB\x00E\x00G\x00I\x00N\x00"), ErrNoCalendar, 0},
		"nothing":         {strings.NewReader(""), ErrNoCalendar, 0},
		"no entries":      {strings.NewReader(calendar()), nil, 0},
		"deep":            {strings.NewReader(calendar("BEGIN:VEVENT\n"+strings.Repeat("BEGIN:X\nBEGIN:VALARM\n", 10_000)+"END:VEVENT", small(1))), nil, 1},
	} {
		t.Run(name, func(t *testing.T) {
			entries, problems, err := Parse(c.feed, today, time.UTC)
			if !errors.Is(err, c.want) || len(entries) != c.entries || err != nil && problems != nil {
				t.Errorf("%d entries, %v; want %d, %v", len(entries), err, c.entries, c.want)
			}
			if len(problems) > maxProblem {
				t.Error(len(problems), "problems")
			}
		})
	}
	broken := errors.New("broken")
	if _, _, err := Parse(io.MultiReader(strings.NewReader("BEGIN:VCALENDAR\n"), iotest.ErrReader(broken)), today, time.UTC); !errors.Is(err, broken) {
		t.Error("of a broken connection:", err)
	}
}

// TestMemory: a calendar that is refused costs no more than a few times what may be read of one.
func TestMemory(t *testing.T) {
	for name, event := range map[string]func(int) string{"many": small, "large": large, "past": past} {
		var before, after runtime.MemStats
		runtime.ReadMemStats(&before)
		_, _, _ = Parse(many(100_000, event), today, time.UTC)
		runtime.ReadMemStats(&after)
		t.Logf("%s: %d MiB in all", name, (after.TotalAlloc-before.TotalAlloc)>>20)
		if used := after.TotalAlloc - before.TotalAlloc; used > 40*MaxBytes {
			t.Errorf("%s: %d MiB were allocated", name, used>>20)
		}
	}
}

// TestProblemsAreBounded: the last one counts the others.
func TestProblemsAreBounded(t *testing.T) {
	_, problems, err := Parse(many(1000, unknown), today, time.UTC)
	if err != nil || len(problems) != maxProblem {
		t.Fatal(len(problems), err)
	}
	if last := problems[maxProblem-1].String(); last != "901 autres remarques ne sont pas montrées." {
		t.Error(last)
	}
}

// FuzzParse: whatever comes, nothing panics, and what is told can be told.
func FuzzParse(f *testing.F) {
	for text := range seeds() {
		f.Add([]byte(text))
	}
	for _, name := range []string{"google", "nextcloud", "outlook", "zimbra"} {
		body, err := os.ReadFile("testdata/" + name + ".ics")
		if err != nil {
			f.Fatal(err)
		}
		f.Add(body)
	}
	zone := zoneNamed(f, "Europe/Paris")
	f.Fuzz(func(t *testing.T, body []byte) {
		entries, problems, err := Parse(strings.NewReader(string(body)), today, zone)
		if err != nil && (entries != nil || problems != nil) {
			t.Error("an error with entries")
		}
		for _, e := range entries {
			if _, err := json.Marshal(e); err != nil {
				t.Error(err)
			}
			if e.UID == "" || utf8.RuneCountInString(e.Summary) > maxText || e.End.Before(e.Start) || load(e.Zone) == nil || strings.ContainsAny(e.Summary+e.Location+e.UID, "\r\n\x00") {
				t.Errorf("%+v", e)
			}
		}
	})
}

func seeds() iter.Seq[string] {
	return func(yield func(string) bool) {
		for _, lines := range [][]string{
			{event("DTSTART:20261201T100000", "DURATION:P1DT2H", "SUMMARY:caf\xe9")},
			{vtimezone("X", "+0100", "+0200", european), event("DTSTART;TZID=X:20261201T100000", "RRULE:FREQ=WEEKLY;UNTIL=20270101", "EXDATE;TZID=X:20261208T100000,20261215T100000")},
			{"METHOD:CANCEL", event("RECURRENCE-ID;VALUE=DATE:20261201", "STATUS:CANCELLED", "SEQUENCE:3")},
			{event("DTSTART;TZID=\"Romance Standard Time\":20270328T023000", "DTEND:20270328T040000Z", "RDATE:20270329", "BEGIN:VALARM", "SUMMARY:x", "END:VALARM")},
		} {
			if !yield(calendar(lines...)) {
				return
			}
		}
	}
}
