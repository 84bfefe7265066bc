package main

import (
	"slices"
	"strings"
	"testing"

	"passeur/bot"
)

// TestAFormEndsAsItBegan: a form that changes while somebody fills it in ends in the version in which she began; the next one is the new. One whose version is
// nowhere any more ends.
func TestAFormEndsAsItBegan(t *testing.T) {
	a := newLateHouse(t, "marie")
	minute := 0
	says := func(text, want string) {
		t.Helper()
		minute++
		a.says(10, minute, "marie", text)
		if last := a.r.sent[len(a.r.sent)-1]; !strings.Contains(last, want) {
			t.Errorf("%s: %s\nwant %s", text, last, want)
		}
	}
	was := a.h.bot.Forms["entraide"]
	now := was
	now.Version, now.Fields = 2, slices.Clone(was.Fields)
	now.Fields = slices.DeleteFunc(now.Fields, func(f bot.Field) bool { return f.Name != "actif" && f.Name != "budget" })

	says("entraide", "recevoir des questions")
	says("oui", "Combien de questions")
	a.h.bot.Forms["entraide"], a.h.bot.Forms["entraide@1"] = now, was
	says("4", "quelle heure")
	says("stop", "gardées sept jours")
	says("reprendre", "quelle heure")
	says("annuler", "je ne fais rien")
	says("entraide", "recevoir des questions")
	says("oui", "Combien de questions")
	says("3", "au plus 3 questions")

	says("entraide", "recevoir des questions")
	now.Version = 3
	a.h.bot.Forms["entraide"] = now
	says("oui", "n'est plus ouverte")
}
