package dates

import (
	"fmt"
	"time"
)

// What a text names is read at the hour at which it was written, and what cannot be is said in a sentence for who wrote it.
func ExampleRead() {
	thursday := time.Date(2026, 12, 3, 9, 0, 0, 0, time.UTC)
	for _, text := range []string{
		"plutot mardi en 8 vers 14h30",
		"demain matin ou lundi",
		"je peux pas mardi",
		"le mardi 9 décembre",
	} {
		for _, when := range Read(text, thursday) {
			fmt.Printf("%s → %v\n", text[when.Start:when.End], when)
			if when.Err != nil {
				fmt.Println(when.Err)
			}
		}
	}
	// Output:
	// mardi en 8 vers 14h30 → 2026-12-15 14:30
	// demain matin → 2026-12-04 matin
	// lundi → 2026-12-07
	// mardi 9 décembre → 2026-12-09 !weekday
	// Vous dites mardi, mais le 9 décembre 2026 est un mercredi. Quel jour est le bon ?
}
