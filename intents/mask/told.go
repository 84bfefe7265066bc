package mask

import (
	"regexp"
	"slices"
	"strings"
	"unicode"
	"unicode/utf8"

	"passeur/intents/french"
)

// Numbers that are known by what is said of them: "numéro de sécu", "n° allocataire". And that of the social security by its shape.

// nirForm is a number of the social security with or without its key, each digit apart from the next or not.
var nirForm = regexp.MustCompile(`[1-478]` + strings.Repeat(nirGap+`\d`, 5) + nirGap + `[\dAaBb]` + strings.Repeat(nirGap+`\d`, 6) +
	`(?:[ .\x{a0}\x{202f}/-]{0,3}\d ?\d)?`)

const nirGap = `[ .\x{a0}\x{202f}-]?`

// nirs finds numbers of the social security by their shape.
func (f *finder) nirs() (found []Identity) {
	for at := 0; at < len(f.text); {
		m := nirForm.FindStringIndex(f.text[at:])
		if m == nil {
			break
		}
		start, end := at+m[0], at+m[1]
		for at = start + 1; at < len(f.text) && f.text[at] >= '0' && f.text[at] <= '9'; at++ { // none begins amid digits
		}
		for _, end := range []int{end, f.withoutKey(start, end)} {
			if wordEdge(f.text, start) && f.endsNumber(end) && nirGroups(f.text[start:end]) && nirShape(nirDigits(f.text[start:end])) {
				found = append(found, Identity{NIR, start, end})
				at = end
				break
			}
		}
	}
	return found
}

// nirGroups reports whether digits are apart from each other as people write the number: none, or the first alone.
func nirGroups(typed string) bool {
	first := strings.IndexFunc(typed, func(r rune) bool { return !unicode.IsLetter(r) && !unicode.IsNumber(r) })
	return first < 0 || first == 1 || first >= nirSize
}

// nirSize is how many digits a number of the social security has without its key.
const nirSize = 13

// withoutKey is where the thirteen digits from start end.
func (f *finder) withoutKey(start, end int) int {
	n := 0
	for i := start; i < end; i++ {
		if c := f.text[i]; c >= '0' && c <= '9' || c|0x20 == 'a' || c|0x20 == 'b' {
			if n++; n == nirSize {
				return i + 1
			}
		}
	}
	return end
}

// endsNumber reports whether no letter and no digit goes on at a place in the text.
func (f *finder) endsNumber(end int) bool {
	r, _ := utf8.DecodeRuneInString(f.text[end:])
	return !unicode.IsLetter(r) && !unicode.IsNumber(r)
}

// nirDigits are the digits of a number, and the letter of Corsica.
func nirDigits(typed string) string {
	return strings.Map(func(r rune) rune {
		switch {
		case r >= '0' && r <= '9', r == 'A', r == 'B':
			return r
		case r == 'a', r == 'b':
			return r - 'a' + 'A'
		}
		return -1
	}, typed)
}

// nirShape reports whether digits may be a number of the social security (INSEE, « Numéro d'inscription au répertoire »): sex, year, month,
// département, commune, order, and a key from 1 to 97. Months beyond 12 stand for one that is not known; they count only where the key is right.
func nirShape(n string) bool {
	if len(n) != nirSize && len(n) != nirSize+2 {
		return false
	}
	keyed := len(n) > nirSize
	month, place := french.Atoi(n[3:5]), n[5:7]
	switch {
	case place == "2A", place == "2B":
	case !french.DigitsOnly(place), french.Atoi(place) == 0:
		return false
	}
	if !french.DigitsOnly(n[7:]) || n[7:10] == "000" || n[10:13] == "000" || !keyed && (n[0] == '3' || n[0] == '4') {
		return false
	}
	if keyed && (french.Atoi(n[13:]) == 0 || french.Atoi(n[13:]) > 97) {
		return false
	}
	return month >= 1 && month <= 12 || keyed && month >= 20 && rightKey(n)
}

// rightKey reports whether the key of a number is 97 less the rest of the others by 97; 2A and 2B count as 19 and 18.
func rightKey(n string) bool {
	n = strings.NewReplacer("2A", "19", "2B", "18").Replace(n)
	rest := 0
	for _, c := range n[:nirSize] {
		rest = (rest*10 + int(c-'0')) % 97
	}
	return french.Atoi(n[nirSize:]) == 97-rest
}

// How many digits make a personal number of what is told to be one.
const (
	fewestTold   = 6
	fewestOfSecu = 7
)

// How many tokens may stand between what tells a number and the number, and between the word "numéro" and it.
const (
	longestTelling = 10
	numeroReach    = 8
)

// toldNumbers finds the numbers that are told to be somebody's.
func (f *finder) toldNumbers() (found []Identity) {
	for i := 0; i < len(f.toks); i++ {
		kind, fewest := f.tells(i)
		if kind == "" {
			continue
		}
		from := f.numberBehind(i)
		to := f.numberEnd(from)
		if to == from {
			continue
		}
		one := Identity{kind, f.toks[from].Start, f.toks[to-1].End}
		if n := digitsIn(f.text[one.Start:one.End]); len(n) >= fewest && f.isTold(from, to, kind, n) {
			found = append(found, one)
			i = to - 1
		}
	}
	return found
}

// tells is the kind of number that the word i tells, and how many digits it has at least.
func (f *finder) tells(i int) (Kind, int) {
	w := f.norm(i)
	switch {
	case w == "secu", w == "nir", w == "sociale" && f.norm(i-1) == "securite", w == "ss" && numberWords[f.norm(i-1)]:
		return NIR, fewestOfSecu
	case ownNumbers[w]:
		return Number, fewestTold
	}
	return "", 0
}

// numberBehind is the token at which a number begins behind the word i, len(f.toks) if none does.
func (f *finder) numberBehind(i int) int {
	for k := i + 1; k < min(len(f.toks), i+longestTelling) && !f.endsBefore(k); k++ {
		if f.toks[k].Kind == french.Number || f.coded(k) {
			if f.norm(k-1) == ":" || f.norm(k-1) == "=" || f.joined(i+1, k) {
				return k
			}
			break
		}
	}
	return len(f.toks)
}

// coded reports whether token k are letters that a number goes on: "FT123456".
func (f *finder) coded(k int) bool {
	return f.toks[k].Kind == french.Word && len(f.norm(k)) <= 3 && k+1 < len(f.toks) && f.toks[k+1].Kind == french.Number && f.toks[k+1].Glued
}

// joined reports whether the tokens from a to b say nothing but what the number is, and whose.
func (f *finder) joined(a, b int) bool {
	for i := a; i < b; i++ {
		if w := f.norm(i); !numberJoinings[w] && !ownNumbers[w] && !numberWords[w] && !sureGiven(w) && !french.Titles[f.norm(i-1)] {
			return false
		}
	}
	return true
}

// numberEnd is the token after a number: digits, signs between them, letters stuck to them.
func (f *finder) numberEnd(from int) int {
	end := from
	for k := from; k < len(f.toks) && (k == from || !strings.ContainsRune(f.gap(k), '\n')); k++ {
		t := f.toks[k]
		switch {
		case t.Kind == french.Number:
			end = k + 1
		case t.Kind == french.Word && len(t.Norm) <= 3 && (k == from || t.Glued):
			end = k + 1
		case t.Kind == french.Word && len(t.Norm) == 1 && f.capital(k) && (k+1 == len(f.toks) || f.toks[k+1].Kind == french.Sign):
			return k + 1 // "0412345 K"
		case strings.Contains("-./", t.Norm) && t.Glued && k+1 < len(f.toks) && f.toks[k+1].Glued:
		default:
			return end
		}
	}
	return end
}

// isTold reports whether a number of such digits is what it is told to be: no day, no span of years, no sum, no telephone number, no
// département before a postcode.
func (f *finder) isTold(from, to int, kind Kind, digits string) bool {
	typed := f.text[f.toks[from].Start:f.toks[to-1].End]
	if dayForm.MatchString(typed) || sums[f.norm(to)] {
		return false
	}
	if kind == NIR {
		return true
	}
	row := slices.MaxFunc(strings.Fields(typed), func(a, b string) int { return len(digitsIn(a)) - len(digitsIn(b)) })
	called := len(digits) == 10 && digits[0] == '0' && digits[1] != '0'
	before := f.norm(from - 1)
	return !called && (len(digitsIn(row)) >= fewestTold || before == ":" || before == "=" || f.wordsNear(from, numeroReach, numberWords))
}

var (
	dayForm = regexp.MustCompile(`^\d{1,2}[/.-]\d{1,2}[/.-](?:\d{2}|\d{4})$|^(?:19|20)\d\d[/-](?:19|20)?\d\d(?:[/-]\d\d)?$`)
	sums    = french.WordSet("€ euro euros eur % $ o ko mo go")
)
