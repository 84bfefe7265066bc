package bot

import "passeur/intents"

// speak: an usager asks to be written to in another language. Ours change at once; for any other a person must help, and reads it.
func speak(t *Turn) {
	t.known()
	language := intents.LanguageAsked(t.Text)
	if language != French && t.bot.Foreign[language] == nil {
		passOn(t)
		t.Reply("langue.lesquelles", nil)
		return
	}
	for _, id := range t.peopleAt(t.From) {
		p, _ := load[Person](t, "person", id)
		if p.Language = language; language == French {
			p.Language = ""
		}
		t.savePerson(id, p)
	}
	t.Reply("langue.fait", nil)
	t.tellOwners("nouvelle.langue." + language)
}
