package bot

import (
	"os"
	"regexp"
	"testing"
	"time"
)

// TestAudiences: each option of the form of a broadcast is a sort of audience, with people, and a sentence that says who they are.
func TestAudiences(t *testing.T) {
	form, err := os.ReadFile("../config/forms/diffusion.yaml")
	if err != nil {
		t.Fatal(err)
	}
	texts, err := os.ReadFile("../config/texts/fr.yaml")
	if err != nil {
		t.Fatal(err)
	}
	options := regexp.MustCompile(`(?s)name: public\n.*?options:\n(.*?)\n  - name`).FindSubmatch(form)
	if options == nil {
		t.Fatal("the form does not ask to whom")
	}
	found := regexp.MustCompile(`(?m)^      ([a-z]+):$`).FindAllSubmatch(options[1], -1)
	if len(found) != len(audiences) {
		t.Errorf("%d options, %d sorts of audiences", len(found), len(audiences))
	}
	for _, m := range found {
		of := string(m[1])
		if audiences[of].find == nil || len(audiences[of].sources(Audience{Of: of}, time.Time{})) == 0 {
			t.Errorf("%q is no sort of audience", of)
		}
		if !regexp.MustCompile(`(?m)^diffusion\.public\.` + of + `: `).Match(texts) {
			t.Errorf("no text says who the people of %q are", of)
		}
	}
}

// TestNamelessText: who gave no first name is greeted without one.
func TestNamelessText(t *testing.T) {
	c := campaign{"", &Campaign{Sort: broadcastSort, WithName: "Marie Lecomte", Where: "Périers", Texts: []string{"Bonjour {prenom}, {conseiller} à {lieu}."}}}
	for name, want := range map[string]string{"Jeanne": "Bonjour Jeanne, Marie Lecomte à Périers.", "": "Bonjour, Marie Lecomte à Périers."} {
		if got := c.text(0, name); got != want {
			t.Errorf("%q: %q", name, got)
		}
	}
}
