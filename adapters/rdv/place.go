package rdv

import (
	"strings"
	"unicode"
	"unicode/utf8"

	"passeur/bot"
)

// place says where. The address of a visit is the person's own: only the commune is read off its end. By telephone or video there is no
// place.
func (a *appointment) place(b *bot.OutsideRdv) {
	switch a.Motif.LocationType {
	case "home":
		b.AtHome = true
	case "phone", "visio":
		b.Remote = true
		return
	}
	if b.AtHome || a.Lieu == nil {
		b.Postcode, b.Commune = locality(string(a.Address), true)
		return
	}
	b.Where = clean(string(a.Lieu.Name), 120)
	if b.Postcode, b.Commune = locality(string(a.Lieu.Address), false); b.Postcode == "" {
		b.Postcode, b.Commune = locality(string(a.Address), false)
	}
}

// locality reads the end of an address: "…, Villefictive, 50000", as the service writes it, or "…, 50000 Villefictive". What is less
// plain is left empty. private addresses may be of somebody's home: "Les Tilleuls, 50000" could then be all but a street, and only the
// postcode is taken.
func locality(address string, private bool) (postcode, commune string) {
	if inner := strings.LastIndexByte(address, '('); inner >= 0 && strings.HasSuffix(address, ")") {
		address = address[inner+1 : len(address)-1] // "Médiathèque (1 rue de l'Exemple, Villefictive, 50000)"
	}
	parts := strings.FieldsFunc(clean(address, 400), func(r rune) bool { return r == ',' })
	for i := range parts {
		parts[i] = strings.TrimSpace(parts[i])
	}
	if len(parts) > 1 && strings.EqualFold(parts[len(parts)-1], "France") {
		parts = parts[:len(parts)-1]
	}
	if len(parts) == 0 {
		return "", ""
	}
	last := parts[len(parts)-1]
	if head, tail, _ := strings.Cut(last, " "); isPostcode(head) && isCommune(tail) {
		return head, tail
	}
	if !isPostcode(last) {
		return "", ""
	}
	if len(parts) > 2 || len(parts) == 2 && !private {
		commune = parts[len(parts)-2]
	}
	if !isCommune(commune) {
		commune = ""
	}
	return last, commune
}

func isPostcode(s string) bool {
	return len(s) == 5 && strings.Trim(s, "0123456789") == ""
}

// ways are words that begin the name of a street, a building, a part of one; "cedex" tells a postcode that is no place.
var ways = map[string]bool{
	"allée": true, "allee": true, "av": true, "av.": true, "avenue": true, "bd": true, "bld": true, "boulevard": true, "chemin": true,
	"cité": true, "cite": true, "cours": true, "faubourg": true, "hameau": true, "impasse": true, "lieu-dit": true, "lieudit": true,
	"lotissement": true, "passage": true, "place": true, "quai": true, "résidence": true, "residence": true, "route": true, "rue": true,
	"ruelle": true, "rte": true, "sente": true, "sentier": true, "square": true, "venelle": true, "villa": true, "voie": true,
	"appartement": true, "appt": true, "bâtiment": true, "batiment": true, "bât": true, "bat": true, "cage": true, "chez": true,
	"escalier": true, "étage": true, "etage": true, "foyer": true, "immeuble": true, "porte": true, "cedex": true,
}

// isCommune: a name as communes have them. The longest of France has 45 letters, and some are called Rue, Chemin, Le Passage: such a
// word betrays a street only where something stands before or behind it.
func isCommune(s string) bool {
	if s == "" || utf8.RuneCountInString(s) > 45 {
		return false
	}
	for _, r := range s {
		if !unicode.IsLetter(r) && !unicode.IsMark(r) && !strings.ContainsRune(" -'’.", r) {
			return false
		}
	}
	words := strings.Fields(strings.ToLower(s))
	for i, w := range words {
		article := i > 0 && (words[i-1] == "le" || words[i-1] == "la" || words[i-1] == "les")
		if ways[w] && (i == 0 && len(words) > 1 || i > 0 && !(article && i == 1 && len(words) == 2)) {
			return false
		}
	}
	return len(words) > 0
}
