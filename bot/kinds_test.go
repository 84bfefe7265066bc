package bot

import (
	"reflect"
	"testing"
)

// TestKindsHaveBodies: each kind has a body of its own, so that a record is found by what it is read into.
func TestKindsHaveBodies(t *testing.T) {
	seen := map[reflect.Type]string{}
	for kind, k := range Kinds {
		body := reflect.TypeOf(k.New())
		if other := seen[body]; other != "" {
			t.Errorf("%s and %s are both a %v", kind, other, body)
		}
		seen[body] = kind
	}
	if got := kindOf[Rdv](); got != "rdv" {
		t.Errorf("an Rdv is of kind %q", got)
	}
}
