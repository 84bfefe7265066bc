package bot

import (
	"context"
	"errors"
	"testing"
	"time"
)

func TestParseRetryAfter(t *testing.T) {
	now := time.Date(2026, 12, 3, 19, 30, 0, 0, time.FixedZone("", 3600))
	for header, want := range map[string]time.Duration{
		"30": 30 * time.Second, "86400": MostPatience, "-3": time.Second, "0": time.Second,
		"Thu, 03 Dec 2026 18:32:00 GMT": 2 * time.Minute, "Thu, 03 Dec 2026 18:29:00 GMT": time.Second, "Thursday, 03-Dec-26 18:32:00 GMT": 2 * time.Minute, "Thu Dec  3 18:32:00 2026": 2 * time.Minute,
		"999999999999999999999": MostPatience, "NaN": 0, "": 0, "demain": 0, "1h": 0,
	} {
		if got, ok := ParseRetryAfter(header, now); got.Wait != want || ok != (want > 0) {
			t.Errorf("%q: %v, %v; want %v", header, got, ok, want)
		}
	}
}

// TestEar: nothing is heard before it is open nor after it is closed, and it cannot close while something is being heard.
func TestEar(t *testing.T) {
	var ear Ear
	heard := false
	said := func() error {
		_, err := ear.Hear(t.Context(), Event{ID: "e1"})
		return err
	}
	if err := said(); !errors.Is(err, ErrNobody) {
		t.Errorf("before: %v", err)
	}
	ear.Open(func(context.Context, Event) (Response, error) {
		if heard = true; ear.hearing.TryLock() {
			t.Error("it could be closed while something was being heard")
		}
		return Response{}, nil
	})
	if err := said(); err != nil || !heard {
		t.Errorf("open: %v, heard %v", err, heard)
	}
	ear.Close()
	if err := said(); !errors.Is(err, ErrNobody) {
		t.Errorf("after: %v", err)
	}
}
