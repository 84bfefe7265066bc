package intents

import (
	"slices"
	"testing"
)

func TestLabels(t *testing.T) {
	for _, pro := range []bool{false, true} {
		labels := Labels(pro)
		if !slices.IsSorted(labels) || !slices.Contains(labels, Inconnu) || slices.Contains(labels, NouveauRdv) != pro {
			t.Errorf("labels of pro=%v: %v", pro, labels)
		}
	}
	if got := LabelOf(Objection, false); got != Stop {
		t.Errorf("an objection is taught as %q", got)
	}
}
