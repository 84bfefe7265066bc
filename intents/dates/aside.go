package dates

import (
	"errors"
	"strings"

	"passeur/intents/french"
)

// before returns the last token before a date that is no small word.
func (p *Parser) before(w When) int {
	i, _ := p.span(w)
	for i--; i >= 0 && (french.Small[p.norm(i)] && p.norm(i) != "-"); i-- {
	}
	return i
}

// aside reports whether a date is not about an appointment to come.
func (p *Parser) aside(w When) bool {
	first, end := p.span(w)
	if w.HasDay && (w.Day.Before(p.Today) || errors.Is(w.Err, ErrPast) && p.norm(first-1) == "du" && !datedThings[p.norm(first-2)]) {
		return true
	}
	i := p.before(w)
	if p.led(w, i, end) || p.spread(first, end) {
		return true
	}
	for j := i; j >= 0 && j > i-4 && !clauseEnds(p.norm(j)); j-- {
		if french.HasPrefix(p.norm(j), deadlines) && !p.session(j) {
			return true
		}
	}
	return !w.HasTime && (p.past(w, first, end) || p.away(first, end))
}

// spread reports whether the date at tokens first to end-1 is one of several: "un dimanche sur deux", "de mardi sur vendredi".
func (p *Parser) spread(first, end int) bool {
	over := p.norm(end + 1)
	return isWeekday(p.norm(first)) && p.norm(end) == "sur" && (numerals[over] > 0 || isWeekday(over) || over == "la")
}

// session reports whether token j calls off what only a counsellor can: "annuler la permanence de vendredi".
func (p *Parser) session(j int) bool {
	if !strings.HasPrefix(p.norm(j), "annul") && !strings.HasPrefix(p.norm(j), "supprim") {
		return false
	}
	if s := p.norm(j + 1); s == "son" || s == "leur" || s == "leurs" {
		return true
	}
	for j++; french.Small[p.norm(j)] || p.norm(j) == "ma" || p.norm(j) == "mon" || p.norm(j) == "mes"; j++ {
	}
	return datedThings[p.norm(j)] && p.norm(j) != "rdv"
}

// warning reports whether the text asks to warn others, so that the day on which its author is away is the one it is about.
func (p *Parser) warning() bool {
	for _, t := range p.toks {
		if strings.HasPrefix(t.Norm, "preven") || strings.HasPrefix(t.Norm, "previen") {
			return true
		}
	}
	return false
}

// led reports whether the word before a date, token i, says that it is about something else.
func (p *Parser) led(w When, i, end int) bool {
	s, of := p.norm(i), p.norm(i+1) == "du" || p.norm(i+1) == "de"
	switch {
	case s == "depuis", sent[s] && p.norm(i-1) != "etre":
	case s == "jusqu", s == "fermee" && !p.sessionBefore(i):
		return w.HasDay
	case papers[s], people[s]:
		return of && !w.HasTime
	case openings[s]:
		return (!w.HasDay || s == "ferme") && !p.sessionBefore(i)
	case s == "avant":
		return p.norm(i-1) != "pas" && p.due(i, end)
	case s == "pour": // "merci pour ce matin"
		return w.Day.Equal(p.Today) && !w.HasTime && (p.norm(i-1) == "merci" || p.norm(i-1) == "beaucoup")
	default:
		return false
	}
	return true
}

// away reports whether the clause of the date at tokens first to end-1 says that its author is elsewhere: "jeudi je suis en formation".
func (p *Parser) away(first, end int) bool {
	if p.warning() {
		return false
	}
	for j := max(first-4, 1); j < end+5; j++ {
		if p.norm(j-1) == "en" && elsewhereWords[p.norm(j)] && !negating[p.norm(j-2)] && p.norm(first-1) != "a" && p.norm(first-1) != "donc" && !p.cut(min(j, first), max(j, first)) {
			return true
		}
	}
	return false
}

// cut reports whether a clause ends between two tokens.
func (p *Parser) cut(i, j int) bool {
	for ; i < j; i++ {
		if p.bound(i) {
			return true
		}
	}
	return false
}

// elsewhereWords follow "en".
var elsewhereWords = french.WordSet("deplacement vacances conge conges formation reunion stage cure voyage deuil consultation")

// sent words come before the day on which something was done.
var sent = french.WordSet("envoye envoyee envoyes postee poste recue recu deposee depose faite signee emise")

// papers have a date of their own.
var papers = french.WordSet("courrier lettre mail mails courriel sms texto message facture avis releve ordonnance attestation declaration contrat recu journal convocation")

// openings come before the hour at which something else begins or ends.
var openings = french.WordSet("ouvre ouvrent ouvrez ferme ferment fermez commence commencent")

// due reports whether the words around a date, from token i back and from token end on, name a duty: "payer avant le 15".
func (p *Parser) due(i, end int) bool {
	for j := max(i-5, 0); j < end+6; j++ {
		if french.HasPrefix(p.norm(j), duties) {
			return true
		}
	}
	return false
}

// duties begin the verbs of what is due on a day.
var duties = []string{"pay", "rendre", "declar", "renvoy", "renouvel", "depos", "regler", "fourni", "transmettre"}

// people are told one from another by the day of their work.
var people = french.WordSet("dame monsieur madame collegue conseiller conseillere personne homme femme jeune gars fille")

// deadlines begin the words about a day that is no appointment: when a card ends, when a pension comes, what is called off.
var deadlines = []string{"expir", "valable", "validite", "echeance", "perim", "limite", "finit", "finis", "termin", "anniversaire", "annul", "supprim",
	"verse", "touche", "prelev", "virement", "datee", "datant"}

// past reports whether the clause of the date at tokens first to end-1 tells what happened: "mardi j'ai reçu", "j'étais malade lundi".
func (p *Parser) past(w When, first, end int) bool {
	if p.norm(first-1) == "de" && (imperfects[p.norm(end)] || p.missed(first)) { // "la permanence de mardi était bondée"
		return true
	}
	if lead := p.norm(first - 1); lead == "pour" || lead == "du" || lead == "de" || lead == "a" || !p.pastable(first) || p.near(w, end) {
		return false
	}
	for j := first - 1; j >= 0 && j > first-8 && !clauseEnds(p.norm(j)) && p.norm(j) != "que" && p.norm(j) != "c"; j-- {
		if p.happened(j) {
			return true
		}
		if p.norm(j) == "je" && !auxiliaries[p.norm(j+1)] && !auxiliaries[p.norm(j+2)] && !imperfects[p.norm(j+1)] {
			break
		}
	}
	for j := end; j < len(p.toks) && j < end+6 && (!p.bound(j) || j == end && p.norm(j) == ","); j++ {
		if p.happened(j) {
			return true
		}
	}
	return false
}

// missed reports whether the clause before token first tells that something was forgotten: "j'ai oublié le rdv de lundi".
func (p *Parser) missed(first int) bool {
	for j := first - 1; j >= 0 && j > first-7 && !clauseEnds(p.norm(j)); j-- {
		if s := p.norm(j); (s == "oublie" || s == "rate" || s == "loupe" || s == "manque") && auxiliaries[p.norm(j-1)] {
			return true
		}
	}
	return false
}

// near reports whether the date that ends before token end names its month and comes soon.
func (p *Parser) near(w When, end int) bool {
	return MonthOf(p.norm(end-1)) > 0 && w.HasDay && w.Day.Before(Midnight(p.Today, 60))
}

// pastable reports whether a day that begins at token i may lie in the past, which "demain" may not.
func (p *Parser) pastable(i int) bool {
	switch p.norm(i) {
	case "demain", "apres", "dans", "semaine", "sous", "mois", "dernier", "premier", "deuxieme":
		return false
	}
	return true
}

// happened reports whether token j is a verb in the past: "ai reçu", "étais".
func (p *Parser) happened(j int) bool {
	s := p.norm(j)
	if imperfects[s] || s == "avait" && p.norm(j-1) == "y" {
		return true
	}
	if !auxiliaries[s] {
		return false
	}
	k := j + 1
	for adverbs[p.norm(k)] {
		k++
	}
	if p.norm(k) == "du" { // "j'ai dû partir", and not "j'ai du temps"
		return strings.HasSuffix(p.norm(k+1), "r") || strings.HasSuffix(p.norm(k+1), "re")
	}
	return participles[p.norm(k)] && p.norm(k+1) != "-" || having[s] && p.done(k)
}

// done reports whether token k is a participle by its accent, and not one that settles an appointment.
func (p *Parser) done(k int) bool {
	if k >= len(p.toks) || settling[p.norm(k)] {
		return false
	}
	s := strings.TrimSuffix(strings.TrimSuffix(p.text[p.toks[k].Start:p.toks[k].End], "s"), "e")
	return strings.HasSuffix(s, "é")
}

// The words by which a clause tells what happened; settling ones tell what was agreed on, which is still to come, or
// are nouns that only look alike.
var (
	imperfects  = french.WordSet("etais etiez aviez etait etaient avais marchait fonctionnait allait arrivait")
	auxiliaries = french.WordSet("ai a avez ont as avons est suis etes sont")
	having      = french.WordSet("ai a avez ont as avons")
	settling    = french.WordSet("kine conge cafe bebe cine lycee journee matinee soiree pose note fixe propose donne reserve confirme decale reporte deplace programme conseille accepte valide prefere")
	adverbs     = french.WordSet("pas bien tout deja encore rien toujours mal aussi")
	participles = french.WordSet(`eu recu essaye appele ete fait perdu envoye vu rempli demande oublie venu venue passe passee achete paye laisse telephone ecrit attendu trouve
		rappele reussi voulu pu cru lu installe bloque tombe tombee arrete arretee marche fonctionne rencontre parle clique commande coupe
		rate loupe manque casse vole eteint disparu change arrive arrivee alle allee aide explique montre repondu`)
)
