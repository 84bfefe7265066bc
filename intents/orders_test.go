package intents

import "testing"

// reads checks a reader of orders: what it makes of some texts, and that it makes nothing of others.
func reads[O comparable](t *testing.T, read func(string) (O, bool), orders map[string]O, others ...string) {
	t.Helper()
	for text, want := range orders {
		if o, ok := read(text); !ok || o != want {
			t.Errorf("%q: %+v, %t; want %+v", text, o, ok, want)
		}
	}
	for _, text := range others {
		if o, ok := read(text); ok {
			t.Errorf("%q is an order: %+v", text, o)
		}
	}
}
