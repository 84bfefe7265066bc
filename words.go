package main

import (
	"sync"
	"time"

	"passeur/bot"
	"passeur/config"
)

// words are what the bot says and asks.
type words struct {
	french  *bot.Catalogue
	foreign map[string]*bot.Catalogue
	forms   map[string]bot.Form
}

// readWords reads them once in a process, since they are part of the program: every house has the same, and changes nothing in them.
var readWords = sync.OnceValues(func() (*words, error) {
	texts, err := config.Texts()
	if err != nil {
		return nil, err
	}
	forms, more, err := config.Forms()
	if err != nil {
		return nil, err
	}
	config.AddTexts(texts, more)
	return wordsOf(texts, forms)
})

// wordsOf compiles the texts of each language; what one lacks is said in French.
func wordsOf(texts map[string]map[string][]string, forms map[string]bot.Form) (w *words, err error) {
	w = &words{forms: forms, foreign: map[string]*bot.Catalogue{}}
	if w.french, err = bot.NewCatalogue(bot.French, texts[bot.French], nil); err != nil {
		return nil, err
	}
	for language, own := range texts {
		if language != bot.French {
			if w.foreign[language], err = bot.NewCatalogue(language, own, w.french); err != nil {
				return nil, err
			}
		}
	}
	return w, nil
}

// say is a sentence without arguments in the language of a locale.
func (w *words) say(locale, key string) string {
	c := w.french
	if foreign := w.foreign[bot.LanguageOf(locale, w.foreign)]; foreign != nil {
		c = foreign
	}
	text, _, err := c.Render(key, nil, time.Time{}, func(string) bool { return true })
	if err != nil {
		return key
	}
	return text
}
