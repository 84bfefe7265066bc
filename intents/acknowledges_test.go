package intents

import "testing"

// TestAcknowledges: what only takes note is no answer; what also says yes, asks or gives a number is none of it.
func TestAcknowledges(t *testing.T) {
	for _, text := range []string{"ok", "OK merci", "d'accord", "D’accord merci beaucoup, bonne journée", "👍", "ok 👍", "parfait", "oui merci bonne journée", "entendu", "pas de souci merci", "c'est noté"} {
		if !Acknowledges(text) {
			t.Errorf("%q only takes note", text)
		}
	}
	for _, text := range []string{"oui", "1", "ok 1", "ok je viens", "ça marche pas", "merci de me rappeler", "d'accord ?", "finalement oui", "", "bonjour", "non", "ok mais à 15h"} {
		if Acknowledges(text) {
			t.Errorf("%q says more", text)
		}
	}
}
