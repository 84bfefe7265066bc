package dates

import "testing"

// TestReadersBegin: something begins each sort of day or hour, else it is never looked for, and the table fits in a readerSet.
func TestReadersBegin(t *testing.T) {
	if len(dateReaders) > 64 {
		t.Errorf("%d readers do not fit in a set", len(dateReaders))
	}
	for k, r := range dateReaders {
		if !r.digits && len(r.starts) == 0 {
			t.Errorf("nothing begins what reader %d reads", k)
		}
	}
	for word, typed := range map[string]bool{"vendredi": true, "vendredo": true, "annuler": false} {
		if found := Read(word, AnyDay); (len(found) == 1) != typed {
			t.Errorf("%q is read as %v", word, found)
		}
	}
}
