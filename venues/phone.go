package venues

import (
	"regexp"
	"strings"

	"passeur/intents/phones"
)

// e164Pattern is the standard's own, with the nine digits that numbers of those calling codes have (Arcep's numbering plan).
var e164Pattern = regexp.MustCompile(`^\+((33|590|594|262|596|269)[1-9]\d{8}|(687|689|508|681)\d{6,9})$`)

// phoneSigns may stand between the digits of a number.
var phoneSigns = strings.NewReplacer(" ", "", ".", "", "-", "", "(0)", "", "(", "", ")", "", "‑", "", "–", "", "_", "")

// callingCodes are those of the territories that dial no zero, by INSEE code.
var callingCodes = map[string]string{"975": "508", "986": "681", "987": "689", "988": "687"}

// overseas are the calling codes of numbers that begin, behind the zero, with these digits (Arcep's numbering plan); all others are +33.
var overseas = map[string]string{
	"590": "590", "690": "590", "691": "590", "594": "594", "694": "594", "596": "596", "696": "596", "697": "596",
	"262": "262", "692": "262", "693": "262", "269": "262", "639": "262",
}

// phoneE164 reads a telephone number as people write it in a territory: "02 61 91 00 01", "+33 (0)2…", "261910001" from a spreadsheet. Of
// several the first counts.
func phoneE164(text, territory string) (string, bool) {
	first := strings.FieldsFunc(text, func(r rune) bool { return r == '/' || r == ';' || r == '|' || r == ',' })
	if len(first) == 0 {
		return "", false
	}
	s := phoneSigns.Replace(strings.TrimSuffix(strings.TrimSpace(first[0]), ".0"))
	digits := strings.TrimPrefix(s, "+")
	if strings.Trim(digits, "0123456789") != "" {
		return "", false
	}
	switch {
	case s != digits: // already international
	case strings.HasPrefix(digits, "00"):
		digits = digits[2:]
	case len(digits) == 10 && digits[0] == '0':
		digits = callingCode(digits[1:]) + digits[1:]
	case len(digits) == 9 && digits[0] != '0': // a spreadsheet took the zero
		digits = callingCode(digits) + digits
	case callingCodes[territory] != "" && (len(digits) == 6 || len(digits) == 8):
		digits = callingCodes[territory] + digits
	}
	if zero := "330"; strings.HasPrefix(digits, zero) && len(digits) == 12 {
		digits = "33" + digits[len(zero):]
	}
	e164 := "+" + digits
	return e164, e164Pattern.MatchString(e164)
}

// callingCode returns the calling code of a national number without its zero.
func callingCode(nine string) string {
	code, ok := overseas[nine[:3]]
	if !ok || phones.Fictional("+33"+nine) {
		return "33"
	}
	return code
}
