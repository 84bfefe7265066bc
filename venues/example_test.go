package venues

import (
	"fmt"
	"time"
)

// The language is OpenStreetMap's. A later rule takes the place of the earlier ones on the days that it names.
func ExampleParseHours() {
	hours, err := ParseHours(`Mo-Fr 09:00-12:30,14:00-17:00; We 14:00-18:00 "sur rendez-vous"; PH off`)
	if err != nil {
		fmt.Println(err)
		return
	}
	fmt.Println(hours.French())
	wednesday := time.Date(2026, 12, 2, 0, 0, 0, 0, time.UTC)
	fmt.Println(hours.Open(wednesday, false))
	fmt.Println(hours.Open(wednesday, true)) // were it a public holiday

	_, err = ParseHours("Mo-Fr sunrise-sunset")
	fmt.Println(err)
	// Output:
	// du lundi au vendredi 9h-12h30 et 14h-17h, mercredi 14h-18h (sur rendez-vous), fermé les jours fériés
	// [{840 1080 sur rendez-vous}]
	// []
	// horaires non compris : « sunrise » n'est pas compris
}
