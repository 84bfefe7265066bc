package main

import (
	"regexp"
	"slices"
	"strings"
	"testing"

	"passeur/config"
)

// textsOfForms are all texts by language, those of forms among them.
func textsOfForms(t *testing.T) map[string]map[string][]string {
	t.Helper()
	all, err := config.Texts()
	if err != nil {
		t.Fatal(err)
	}
	_, more, err := config.Forms()
	if err != nil {
		t.Fatal(err)
	}
	config.AddTexts(all, more)
	return all
}

// TestLanguagesTeachFrenchCommands: what a text of any language has one type is typed so in French too, but for yes and no.
func TestLanguagesTeachFrenchCommands(t *testing.T) {
	all := textsOfForms(t)
	known := []string{"`yes`", "`no`"}
	for key, variants := range all["fr"] {
		if strings.HasSuffix(key, ".example") {
			known = append(known, "`"+variants[0]+"`")
		}
		known = append(known, commands(variants)...)
	}
	for language, texts := range all {
		for key, variants := range texts {
			for _, c := range commands(variants) {
				if !slices.Contains(known, c) {
					t.Errorf("%q has one type %s in %s, which no French text does", key, c, language)
				}
			}
		}
	}
}

// TestLanguagesSayTheSame: a text of any language is one of the French ones, with the values and filters of it.
func TestLanguagesSayTheSame(t *testing.T) {
	all := textsOfForms(t)
	for language, texts := range all {
		for key, variants := range texts {
			if french, ok := all["fr"][key]; !ok {
				t.Errorf("%q is of %s alone", key, language)
			} else if slots(variants) != slots(french) {
				t.Errorf("%q has %s in French and %s in %s", key, slots(french), slots(variants), language)
			}
		}
	}
}

// commands are what texts have one type, as they write it.
func commands(variants []string) []string {
	return regexp.MustCompile("`[^`]+`").FindAllString(strings.Join(variants, "\n"), -1)
}

// TestSay: what a network says of its own is in the language of a locale, French when there is no other.
func TestSay(t *testing.T) {
	w, err := readWords()
	if err != nil {
		t.Fatal(err)
	}
	for locale, want := range map[string]string{"en": "Choose", "en-AU": "Choose", "fr": "Choisir", "de": "Choisir", "": "Choisir"} {
		if got := w.say(locale, "mattermost.choisir"); got != want {
			t.Errorf("%q reads %q, want %q", locale, got, want)
		}
	}
}
