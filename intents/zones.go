package intents

import "strings"

// zones are the time zones of the territories overseas (IANA tz database, file zone1970.tab), by the INSEE code of the
// département or collectivity.
var zones = map[string]string{
	"971": "America/Guadeloupe",
	"972": "America/Martinique",
	"973": "America/Cayenne",
	"974": "Indian/Reunion",
	"975": "America/Miquelon",
	"976": "Indian/Mayotte",
	"977": "America/St_Barthelemy",
	"978": "America/Marigot",
	"986": "Pacific/Wallis",
	"987": "Pacific/Tahiti",
	"988": "Pacific/Noumea",
}

// Zone returns the name of the IANA time zone of a territory: "50" is in Europe/Paris, "974" in Indian/Reunion. It
// takes a département or collectivity, an INSEE code of a commune ("97411") or a place ("974/97411"). What is not
// overseas is in Europe/Paris. The Marquesas and the Gambier islands are given Tahiti's time.
func Zone(territory string) string {
	code, _, _ := strings.Cut(territory, "/")
	if z, ok := zones[code[:min(3, len(code))]]; ok {
		return z
	}
	return "Europe/Paris"
}

// territoryOf returns the département or collectivity of a commune's INSEE code.
func territoryOf(code string) string {
	if strings.HasPrefix(code, "97") || strings.HasPrefix(code, "98") {
		return code[:min(3, len(code))]
	}
	return code[:min(2, len(code))]
}
