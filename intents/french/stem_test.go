package french

import "testing"

func TestStem(t *testing.T) {
	for w, want := range map[string]string{"imprimantes": "imprim", "imprimer": "imprim", "permanences": "permanent", "ordinateurs": "ordin", "12": "12", "": ""} {
		if got := Stem(w); got != want {
			t.Errorf("%q: %q, want %q", w, got, want)
		}
	}
}
