package intents

import "testing"

func TestLanguageAsked(t *testing.T) {
	for text, want := range map[string]string{
		"english please": "en", "ANGLAIS": "en", "je veux les messages en anglais": "en", "do you speak English ?": "en", "inglés": "en",
		"français": "fr", "FRANCAIS": "fr", "en français s'il vous plaît": "fr", "french": "fr",
		"je ne parle pas français": "", "arabe": "", "en arabe svp": "", "عربي": "", "": "", "je parle pas bien francais": "",
	} {
		if got := LanguageAsked(text); got != want {
			t.Errorf("%q: %q, want %q", text, got, want)
		}
	}
	reader := NewReader()
	for _, text := range []string{"english please", "ANGLAIS", "en français s'il vous plaît", "FRANCAIS", "french", "en arabe svp", "I speak english", "messages in english please"} {
		if got := reader.Read(text, Context{}); got.Intent != Langue {
			t.Errorf("%q is read as %s (%s)", text, got.Intent, got.Why)
		}
	}
}
