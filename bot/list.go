package bot

import (
	"errors"
	"fmt"
	"slices"
	"strings"
	"time"
	"unicode"
	"unicode/utf8"

	"passeur/intents"
	"passeur/intents/phones"
)

// Lists of people: what a row of one must be, and what is wrong with it. Whatever else a list holds is dropped unread.

// The columns of a list, by their place in ListRow.Cells.
const (
	ListPhone = iota
	ListName
	ListCommune
)

// ListColumn is one of the columns that are read.
type ListColumn struct {
	Name   string   // in sentences
	Titles []string // how people title it, the best first
	Needed bool
}

// ListColumns are the columns of a list, by their place in ListRow.Cells.
var ListColumns = []ListColumn{
	{"téléphone", []string{"téléphone portable", "téléphone mobile", "numéro de portable", "numéro de mobile", "portable", "mobile", "gsm", "n° de téléphone", "numéro de téléphone",
		"téléphone", "tél portable", "tél mobile", "tél", "numéro", "phone"}, true},
	{"prénom", []string{"prénom", "prénom usager", "prénom du bénéficiaire", "prénoms", "firstname", "first name"}, true},
	{"commune", []string{"commune", "commune de résidence", "ville", "localité", "code insee", "insee", "code commune"}, false},
}

// ListRow is one row of a list, as it stands in the file.
type ListRow struct {
	Number int        // in the file, from 1
	Cells  []ListCell // those of ListColumns; of a column that is not there, the zero cell
	Fault  string     // why the row as such cannot be read, in French; "" it can
	Hidden bool       // the spreadsheet does not show it: it was filtered out
}

// ListCell is what stands in one column of a row.
type ListCell struct {
	Text    string
	Column  string // its letter: "C"; "" the file has no such column
	Formula bool   // it holds a formula, which is not read
}

// FaultKind is what is wrong with a row, in one word.
type FaultKind string

// The kinds of faults.
const (
	FaultRow       FaultKind = "illisible"         // the row as such: a quote that never ends, a field too many
	FaultFormula   FaultKind = "formule"           // a formula instead of a value
	FaultNoPhone   FaultKind = "numero-vide"       // there is no number
	FaultPhone     FaultKind = "numero"            // no number can be read
	FaultFixed     FaultKind = "fixe"              // a landline, or a number that takes no SMS
	FaultForeign   FaultKind = "etranger"          // a number from elsewhere
	FaultRounded   FaultKind = "arrondi"           // a number that a spreadsheet has rounded: 6,39981E+08
	FaultPhones    FaultKind = "plusieurs-numeros" // several numbers in one cell
	FaultNoted     FaultKind = "annote"            // something is noted beside the number or the name: "ne plus appeler"
	FaultNoName    FaultKind = "prenom-vide"
	FaultName      FaultKind = "prenom" // nobody is called so
	FaultNames     FaultKind = "plusieurs-prenoms"
	FaultCommune   FaultKind = "commune"        // in none of the territories served
	FaultAmbiguous FaultKind = "commune-double" // it may be several
	FaultElsewhere FaultKind = "territoire"     // not the coordinator's
	FaultTwice     FaultKind = "doublon"        // the number stands above already
)

// RowFault is what is wrong with a row. Its fields hold nothing of what stands in the cell: they may be kept and shown.
type RowFault struct {
	Row    int       `json:"row"`
	Column string    `json:"column,omitempty"` // its letter; "" the whole row
	Kind   FaultKind `json:"kind"`
	Of     int       `json:"of,omitempty"` // of FaultTwice: the row above
}

// listReader checks the rows of one list.
type listReader struct {
	bot         *Bot
	territories []string       // whose people the coordinator may write to
	seen        map[string]int // numbers, by the row in which they stood first
	communes    map[string]communeFound
}

// listReaderFor reads rows about the people of some territories.
func (b *Bot) listReaderFor(territories []string) *listReader {
	return &listReader{bot: b, territories: territories, seen: map[string]int{}, communes: map[string]communeFound{}}
}

// communeFound is what a cell of the column of communes was read as.
type communeFound struct {
	place string
	fault FaultKind
}

// listed is a row that can be used.
type listed struct{ phone, name, place string }

// read checks a row; its first fault counts, from the left.
func (l *listReader) read(row ListRow) (who listed, fault *RowFault) {
	wrong := func(kind FaultKind, column int) (listed, *RowFault) {
		return listed{}, &RowFault{Row: row.Number, Column: row.Cells[column].Column, Kind: kind}
	}
	if row.Fault != "" {
		return listed{}, &RowFault{Row: row.Number, Kind: FaultRow}
	}
	for i, c := range row.Cells {
		if c.Formula {
			return wrong(FaultFormula, i)
		}
	}
	phone, kind := readListPhone(row.Cells[ListPhone].Text)
	if kind != "" {
		return wrong(kind, ListPhone)
	}
	name, kind := readListName(row.Cells[ListName].Text)
	if kind != "" {
		return wrong(kind, ListName)
	}
	place := l.commune(row.Cells[ListCommune].Text)
	if place.fault != "" {
		return wrong(place.fault, ListCommune)
	}
	if first, twice := l.seen[phone]; twice {
		_, fault := wrong(FaultTwice, ListPhone)
		fault.Of = first
		return listed{}, fault
	}
	l.seen[phone] = row.Number
	return listed{phone, name, place.place}, nil
}

// readListPhone reads a number as spreadsheets leave it.
func readListPhone(text string) (e164 string, fault FaultKind) {
	if text = strings.TrimSpace(text); text == "" {
		return "", FaultNoPhone
	}
	if rounded(text) {
		return "", FaultRounded
	}
	found, err := phones.Find(strings.TrimSuffix(text, ".0"))
	var bad *phones.Error
	switch {
	case len(found) > 1, len(found) == 1 && err != nil:
		return "", FaultPhones
	case len(found) == 1:
		return found[0].E164, beside(text[:found[0].Start] + " " + text[found[0].End:])
	case !errors.As(err, &bad):
		return "", FaultPhone
	case bad.Reason == phones.Fixed:
		return "", FaultFixed
	case bad.Reason == phones.Foreign:
		return "", FaultForeign
	}
	return "", FaultPhone
}

// phoneLabels may stand beside a number.
var phoneLabels = strings.Fields("tel telephone port portable mobile gsm n no num numero perso personnel pro e mob cell tph domicile travail principal principale whatsapp mme m mr")

// beside is what is wrong with what stands beside a number: digits are too many, words may say that nobody must write there.
func beside(rest string) FaultKind {
	for _, w := range wordsIn(rest) {
		switch {
		case strings.Trim(w, "0123456789") != "" && !slices.Contains(phoneLabels, strings.Trim(w, "0123456789")):
			return FaultNoted
		case strings.Trim(w, "0") != "" && strings.Trim(w, "0123456789") == "":
			return FaultPhone
		}
	}
	return ""
}

// noteWords are no part of a name: who keeps a list notes by them that somebody is not to be called, or is dead. vagueWords may be, unless they stand alone
// or together: "Ne Win", "Jean Test".
var (
	noteWords  = strings.Fields("stop refus refuse refuses rappeler appeler contacter relancer sms null inconnu inconnue doublon decede decedee deces injoignable hospitalise hospitalisee demenage demenagee radie radiee")
	vagueWords = strings.Fields("ne pas plus none vide test")
)

// isNote tells that the words of a cell for a name are a note.
func isNote(words []string) bool {
	vague := 0
	for _, w := range words {
		if slices.Contains(noteWords, w) {
			return true
		}
		if slices.Contains(vagueWords, w) {
			vague++
		}
	}
	return vague > 0 && (vague > 1 || len(words) == 1)
}

// rounded tells a number that a spreadsheet wrote with an exponent: "6,39981E+08". Its last digits are lost.
func rounded(text string) bool {
	mantissa, exponent, ok := strings.Cut(strings.ToUpper(text), "E+")
	return ok && strings.Trim(mantissa, "0123456789,.") == "" && strings.Trim(exponent, "0123456789") == "" && mantissa != "" && exponent != ""
}

// readListName reads a first name, without a title; of a longer name the first name and an initial are kept. Two people are none: the texts, the yes
// and the appointment are one person's.
func readListName(text string) (name string, fault FaultKind) {
	if name = clean(text); name == "" {
		return "", FaultNoName
	}
	if isNote(wordsIn(name)) {
		return "", FaultNoted
	}
	if ofSeveral(name) {
		return "", FaultNames
	}
	name = untitled(name)
	if utf8.RuneCountInString(name) > longestName || shames(name) || !named(name) {
		return "", FaultName
	}
	return shortName(name), ""
}

// named tells whether a text may be a name: letters, and what stands between them.
func named(text string) bool {
	letters := false
	for _, r := range text {
		switch {
		case unicode.IsLetter(r):
			letters = true
		case unicode.Is(unicode.M, r), strings.ContainsRune(" '’-.", r):
		default:
			return false
		}
	}
	return letters
}

// mostCommunes bounds what is remembered of a list's communes: there are 35,000.
const mostCommunes = 40_000

// commune reads a commune by its name, with its postcode or without, or by its INSEE code; each spelling once. Without one
// the place is the campaign's.
func (l *listReader) commune(text string) communeFound {
	if text = strings.TrimSpace(text); text == "" {
		return communeFound{}
	}
	found, ok := l.communes[text]
	if !ok {
		found = l.readCommune(text)
		if len(l.communes) < mostCommunes {
			l.communes[text] = found
		}
	}
	return found
}

// communesCalled are the communes that a text may name: by their name, with the postcode or without, or the one of an INSEE code. The same five digits
// may be the postcode of one and the code of another: then both may be meant.
func (b *Bot) communesCalled(text string) []intents.Commune {
	read := b.Gazetteer.ReadCommune(text)
	c, ok := b.Gazetteer.ByCode(strings.TrimSpace(text))
	if ok && !slices.ContainsFunc(read, func(other intents.Commune) bool { return other.Code == c.Code }) {
		read = append(read, c)
	}
	return read
}

func (l *listReader) readCommune(text string) communeFound {
	found := l.bot.communesCalled(text)
	switch {
	case len(found) == 0:
		return communeFound{fault: FaultCommune}
	case len(found) > 1:
		return communeFound{fault: FaultAmbiguous}
	case !slices.Contains(l.territories, found[0].Territory):
		return communeFound{fault: FaultElsewhere}
	}
	return communeFound{place: found[0].Territory + "/" + found[0].Code}
}

// faultText says where a fault is and how to mend it.
func (t *Turn) faultText(reader string, f RowFault) string {
	args := Args{"ligne": number(f.Row), "colonne": f.Column, "quoi": t.sayTo(reader, "liste.faute."+string(f.Kind), Args{"autre": number(f.Of)})}
	if f.Column == "" {
		return t.sayTo(reader, "liste.ligne", args)
	}
	return t.sayTo(reader, "liste.ligne-colonne", args)
}

// ListFaults says each fault of a list on a row: line, column, kind, sentence. For a file.
func (b *Bot) ListFaults(faults []RowFault) ([][]string, error) {
	rows := make([][]string, len(faults))
	for i, f := range faults {
		what, _, err := b.Texts.Render("liste.faute."+string(f.Kind), Args{"autre": number(f.Of)}, time.Time{}, anyLength)
		if err != nil {
			return nil, fmt.Errorf("fault %s: %w", f.Kind, err)
		}
		rows[i] = []string{number(f.Row), f.Column, string(f.Kind), what}
	}
	return rows, nil
}
