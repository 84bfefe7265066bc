package intents

import "testing"

// languages are words that ask for a language, as the catalogues of texts say them.
var languages = Languages{"english": "en", "anglais": "en", "ingles": "en", "francais": "fr", "french": "fr", "arabe": "ar", "عربي": "ar"}

func TestLanguagesAdd(t *testing.T) {
	l := Languages{}
	if err := l.Add("fr", "Français french"); err != nil || l["francais"] != "fr" || l["french"] != "fr" {
		t.Errorf("%v, %v", l, err)
	}
	if err := l.Add("en", "english french"); err == nil {
		t.Error("a word asks for two languages")
	}
}

func TestLanguageAsked(t *testing.T) {
	for text, want := range map[string]string{
		"english please": "en", "ANGLAIS": "en", "je veux les messages en anglais": "en", "do you speak English ?": "en", "inglés": "en",
		"français": "fr", "FRANCAIS": "fr", "en français s'il vous plaît": "fr", "french": "fr",
		"je ne parle pas français": "", "turc": "", "en turc svp": "", "": "", "je parle pas bien francais": "",
		"arabe": "ar", "en arabe svp": "ar", "je ne parle pas français mais arabe": "ar", "عَرَبِيّ": "ar",
	} {
		if got := languages.Asked(text); got != want {
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

// TestLanguageWords: a word of a catalogue is enough, in any script and beside any question; it is an usager's.
func TestLanguageWords(t *testing.T) {
	reader := NewReader()
	for _, text := range []string{"عربي", "Arabe svp", "FRENCH"} {
		for _, open := range []string{"", "rdv", "ouinon"} {
			if got := reader.Read(text, Context{Open: open, Languages: languages}); got.Intent != Langue || got.Decision != Act {
				t.Errorf("%q beside %q is read as %s (%s, %s)", text, open, got.Intent, got.Decision, got.Why)
			}
		}
		if got := reader.Read(text, Context{Pro: true, Languages: languages}); got.Intent == Langue {
			t.Errorf("%q of a professional is read as %s", text, got.Intent)
		}
	}
	for _, text := range []string{"", "svp", "arabe demain", "merci", "Merci Mme Anglais", "Bonjour madame Anglais", "merci monsieur anglais"} {
		if got := reader.Read(text, Context{Languages: languages}); got.Intent == Langue && got.Confidence == 1 {
			t.Errorf("%q is read as %s (%s)", text, got.Intent, got.Why)
		}
	}
}
