package bot

import "testing"

func TestSessionUID(t *testing.T) {
	used := map[string]int{}
	for _, c := range []struct{ permanence, day, want string }{
		{"m1", "2026-12-08", "m1-2026-12-08@passeur"},
		{"m1", "2026-12-15", "m1-2026-12-15@passeur"},
		{"m1", "2026-12-15", "m1-2026-12-15-2@passeur"}, // moved to the day of another
		{"m2", "2026-12-15", "m2-2026-12-15@passeur"},
	} {
		if got := sessionUID(c.permanence, c.day, used); got != c.want {
			t.Errorf("%s of %s: %s, want %s", c.permanence, c.day, got, c.want)
		}
	}
}

// TestEachChangeOfAnAppointmentRises: moved, cancelled, brought back, cancelled again: calendars keep the highest.
func TestEachChangeOfAnAppointmentRises(t *testing.T) {
	last := -1
	for _, r := range []Rdv{{PlanVersion: 1}, {PlanVersion: 2}, {PlanVersion: 2, State: cancelled}, {PlanVersion: 3}, {PlanVersion: 3, State: cancelled}} {
		n := rdv{"r1", &r}.sequence()
		if n <= last {
			t.Errorf("%+v: %d after %d", r, n, last)
		}
		last = n
	}
}
