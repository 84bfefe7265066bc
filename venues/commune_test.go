package venues

import (
	"testing"

	"passeur/intents"
)

func TestNamed(t *testing.T) {
	c := communes{gazetteer(t, "2A", "50", "69", "75", "988"), map[[2]string]located{}}
	for _, row := range []struct {
		post, name, want string
		match            match
	}{
		{"50000", "Saint-Lô", "50502", here},
		{"50300", "St. Jean de la Haize", "50489", here},
		{"50300", "LE VAL ST PERE", "50616", here},
		{"50100", "Cherbourg-Octeville", "50129", here}, // merged since
		{"50107", "Cherbourg-en-Cotentin Cedex 2", "50129", here},
		{"75003", "PARIS 03", "75056", here},
		{"75003", "Paris 3e Arrondissement", "75056", here},
		{"69003", "Lyon", "69123", here},
		{"20000", "Ajaccio", "2A004", here},
		{"98800", "Nouméa", "98818", here},
		{"50000", "Granville", "", mistaken},
		{"50000", "", "", mistaken},
		{"35000", "Rennes", "", nowhere},
		{"35000", "Saint-Lô", "", nowhere}, // a postcode of elsewhere
		{"50107", "Cherbourg", "", nowhere},
	} {
		for range 2 { // the second time from memory
			if got := c.named(row.post, row.name); got.match != row.match || got.commune.Code != row.want {
				t.Errorf("%s %s: %s, %v", row.post, row.name, got.commune.Code, got.match)
			}
		}
	}
}

// TestBoxes: each commune of which the place is known lies in the box of its territory, and in no other.
func TestBoxes(t *testing.T) {
	all := []string{"2A", "2B", "29", "57", "59", "66", "67", "50", "06", "971", "972", "973", "974", "976"}
	n := 0
	for _, d := range all {
		g := gazetteer(t, d)
		for code := range 1000 {
			c, ok := commune(g, d, code)
			if !ok || c.Lat == 0 {
				continue
			}
			n++
			for territory, b := range boxes {
				if b.holds(c.Lat, c.Lon) != (territory == c.Territory) {
					t.Errorf("%s %s: the box of %s", c.Code, c.Name, territory)
				}
			}
			if !boxOf(c.Territory).holds(c.Lat, c.Lon) {
				t.Errorf("%s %s is not on its territory", c.Code, c.Name)
			}
		}
	}
	if n < 2000 {
		t.Errorf("only %d communes", n)
	}
}

// commune returns the commune of a département by the rest of its code.
func commune(g *intents.Gazetteer, departement string, rest int) (intents.Commune, bool) {
	digits := []byte{byte('0' + rest/100), byte('0' + rest/10%10), byte('0' + rest%10)}
	return g.ByCode(departement + string(digits[len(departement)-2:]))
}
