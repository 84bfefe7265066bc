package sms

import (
	"slices"
	"strings"
	"testing"
	"unicode/utf16"
	"unicode/utf8"
)

func TestFold(t *testing.T) {
	for in, want := range map[string]string{
		"":                                   "",
		"Rendez-vous demain à 10h, mairie.":  "Rendez-vous demain à 10h, mairie.",
		"àäéèöùüæ ÉÇÄÖÜÆ €":                  "àäéèöùüæ ÉÇÄÖÜÆ €", // in GSM-7: stays
		"âçêëîïôûÿœ":                         "aceeiiouyoe",
		"ÀÂÈÊËÎÏÔÙÛŸŒ":                       "AAEEEIIOUUYOE",
		"Ça, reçu ; ÉTÉ À L’ÉCOLE":           "Ça, recu ; ÉTÉ A L'ÉCOLE",
		"«\u00a0merci\u00a0»":                `"merci"`,
		"«\u202fmerci\u202f»":                `"merci"`,
		"« merci » et « oui »":               `"merci" et "oui"`,
		"“bonjour” ‘toi’":                    `"bonjour" 'toi'`,
		"l’été… – — \u2011":                  "l'été... - - -",
		"10\u00a0h\u202f30":                  "10 h 30",
		"n°12, N° 3, 20 °":                   "no12, No 3, 20 o",
		"• un\n• deux\ttrois":                "- un\n- deux trois",
		"e\u0301le\u0300ve ho\u0302tel":      "élève hotel", // NFC first
		"\u212b \u2126":                      "Å Ω",         // ångström and ohm signs
		"João, Núñez, Ísis":                  "Joao, Nuñez, Isis",
		"Łukasz, Nguyễn, Šimić, Çağla, İpek": "Lukasz, Nguyen, Simic, Çagla, Ipek",
		"Владимир, Ελένη":                    "Владимир, Ελένη",
		"mot\u00adcou\u200bpé\ufeff":         "motcoupé",
		"D'accord 👍 ça va":                   "D'accord 👍 ça va", // the emoji keeps all as it was
		"e\u0301 👍":                          "e\u0301 👍",
		"مرحبا « oui »":                      "مرحبا « oui »",
		"\xff cassé ç":                       "\xff cassé ç",
		"^{}\\[~]|€":                         "^{}\\[~]|€",
		"Mme Lefèvre, ZOÉ et Noël : œuvre à 14h – 5 €": "Mme Lefèvre, ZOÉ et Noel : oeuvre à 14h - 5 €",
	} {
		if got := Fold(in); got != want {
			t.Errorf("Fold(%q) = %q, want %q", in, got, want)
		}
	}
}

func TestFoldsLandInGSM(t *testing.T) {
	for r, folded := range folds {
		if septets[r] != 0 {
			t.Errorf("%q is folded and stands in GSM-7", r)
		}
		if !isGSM(folded) {
			t.Errorf("%q folds to %q, outside GSM-7", r, folded)
		}
	}
	if len(septets) != 127+10 {
		t.Errorf("the alphabet has %d characters, want 127 and 10", len(septets))
	}
}

func TestSegments(t *testing.T) {
	a := func(n int) string { return strings.Repeat("a", n) }
	e := func(n int) string { return strings.Repeat("ê", n) }
	for _, c := range []struct {
		name, text string
		want       Count
	}{
		{"empty", "", Count{GSM7, 0, 0, 160}},
		{"one", "a", Count{GSM7, 1, 1, 159}},
		{"full", a(160), Count{GSM7, 160, 1, 0}},
		{"one more", a(161), Count{GSM7, 161, 2, 153 - 8}},
		{"two full", a(306), Count{GSM7, 306, 2, 0}},
		{"three", a(307), Count{GSM7, 307, 3, 152}},
		{"80 euros", strings.Repeat("€", 80), Count{GSM7, 160, 1, 0}},
		{"81 euros: 76 fit into a part, not 76 and a half", strings.Repeat("€", 81), Count{GSM7, 162, 2, 153 - 10}},
		{"escape at the seam", a(152) + "€" + a(10), Count{GSM7, 164, 2, 153 - 12}},
		{"escapes push into a third part", a(152) + "€" + a(150) + "€", Count{GSM7, 306, 3, 151}},
		{"É and Ç are in GSM-7", "ÉÇ", Count{GSM7, 2, 1, 158}},
		{"ç is not", "ç", Count{UCS2, 1, 1, 69}},
		{"wide full", e(70), Count{UCS2, 70, 1, 0}},
		{"wide one more", e(71), Count{UCS2, 71, 2, 67 - 4}},
		{"wide two full", e(134), Count{UCS2, 134, 2, 0}},
		{"wide three", e(135), Count{UCS2, 135, 3, 66}},
		{"an emoji is two units", "👍", Count{UCS2, 2, 1, 68}},
		{"35 emoji", strings.Repeat("👍", 35), Count{UCS2, 70, 1, 0}},
		{"36 emoji: 33 fit into a part", strings.Repeat("👍", 36), Count{UCS2, 72, 2, 67 - 6}},
		{"emoji at the seam", e(66) + "👍" + e(67), Count{UCS2, 135, 3, 65}},
		{"invalid bytes", "\xff\xfe", Count{UCS2, 2, 1, 68}},
		{"escape itself is no character", "\x1b", Count{UCS2, 1, 1, 69}},
	} {
		if got := Segments(c.text); got != c.want {
			t.Errorf("%s: %+v, want %+v", c.name, got, c.want)
		}
	}
}

// The figures are a price: folding halves it for texts as French people type them.
func TestFoldingIsWorthIt(t *testing.T) {
	convocation := "Bonjour, c’est Passeur pour Marie Lecomte, conseillère numérique. Votre rendez-vous : mardi 8 décembre " +
		"à 10h00, à l’hôtel de ville de Coutances — 1er étage. N’oubliez pas vos papiers… Vous venez ? Répondez 1 oui, 2 non."
	if raw, folded := Segments(convocation), Segments(Fold(convocation)); raw.Parts != 4 || folded.Parts != 2 {
		t.Errorf("raw %v, folded %v; want 4 and 2 parts", raw, folded)
	}
}

func TestOffending(t *testing.T) {
	for in, want := range map[string]string{
		"":                    "",
		"Ça va « bien » œ":    "",
		"oui 👍, non 👎, oui 👍": "👍👎",
		"reçu 👍 مر":           "👍مر",
		"\xffa":               "\ufffd",
		"e\u0301 e\u0331":     "\u0331", // an accent that nothing composes
	} {
		if got := string(Offending(in)); got != want {
			t.Errorf("Offending(%q) = %q, want %q", in, got, want)
		}
	}
}

// FuzzSplit: the pieces are the text, as many as it has parts, and none holds more than a part can.
func FuzzSplit(f *testing.F) {
	for _, s := range []string{"", "bonjour", strings.Repeat("a", 161), strings.Repeat("€", 90), strings.Repeat("👍", 70), strings.Repeat("a", 152) + "€b"} {
		f.Add(s)
	}
	f.Fuzz(func(t *testing.T, text string) {
		text = strings.ToValidUTF8(text, "?")
		pieces := Split(text)
		if strings.Join(pieces, "") != text || len(pieces) != Segments(text).Parts {
			t.Errorf("%q: %d pieces, %d parts", text, len(pieces), Segments(text).Parts)
		}
		for _, p := range pieces {
			if len(pieces) > 1 && count(p, Segments(text).Encoding, map[Encoding]func(rune) int{GSM7: width, UCS2: utf16.RuneLen}[Segments(text).Encoding]).Units > capacities[Segments(text).Encoding].part {
				t.Errorf("%q is more than a part", p)
			}
		}
	})
}

func FuzzFold(f *testing.F) {
	for _, s := range []string{"", "« été »", "👍 ç", "€[]", "e\u0301", "\xff", strings.Repeat("œ€", 90), "“ \u202f”", "n° 4"} {
		f.Add(s)
	}
	f.Fuzz(func(t *testing.T, text string) {
		folded := Fold(text)
		if again := Fold(folded); again != folded {
			t.Errorf("folded again: %q, %q", folded, again)
		}
		if isGSM(text) && folded != text {
			t.Errorf("GSM text %q became %q", text, folded)
		}
		if !isGSM(folded) && folded != text {
			t.Errorf("%q was folded in part: %q", text, folded)
		}
		if (len(Offending(text)) == 0) != isGSM(folded) {
			t.Errorf("Offending(%q) = %q, folded %q", text, Offending(text), folded)
		}
		checkCount(t, text)
		checkCount(t, folded)
	})
}

// checkCount compares Segments with a slower way to count: cutting the text.
func checkCount(t *testing.T, text string) {
	t.Helper()
	c := Segments(text)
	room := capacities[c.Encoding]
	most := room.part
	if c.Parts < 2 {
		most = room.alone
	}
	if c.Parts*most < c.Units || c.Left < 0 || c.Left > most {
		t.Errorf("%q: %+v", text, c)
	}
	parts := cut(text, c.Encoding)
	if c.Units > room.alone && len(parts) != c.Parts {
		t.Errorf("%q: cut into %d parts, counted %d", text, len(parts), c.Parts)
	}
	if utf8.ValidString(text) && strings.Join(parts, "") != text {
		t.Errorf("%q: the parts are not the text", text)
	}
}

func cut(text string, e Encoding) []string {
	var parts []string
	var part []rune
	width := func(rs []rune) int {
		if e == UCS2 {
			return len(utf16.Encode(rs))
		}
		n := 0
		for _, r := range rs {
			n += septets[r]
		}
		return n
	}
	for _, r := range text {
		if width(append(slices.Clone(part), r)) > capacities[e].part {
			parts, part = append(parts, string(part)), nil
		}
		part = append(part, r)
	}
	return append(parts, string(part))
}
