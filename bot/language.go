package bot

import (
	"errors"
	"fmt"
	"maps"
	"slices"
	"strings"

	"passeur/intents"
)

// A language is one file of texts: what it is called and how one asks for it stands there, beside what is said in it. Usagers ask for one in
// words (speak), a professional's network says in which she reads (readsIn).

// What a catalogue says of itself.
const (
	languageName  = "catalogue.langue" // what counsellors call it, in French
	languageWords = "catalogue.mots"   // the words by which it is asked for, spaces between them
	languageOffer = "catalogue.offre"  // how one asks for it, to whoever reads it
)

// LanguageOf is the language of a locale ("en-AU") among those there are; French, which is "", for any other.
func LanguageOf(locale string, foreign map[string]*Catalogue) string {
	language, _, _ := strings.Cut(strings.ToLower(locale), "-")
	if foreign[language] == nil {
		return ""
	}
	return language
}

// LanguagesOf reads off the catalogues how each language is asked for. One that does not say it is refused: nobody could ever be given it.
func LanguagesOf(texts *Catalogue, foreign map[string]*Catalogue) (intents.Languages, error) {
	spoken := intents.Languages{}
	err := spoken.Add(French, texts.own(languageWords))
	for _, language := range slices.Sorted(maps.Keys(foreign)) {
		c := foreign[language]
		for _, key := range []string{languageName, languageWords, languageOffer} {
			if c.own(key) == "" {
				err = errors.Join(err, fmt.Errorf("texts/%s.yaml : le texte %s manque", language, key))
			}
		}
		if twice := spoken.Add(language, c.own(languageWords)); twice != nil {
			err = errors.Join(err, fmt.Errorf("texts/%s.yaml, %s : %w", language, languageWords, twice))
		}
	}
	return spoken, err
}

// speak: an usager asks to be written to in another language. Ours change at once; for any other a person must help, and reads it.
func speak(t *Turn) {
	t.known()
	language := t.bot.spoken.Asked(t.Text)
	if language == "" {
		passOn(t)
		t.Reply("langue.lesquelles", Args{"langues": t.otherLanguages()})
		return
	}
	for _, id := range t.peopleAt(t.line) {
		p, _ := load[Person](t, id)
		if p.Language = language; language == French {
			p.Language = ""
		}
		t.savePerson(id, p)
	}
	t.Reply("langue.fait", nil)
	t.tellOwners("nouvelle.langue", "langue", t.bot.texts(language).own(languageName))
}

// otherLanguages is how one asks for each language but the one that who writes reads, each said in itself.
func (t *Turn) otherLanguages() string {
	reads := t.bot.texts(t.Me.Language)
	var offers []string
	for _, language := range append([]string{French}, slices.Sorted(maps.Keys(t.bot.Foreign))...) {
		if c := t.bot.texts(language); c != reads {
			offers = append(offers, c.own(languageOffer))
		}
	}
	return strings.Join(offers, " ")
}
