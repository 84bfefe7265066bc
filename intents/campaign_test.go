package intents

import "testing"

// TestReadBroadcast: whom a broadcast is for stands behind "diffuser", whatever is said around it.
func TestReadBroadcast(t *testing.T) {
	for text, want := range map[string]string{
		"diffuser":                                   "",
		"Diffuser.":                                  "",
		"diffuser à Périers":                         "Périers",
		"diffuser a la Haye":                         "la Haye",
		"diffuser à la mairie de Périers":            "la mairie de Périers",
		"diffuser aux habitants de Saint-Lô":         "Saint-Lô",
		"diffuser aux inscrits de l'atelier 3":       "3",
		"diffuser pour la permanence du CCAS":        "CCAS",
		"diffuser à toutes les personnes de Périers": "Périers",
	} {
		if o, ok := ReadCampaign(text); !ok || o.Act != Diffusion || o.Rest != want {
			t.Errorf("%q: %+v, %t; want %q", text, o, ok, want)
		}
	}
	for _, text := range []string{"diffuser un événement", "diffuser l'info", "diffuser à", "diffuseur à Périers"} {
		if o, ok := ReadCampaign(text); ok {
			t.Errorf("%q is a broadcast: %+v", text, o)
		}
	}
}
