package intents

import (
	"slices"
	"strings"
)

// calendarWords are the exact words by which a professional asks for the link of her calendar, or for another one. `agenda` is not among
// them: it lists her appointments.
var calendarWords = map[string]Intent{
	"mon calendrier": MonCalendrier, "calendrier": MonCalendrier, "lien calendrier": MonCalendrier, "lien du calendrier": MonCalendrier,
	"mon lien calendrier": MonCalendrier, "lien de mon calendrier": MonCalendrier,
	"nouveau lien calendrier": NouveauCalendrier, "nouveau lien de calendrier": NouveauCalendrier, "nouveau lien du calendrier": NouveauCalendrier,
	"nouveau lien de mon calendrier": NouveauCalendrier, "nouveau lien pour mon calendrier": NouveauCalendrier, "nouveau calendrier": NouveauCalendrier,
}

// calendarAct is what words that are exact, but for politeness, want of the calendar; "" when they are others.
func calendarAct(words []string) Intent {
	words = slices.DeleteFunc(slices.Clone(words), func(w string) bool { return polite[w] })
	return calendarWords[strings.Join(words, " ")]
}
