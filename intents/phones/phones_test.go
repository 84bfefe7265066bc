package phones

import (
	"errors"
	"strings"
	"testing"

	"passeur/intents/french"
	"passeur/intents/intentstest"
)

func TestPhones(t *testing.T) {
	for _, c := range []struct {
		text, want, reason string // numbers by spaces
	}{
		{"06 39 98 12 34", "+33639981234", ""},
		{"\u202a06 39 98 12 34\u202c", "+33639981234", ""},
		{"06\u200b39\u200b98\u200b12\u200b34", "+33639981234", ""},
		{"06 39\u200b 98 12 34", "+33639981234", ""},
		{"0639981234", "+33639981234", ""},
		{"06.39.98.12.34", "+33639981234", ""},
		{"06-39-98-12-34", "+33639981234", ""},
		{"06/39/98/12/34", "+33639981234", ""},
		{"+33 6 39 98 12 34", "+33639981234", ""},
		{"+33 (0)6 39 98 12 34", "+33639981234", ""},
		{"+33639981234", "+33639981234", ""},
		{"0033 6 39 98 12 34", "+33639981234", ""},
		{"0033639981234", "+33639981234", ""},
		{"33639981234", "+33639981234", ""},
		{"639981234", "+33639981234", ""},
		{"6 39 98 12 34", "+33639981234", ""},
		{"O6 39 98 12 34", "+33639981234", ""},
		{"O639981234", "+33639981234", ""},
		{"06 39 98 O0 34", "+33639980034", ""},
		{"٠٦٣٩٩٨١٢٣٤", "+33639981234", ""},
		{"0692 12 34 56", "+262692123456", ""},
		{"0639 01 23 45", "+262639012345", ""},
		{"0690 35 01 23", "+590690350123", ""},
		{"0694 20 12 34", "+594694201234", ""},
		{"0696 20 12 34", "+596696201234", ""},
		{"tel:0639981234.", "+33639981234", ""},
		{"appelez le 06 39 98 12 34 ou le 06 39 98 12 35", "+33639981234 +33639981235", ""},
		{"06 39 98 12 34 10h", "+33639981234", ""},
		{"06 39 98 12 34 4 décembre", "+33639981234", ""},
		{"0639981234 04/12/2026 14h30", "+33639981234", ""},
		{"06 12 34 56 7", "", Short},
		{"06 12 34 56 7 10h", "", Short},
		{"06 12 34 56 7 4 décembre", "", Short},
		{"06 39 98 12 345", "", Long},
		{"063998123456", "", Long},
		{"02 33 12 34 56", "", Fixed},
		{"0033233123456", "", Fixed},
		{"+32 470 12 34 56", "", Foreign},
		{"00 44 7700 900123", "", Foreign},
		{"0000000000", "", Invalid},
		{"06 12 34 56 7 ou 06 39 98 12 34", "+33639981234", Short},
		{"50200", "", ""},
		{"01400 Attignat", "", ""},
		{"le 03/12/2026 à 14h30", "", ""},
		{"03.12.2026", "", ""},
		{"03 12 2026", "", ""},
		{"le 3/12 de 9h à 12h", "", ""},
		{"3949", "", ""},
		{"1234", "", ""},
		{"12 rue de la mairie 50200 Coutances", "", ""},
		{"2026", "", ""},
	} {
		got, err := Find(c.text)
		var list []string
		for _, p := range got {
			list = append(list, p.E164)
		}
		if s := strings.Join(list, " "); s != c.want {
			t.Errorf("%q: %s, want %s", c.text, s, c.want)
		}
		reason := ""
		var bad *Error
		if errors.As(err, &bad) {
			reason = bad.Reason
			if bad.Raw == "" || strings.Contains(err.Error(), bad.Raw) {
				t.Errorf("%q: raw %q, error %q", c.text, bad.Raw, err)
			}
		}
		if reason != c.reason {
			t.Errorf("%q: %q, want %q", c.text, reason, c.reason)
		}
	}
}

func TestFictional(t *testing.T) {
	for e164, want := range map[string]bool{
		"+33639980000": true, "+33639989999": true, "+33639971234": false, "+33639990000": false, "+3363998123": false, "+336399812345": false, "0639981234": false, "": false,
	} {
		if Fictional(e164) != want {
			t.Errorf("%q: %v", e164, !want)
		}
	}
}

// TestFindInLongTexts: what stands behind the opening is not read, and offsets before a cut stay right.
func TestFindInLongTexts(t *testing.T) {
	for _, text := range intentstest.Long() {
		intentstest.Alike(t, func(text string) any { found, err := Find(text); return []any{found, err} }, text, french.Opening(text))
	}
	for _, fill := range []string{"a", "é", "🙏"} {
		lead := strings.Repeat(fill, french.LongestText-20) + " "
		found, err := Find(lead + "06 39 98 12 34 " + strings.Repeat(fill, 50))
		if err != nil || len(found) != 1 || found[0].Start != len(lead) {
			t.Errorf("%q: %+v, %v", fill, found, err)
		}
		if found, _ := Find(strings.Repeat(fill, french.LongestText) + " 06 39 98 12 34"); len(found) > 0 {
			t.Errorf("%q: a number read behind the opening", fill)
		}
	}
}

// TestSpans: what looks like a number tells its digits and what is wrong with it, also amid many groups of digits.
func TestSpans(t *testing.T) {
	for text, want := range map[string]string{
		"06 39 98 12 34": "0639981234 ", "+33 (0)6 39 98 12 34": "+33639981234 ", "02 61 91 12 34": "0261911234 ", "06 39 98 12 3": "063998123 " + Short,
		"06 39 98 12 34" + strings.Repeat(" 12 34", 1<<17): "0639981234 ",
	} {
		spans := Spans(text)
		if len(spans) == 0 || spans[0].Digits()+" "+spans[0].Fault() != want {
			t.Errorf("%.20q: %.1v, want %q", text, spans, want)
		}
	}
}
