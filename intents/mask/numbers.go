package mask

import (
	"regexp"
	"slices"
	"strings"
	"unicode"
	"unicode/utf8"

	"passeur/intents/french"
	"passeur/intents/phones"
)

// What is known by its shape: e-mail addresses, telephone numbers, accounts, days of birth.

var (
	preciseMail = regexp.MustCompile(`[\pL\pN_][\pL\pN._%+-]*(?:@ ?| @ | ?[(\[](?:at|arobase|@)[)\]] ?)` +
		`[\pL\pN][\pL\pN-]*(?: ?\. ?[\pL\pN][\pL\pN-]*)*\.[\pL\pN-]*\pL{2}`)
	preciseSaid = regexp.MustCompile(`(?i)(?:[\pL\pN._-]+ (?:point|tiret(?: du (?:bas|6))?|underscore) )*[\pL\pN._-]+ arobas?e? ` +
		`(?:[\pL\pN-]+(?: (?:point|tiret) [\pL\pN-]+)*? ?(?:point|\.) ?(?:` + domains + `)\b|` +
		`[\pL\pN-]+(?:\.[\pL\pN-]+)*\.(?:` + domains + `)\b|(?:` + mailHouses + `)(?: (?:fr|com|net))?\b)|` +
		`(?:[\pL\pN-]+ (?:point|tiret) [\pL\pN-]+|[\pL\pN]+[._-][\pL\pN]+|\pL+\d+) chez (?:` + mailHouses + `) ?(?:point |[ .])(?:fr|com|net|org)\b`)

	frenchIBAN  = regexp.MustCompile(`(?i)\bFR\d{2}(?:[ .-]?[0-9A-Z]){23}\b`)
	foreignIBAN = regexp.MustCompile(`\b[A-Z]{2}\d{2} ?(?:[A-Z]{4})?(?:[ .-]?\d){10,26}\b`)
	bankCard    = regexp.MustCompile(`\b[3-6]\d{3}(?:[ .-]?\d{4}){3}\b`)

	birth = regexp.MustCompile(`(?i)\b(?:n[ée]e?s?(?:\(e\)|·e|\.e)?|naissance|ddn|n[ée]e?(?: [\pL'’-]+){1,4}?)` + // "née Leroux à Coutances"
		`(?: ?[:=,]| (?:est|c'est|du|au|[àa] [\pL'’-]+))*(?: le| ?:)? ?` +
		`(\d{1,2} ?[/.-] ?\d{1,2} ?[/.-] ?(?:\d{4}|\d{2})|\d{1,2} \d{1,2} (?:19|20)\d{2}|` +
		`\d{1,2}(?:er)? \pL{3,9}\.? (?:19|20)?\d{2}|[0-3]\d[01]\d(?:19|20)\d{2})\b`)

	spacedPhone = regexp.MustCompile(`(?:\+ ?33|\b0) ?[1-79](?: ?[,;·*|] ?\d\d){4}\b`)
)

// mails finds e-mail addresses. An address is left out when its first part names a service and it is no private mail house's, or when it is made
// of the words of an example ("prenom.nom@…").
func (f *finder) mails() (found []Identity) {
	for _, form := range []*regexp.Regexp{preciseMail, preciseSaid} {
		for _, at := range form.FindAllStringIndex(f.text, -1) {
			if !impersonal(f.text[at[0]:at[1]]) {
				found = append(found, Identity{Mail, at[0], at[1]})
			}
		}
	}
	return found
}

// links finds nothing: what is written in a link or behind an @ leads to a page or a colleague.
func (f *finder) links() []Identity {
	for _, form := range []*regexp.Regexp{linkForm, mention} {
		for _, at := range form.FindAllStringIndex(f.text, -1) {
			f.take(at[0], at[1])
		}
	}
	return nil
}

// impersonal reports whether an address is a service's, or an example.
func impersonal(mail string) bool {
	end := strings.IndexAny(mail, "@([")
	if end < 0 {
		end = len(mail)
	}
	local, host := addressWords(mail[:end]), addressWords(mail[end:])
	if !slices.ContainsFunc(local, func(w string) bool { return !exampleWords[w] }) {
		return true
	}
	service := slices.ContainsFunc(local, func(w string) bool { return mailServices[w] })
	private := slices.ContainsFunc(host, func(w string) bool { return privateHouses()[w] })
	return service && (!private || publicServices[local[0]])
}

// addressWords are the folded words between the signs of an address.
func addressWords(part string) []string {
	return strings.Fields(french.Folded(strings.Map(func(r rune) rune {
		if unicode.IsLetter(r) || unicode.IsNumber(r) {
			return r
		}
		return ' '
	}, part)))
}

// accounts finds IBAN and the numbers of bank cards.
func (f *finder) accounts() (found []Identity) {
	for _, form := range []*regexp.Regexp{frenchIBAN, foreignIBAN, bankCard} {
		for _, at := range form.FindAllStringIndex(f.text, -1) {
			typed := f.text[at[0]:at[1]]
			if n := digitsIn(typed); len(n) >= fewestOfAccount && (form != bankCard || luhn(n)) {
				found = append(found, Identity{Number, at[0], at[1]})
			}
		}
	}
	return found
}

// fewestOfAccount is how many digits an IBAN has at least.
const fewestOfAccount = 10

// luhn reports whether the last digit of a card is that which the others ask for.
func luhn(digits string) bool {
	sum := 0
	for i := range digits {
		d := int(digits[len(digits)-1-i] - '0')
		if i%2 == 1 {
			d = d*2/10 + d*2%10
		}
		sum += d
	}
	return sum%10 == 0
}

// births finds days of birth, with their year: "née le 12/05/1985".
func (f *finder) births() (found []Identity) {
	for _, at := range birth.FindAllStringSubmatchIndex(f.text, -1) {
		if wordEdge(f.text, at[0]) && likelyDay(f.text[at[2]:at[3]]) {
			found = append(found, Identity{Number, at[2], at[3]})
		}
	}
	return found
}

// likelyDay reports whether the words in a date, if there are any, are a month.
func likelyDay(date string) bool {
	for _, w := range strings.Fields(french.Folded(date)) {
		if !french.DigitsOnly(w) && french.Months[w] == 0 && w != "er" {
			return false
		}
	}
	return true
}

// wordEdge reports whether no letter and no digit stands before a place in the text. \b knows ASCII alone.
func wordEdge(text string, at int) bool {
	r, _ := utf8.DecodeLastRuneInString(text[:at])
	return !unicode.IsLetter(r) && !unicode.IsNumber(r)
}

// digitsIn are the ASCII digits of what was typed.
func digitsIn(typed string) string {
	return strings.Map(func(r rune) rune {
		if r < '0' || r > '9' {
			return -1
		}
		return r
	}, typed)
}

// telephones finds numbers written in any way, also in words and with a digit too many or too few where they begin like a mobile.
func (f *finder) telephones() (found []Identity) {
	for _, s := range phones.Spans(f.text) {
		if f.personal(s) {
			found = append(found, Identity{Telephone, f.bracket(s), s.End})
		}
	}
	for _, at := range spacedPhone.FindAllStringIndex(f.text, -1) {
		found = append(found, Identity{Telephone, at[0], at[1]})
	}
	return append(found, f.spoken()...)
}

// bracket is where a number begins, with the bracket that is shut within it: "(06) 39 98 12 34".
func (f *finder) bracket(s phones.Span) int {
	open, shut, _ := strings.Cut(f.text[s.Start:s.End], ")")
	if len(open)+len(shut) < s.End-s.Start && !strings.Contains(open, "(") && strings.HasSuffix(f.text[:s.Start], "(") {
		return s.Start - 1
	}
	return s.Start
}

// personal reports whether what looks like a number is one, and may be somebody's own.
func (f *finder) personal(s phones.Span) bool {
	typed, national := f.text[s.Start:s.End], s.Digits()
	if rest, ok := strings.CutPrefix(national, "+33"); ok {
		national = "0" + rest
	}
	if serviceLine(national) || strings.Contains(typed, "/") && strings.ContainsAny(typed, " \n") || !wordEdge(f.text, s.Start) {
		return false
	}
	first, _ := f.tokensOf(s.Start, s.End)
	if f.wordsNear(first, 3, countedThings) && !strings.ContainsAny(typed, " .-") {
		return false
	}
	mobile := strings.HasPrefix(national, "06") || strings.HasPrefix(national, "07")
	if !mobile && !f.endsNumber(s.End) {
		return false
	}
	switch s.Fault() {
	case "":
		return true
	case phones.Foreign:
		return len(digitsIn(typed)) > 10
	case phones.Short, phones.Long:
		return mobile
	}
	return false
}

// serviceLine reports whether a number is one that only services have: in 08 and 0969, and those of telephone desks of the State.
func serviceLine(national string) bool {
	return strings.HasPrefix(national, "08") || strings.HasPrefix(national, "0969") || desks[national]
}

// desks are the ten digits of short numbers of the State, as they are called from abroad: of France Travail, of the health insurance, of pensions.
var desks = french.WordSet("0972723949 0974753646 0971103960 0970823646")

// leastSpoken is how many number words in a row are a telephone number, with the zero that they begin with.
const leastSpoken = 5

// spoken finds telephone numbers in words: "zéro six trente-neuf quatre-vingt-dix-huit douze trente-quatre".
func (f *finder) spoken() (found []Identity) {
	for _, part := range inWords(f.text, f.toks) {
		first, last := f.tokensOf(part.start, part.end)
		for first < last && f.norm(first) != "zero" {
			first++
		}
		n := 0
		for i := first; i < last; i++ {
			n += french.Bit(f.toks[i].Kind != french.Sign)
		}
		if n >= leastSpoken && spokenNumbers[f.norm(first+1)] {
			found = append(found, Identity{Telephone, f.toks[first].Start, part.end})
		}
	}
	return found
}

// wordsNear reports whether one of the n tokens before token i is one of those words.
func (f *finder) wordsNear(i, n int, words map[string]bool) bool {
	for k := max(0, i-n); k < i; k++ {
		if words[f.norm(k)] {
			return true
		}
	}
	return false
}
