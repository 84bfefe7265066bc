package intents

import "testing"

// TestAcknowledges: what only takes note is no answer; what also says yes, asks or gives a number is none of it.
func TestAcknowledges(t *testing.T) {
	for _, text := range []string{"ok", "OK merci", "d'accord", "D’accord merci beaucoup, bonne journée", "👍", "ok 👍", "parfait", "entendu", "pas de souci merci", "c'est noté", "c'est bon", "c bon", "ok pour moi", "pas de problème", "👍🏻"} {
		if note, yes := Acknowledges(text); !note || yes {
			t.Errorf("%q only takes note", text)
		}
	}
	for _, text := range []string{"oui", "1", "ok 1", "ok je viens", "ça marche pas", "merci de me rappeler", "d'accord ?", "finalement oui", "", "bonjour", "non", "ok mais à 15h"} {
		if note, _ := Acknowledges(text); note {
			t.Errorf("%q says more", text)
		}
	}
	for _, text := range []string{"oui merci", "ok oui", "oui parfait", "oui merci bonne journée"} {
		if note, yes := Acknowledges(text); !note || !yes {
			t.Errorf("%q says yes beside", text)
		}
	}
}
