package sms

import "testing"

func TestNormalise(t *testing.T) {
	for in, want := range map[string]string{
		"33639981234":    "+33639981234",
		"+33639981234":   "+33639981234",
		"0639981234":     "+33639981234", // kept for fiction: French, not Mahoran
		"0033639981234":  "+33639981234",
		"262692000000":   "+262692000000",
		"0692000000":     "+262692000000",
		"0696000000":     "+596696000000",
		"32470123456":    "+32470123456",
		"38000":          "38000", // short codes and names stay
		"3949":           "3949",
		"MAIRIE":         "MAIRIE",
		"Ameli.fr":       "Ameli.fr",
		"":               "",
		"+":              "+",
		"00":             "00",
		"0000000000":     "0000000000",
		"+0639981234":    "+0639981234",
		"33 639981234":   "+33639981234",
		"06.39.98-12 34": "+33639981234",
		"2 chemins":      "2 chemins",
		"99999999999999": "99999999999999",
	} {
		if got := normalise(in); got != want {
			t.Errorf("normalise(%q) = %q, want %q", in, got, want)
		}
	}
}

func TestIsMobile(t *testing.T) {
	for number, want := range map[string]bool{
		"+33639980000":  true,
		"+33639989999":  true,
		"+262692000000": true,
		"+33140000000":  false, // a landline
		"+33800000000":  false,
		"+3338000":      false,
		"+336399812345": false,
		"+3363998123":   false,
		"33639981234":   false,
		"0639981234":    false,
		"38000":         false,
		"MAIRIE":        false,
		"+":             false,
		"":              false,
	} {
		if got := isMobile(number); got != want {
			t.Errorf("isMobile(%q) = %v", number, got)
		}
	}
}
