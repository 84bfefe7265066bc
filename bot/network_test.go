package bot

import (
	"context"
	"errors"
	"testing"
)

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
	ear.Open(func(context.Context, Event) (Answer, error) {
		if heard = true; ear.hearing.TryLock() {
			t.Error("it could be closed while something was being heard")
		}
		return Answer{}, nil
	})
	if err := said(); err != nil || !heard {
		t.Errorf("open: %v, heard %v", err, heard)
	}
	ear.Close()
	if err := said(); !errors.Is(err, ErrNobody) {
		t.Errorf("after: %v", err)
	}
}
