package dates

import (
	"strings"

	"passeur/intents/french"
)

// suiting are the dates found that are not refused; a day stays whose hour is too early. "Pas lundi ni mardi" and "lundi et mardi je
// peux pas" refuse both.
func (p *Parser) suiting() []When {
	var out []When
	refused := false // the date before
	for k, w := range p.found {
		linked := k > 0 && p.listed(k)
		no := p.refused(k)
		if no && linked && !refused && len(out) > 0 && !p.welcomed(k-1) {
			out = out[:len(out)-1]
		}
		if no && p.compared(k) {
			w.Hour, w.Minute, w.HasTime, no = 0, 0, false, false
		}
		if refused = no || refused && linked; refused {
			continue
		}
		if p.untimely(k) {
			if !w.HasDay || !w.HasTime {
				continue
			}
			w.Hour, w.Minute, w.HasTime = 0, 0, false
		}
		out = append(out, w)
	}
	return out
}

// compared reports whether the k-th date is a day whose hour is only the worse of two: "plutôt 15h que 14h mardi".
func (p *Parser) compared(k int) bool {
	_, first, _, _ := p.around(k)
	w := p.found[k]
	return k > 0 && p.norm(first-1) == "que" && w.HasDay && w.HasTime && p.found[k-1].HasTime && !p.found[k-1].HasDay
}

// refused reports whether the words around the k-th date, in its own clause, say that it does not suit: "je peux pas mardi",
// "mardi non", "empêché demain". "pas avant lundi" names a day that suits.
func (p *Parser) refused(k int) bool {
	lo, first, end, hi := p.around(k)
	return p.refusedBefore(lo, first, k > 0) || p.refusedBehind(end, hi, k+1 < len(p.found)) && !p.between(k, end, hi) ||
		k+1 == len(p.found) && p.declined(first, end)
}

// declined reports whether the sentence of the last date, tokens first to end-1, goes on to say that nobody comes: "le 8 j'ai un mariage, je
// ne serai pas là".
func (p *Parser) declined(first, end int) bool {
	for j := end; j < len(p.toks) && !sentenceEnds(p.norm(j)); j++ {
		if p.declines(j) && !p.calledOff(end) {
			lo, hi := p.clause(first, end)
			return !p.proposing(lo, first) && !p.proposing(end, hi)
		}
	}
	return false
}

// declines reports whether token j says that nobody comes.
func (p *Parser) declines(j int) bool {
	switch s := p.norm(j); s {
	case "oubliez":
		return true
	case "non":
		return p.norm(j-1) == "donc" || p.norm(j-1) == "dc"
	case "pas", "pa":
		if next := p.norm(j + 1); next == "possible" || next == "venir" {
			return p.norm(j-1) != "c"
		}
		return able[p.norm(j-1)] && (j+1 == len(p.toks) || p.toks[j+1].Kind == french.Sign || absence[p.norm(j+1)])
	default:
		return strings.HasPrefix(s, "annul") && !p.session(j) && !negating[p.norm(j+1)]
	}
}

func sentenceEnds(s string) bool { return s == "." || s == "?" || s == "!" || s == "\n" }

// able words before a "pas", and absence words behind it, say that nobody comes.
var (
	able    = french.WordSet("peux peut peu pourrai pourrais pourra pouvons serai suis sera viens viendrai vien")
	absence = french.WordSet("la venir dispo disponible possible me y libre etre")
)

// between reports whether the k-th date is a day whose errand, from token end to hi-1, has an hour, and another hour follows: "vendredi 11
// le kiné me lâche à 15h, alors 16h ?".
func (p *Parser) between(k, end, hi int) bool {
	if k+2 >= len(p.found) || p.found[k].HasTime || p.cut(end, hi) {
		return false
	}
	own, other := p.found[k+1], p.found[k+2]
	return own.HasTime && !own.HasDay && other.HasTime && !other.HasDay
}

// untimely reports whether the hour of the k-th date, or a day without one, is said to be too early or too late.
func (p *Parser) untimely(k int) bool {
	_, first, end, hi := p.around(k)
	lead := first - 1 - french.Bit(p.norm(first-1) == "pour")
	if s := p.norm(lead); p.norm(lead-1) == "trop" && (s == "tot" || s == "tard") {
		return p.norm(lead-2) != "pas"
	}
	for j := end; j < hi && j < end+5 && !clauseEnds(p.norm(j)); j++ {
		if p.norm(j) == "trop" && p.norm(j-1) != "pas" && (p.norm(j+1) == "tot" || p.norm(j+1) == "tard" || p.norm(j+1) == "juste") {
			return p.norm(j+2) != "?" && !(p.is(j+2, "pour", "vous") && p.norm(j+4) == "?")
		}
	}
	return false
}

// around returns the tokens of the k-th date, first to end-1, and those that lie between it and the dates beside it, from lo to hi-1.
func (p *Parser) around(k int) (lo, first, end, hi int) {
	first, end = p.span(p.found[k])
	hi = len(p.toks)
	if k > 0 {
		_, lo = p.span(p.found[k-1])
	}
	if k+1 < len(p.found) {
		hi, _ = p.span(p.found[k+1])
	}
	return lo, first, end, hi
}

// listed reports whether the k-th date is only joined to the one before by "ni", "et", "ou", "au".
func (p *Parser) listed(k int) bool {
	lo, first, end, hi := p.around(k)
	joined := false
	for _, t := range p.toks[lo:first] {
		switch t.Norm {
		case "et", "ou", "ni":
			joined = true
		case "au":
			joined = joined || p.norm(first-1) == "au"
		case "le", "la", "a", "l":
		default:
			return false
		}
	}
	return joined && !p.welcome(end, hi)
}

// welcome reports whether a word from token i to j-1 says that what stands before suits.
func (p *Parser) welcome(i, j int) bool {
	for ; i < j && !clauseEnds(p.norm(i)); i++ {
		if welcoming[p.norm(i)] && !negating[p.norm(i+1)] && !negating[p.norm(i-1)] {
			return true
		}
	}
	return false
}

// welcomed reports whether a word right before the k-th date says that it suits: "ok lundi".
func (p *Parser) welcomed(k int) bool {
	_, first, _, _ := p.around(k)
	for first--; french.Small[p.norm(first)] || p.norm(first) == "pour"; first-- {
	}
	return welcoming[p.norm(first)]
}

// negating words turn a welcome into a no.
var negating = french.WordSet("pas pa plus")

// welcoming words say that a day suits.
var welcoming = french.WordSet("oui ok bon bien bonne dispo disponible possible parfait peux peu accord va convient arrange marche libre")

// refusedBefore looks for a no from token first back to lo; shared says that another date stands before lo.
func (p *Parser) refusedBefore(lo, first int, shared bool) bool {
	for j, steps := first-1, 0; j >= lo && steps < 6; j, steps = j-1, steps+1 {
		s := p.norm(j)
		switch {
		case rather[p.norm(j-1)] && s == "que", s == "lieu" && p.norm(j-1) == "au", s == "place" && p.is(j-2, "a", "la"):
			return true
		case s == "que" && shared && j == lo && (steps == 0 || steps == 1 && french.Small[p.norm(j+1)]): // "plutôt le lundi que le vendredi"
			return true
		case clauseEnds(s) && !(s == "plutot" && p.norm(j-1) == "pas"), offering[s] && demonstrative[p.norm(j-1)] && !negating[p.norm(j+1)]:
			return false
		case busy[s] && !(s == "chose" && p.norm(j-2) != "ai") && !(s == "travail" && french.Small[p.norm(j-1)]) && p.norm(j-1) != "mon" && !negating[p.norm(j+1)]:
			return !p.warning()
		case j == first-1 && (s == "avant" || s == "apres" && negating[p.norm(j-1)] || s == "que") || s == "qu" || s == "partir":
			return false
		case p.refuses(j):
			return !shared || p.ownNo(j, lo, first)
		}
	}
	return false
}

// offering words behind demonstrative ones begin a new clause: "j'ai pas mes lunettes ce serait pour mardi".
var (
	offering      = french.WordSet("serait serais sera serai")
	demonstrative = french.WordSet("ce sa ca")
)

// rather words stand before the "que" of what does not suit: "plutôt que mardi".
var rather = french.WordSet("plutot autre mieux")

// ownNo reports whether the no at token j, between two dates, is about the one behind it, at first: "mardi ok pas jeudi". In "mardi
// je peux pas jeudi oui" it is about the one before, which ends at lo.
func (p *Parser) ownNo(j, lo, first int) bool {
	for i := lo; i < j; i++ {
		if clauseEnds(p.norm(i)) || welcoming[p.norm(i)] && !negating[p.norm(i+1)] {
			return true
		}
	}
	for i := j + 1; i < first; i++ {
		if !french.Small[p.norm(i)] && p.norm(i) != "pour" && p.norm(i) != "venir" {
			return false
		}
	}
	return !subjects[p.norm(lo)]
}

// subjects begin a clause about the day before them.
var subjects = french.WordSet("je j c ca on tu il elle moi sa")

// refusedBehind looks for a no from token end to hi-1; shared says that another date stands at hi.
func (p *Parser) refusedBehind(end, hi int, shared bool) bool {
	for j, steps := end, 0; j < hi && steps < 7; j, steps = j+1, steps+1 {
		s := p.norm(j)
		switch {
		case j == end && s == "?" && answersNo[p.norm(j+1+french.Bit(exclaimed[p.norm(j+1)]))]: // "le 27 ? Ah non"
			return true
		case j == end && s == "," && p.norm(j+1) == "non" && p.norm(j+2) != "?":
			return true
		case s == "pas" && p.norm(j+1) == "a" && p.counts(j+2), strings.HasPrefix(s, "annul") && p.calledOff(end): // "à 9 heures pas à 8"
			return false
		case s == "," && p.norm(j+1) == "pas" && unfit[p.norm(j+2)] && !shared:
			return true
		case clauseEnds(s), steps > 0 && behindEnds[s], (s == "apres" || s == "avant") && owning[p.norm(j+1)], elsewhereBegins[s], j == end && affirming[s]:
			return false
		case j == end && (s == "non" || s == "nn" || s == "no") && p.norm(j+1) != "?":
			return true
		case j == end && labours[s] && !strings.HasPrefix(p.norm(j+1), "fini"), (errand[s] && !negating[p.norm(j-1)] || busy[s] && busied[p.norm(j-1)]) && !negating[p.norm(j+1)]:
			return true
		case p.refuses(j):
			return !shared || !p.ownNo(j, end, hi)
		}
	}
	return false
}

// answersNo words say no to the day that was asked for.
var answersNo = french.WordSet("non impossible jamais niet indisponible indispo")

// exclaimed words may stand before a "non".
var exclaimed = french.WordSet("ah euh oh ha ben heu alors")

// counts reports whether a number stands at token i.
func (p *Parser) counts(i int) bool {
	_, n := p.Count(i)
	return n > 0
}

// calledOff reports whether the date before token end is the day of something that only counsellors call off: "perm de jeudi annulée".
func (p *Parser) calledOff(end int) bool {
	for j := end - 2; j >= 0 && j > end-6; j-- {
		if datedThings[p.norm(j)] {
			return p.norm(j) != "rdv" && p.norm(j) != "vous"
		}
	}
	return false
}

// elsewhereBegins words begin a clause about something else than the day before them, and affirming ones say yes to it.
var (
	elsewhereBegins = french.WordSet("si svp stp parce pcq pcke pasque paske puisque qui")
	affirming       = french.WordSet("uniquement seulement oui nickel parfait ok mieux impec")
)

// unfit words follow the "pas" of somebody who is not free.
var unfit = french.WordSet("dispo disponible libre la possible")

// behindEnds are words behind which a no is not about the day any more.
var behindEnds = french.WordSet("si comme parce puisque quand que qui")

// busy are the words that say why the day behind them does not suit.
var busy = french.WordSet("travaille travail bosse bosser malade hospitalise hospitalisee pris prise occupe occupee chose garde opere operee")

// labours right behind a day fill it: "jeudi cours".
var labours = french.WordSet("travail boulot taf menage ecole cours usine chantier mariage bapteme communion")

// busied are the words before a busy one behind a day.
var busied = french.WordSet("je suis moi")

// errand are what keeps people busy on the day before them.
var errand = french.WordSet("medecin docteur dentiste kine hopital enterrement obseques travaille bosse piscine gym yoga messe match enterre enterrons opere operee operation chirurgien")

// span returns the tokens of a date: the first one and the one after the last.
func (p *Parser) span(w When) (first, end int) {
	for first < len(p.toks) && p.toks[first].Start < w.Start {
		first++
	}
	for end = first; end < len(p.toks) && p.toks[end].End <= w.End; end++ {
	}
	return first, end
}

func clauseEnds(s string) bool {
	switch s {
	case ",", ".", ";", "?", "!", "mais", "et", "ou", "sinon", "plutot", "donc", "car", "finalement", "alors", "dc", "\n":
		return true
	}
	return false
}

// refuses reports whether token j says no.
func (p *Parser) refuses(j int) bool {
	s := p.norm(j)
	switch s {
	case "annule":
		return !p.session(j)
	case "pas", "pa":
		return p.noBut(j)
	case "plus":
		return !working[p.norm(j-1)] && !plusBehind[p.norm(j+1)] && !plusBefore[p.norm(j-1)]
	case "question":
		return p.is(j-2, "hors", "de")
	case "sans":
		return p.norm(j+1) == "moi"
	case "jamais": // "vous ne m'avez jamais répondu pour mardi"
		return !auxiliaries[p.norm(j-1)]
	case "rien": // "rien le 24", and not "j'ai rien le 24"
		return (j == 0 || p.bound(j-1)) && p.dated(j+1)
	case "oublier":
		return p.norm(j-1) == "l"
	case "non":
		return p.norm(j-1) == "et"
	case "aucun", "aucune":
		return p.noTrouble(j + 1)
	}
	return refusing[s] && !(p.norm(j-1) == "de" && leaving[p.norm(j-2)]) && !negating[p.norm(j-1)] && p.norm(j-1) != "moins"
}

// leaving words say that what follows is over: "je sors de dialyse".
var leaving = french.WordSet("sors sort sortie sorti retour reviens rentre")

// refusing words say no by themselves.
var refusing = french.WordSet(`sauf ni empeche empechee empechement indisponible indispo impossible absent absente annule annulee excepte hormis jamais mort morte exclu exclus
	jpp retenu retenue coince coincee oubliez saurais cardiologue cardio ophtalmo dialyse chimio
	complique compliquee difficile complet complete niet ferie bof fatigue fatiguee eviter evite evitez`)

// working words before a "plus" tell of free time: "je travaille plus le vendredi".
var working = french.WordSet("travaille bosse taffe")

// plusBehind are the words behind a "plus" that compares.
var plusBehind = french.WordSet("en calme tard tot precisement exactement particulierement simple pratique facile")

// plusBefore are the words before a "plus" that is no end.
var plusBefore = french.WordSet("au en non de le un")

// noBut reports whether the "pas" at token j is a no: "pourquoi pas", "n'oubliez pas", "pas de souci", "pas avant 10h" are none.
func (p *Parser) noBut(j int) bool {
	switch s := p.norm(j - 1); {
	case wondering[s] && p.norm(j+1) != "de" && p.questioned(j), harmlessBefore[s], s == "ce" && p.norm(j-2) == "est", s == "c" && p.norm(j-2) == "je":
		return false
	case j > 0 && p.norm(j+2) == "minute" && p.dated(j-1): // "dix heures pas une minute de plus"
		return false
	}
	switch p.norm(j + 1) {
	case "de", "d":
		s := p.norm(j + 2)
		return p.noTrouble(j+2) && !burdens[s] && (!datedThings[s] || s == "rdv")
	case "plus":
		return p.norm(j+2) != "tard" && p.norm(j+2) != "tot"
	case "trop":
		return p.norm(j+2) != "tot" && p.norm(j+2) != "tard" && p.norm(j+2) != "loin"
	case "avant", "mal", "grave", "vrai", "forcement", "complique", "difficile", "presse", "urgence", "urgent", "loin":
		return false
	}
	if articled := p.norm(j - 1); articled == "ai" || articled == "a" {
		for french.Small[p.norm(j+1)] || p.norm(j+1) == "mes" || p.norm(j+1) == "mon" {
			j++
		}
	}
	return !burdens[p.norm(j+1)]
}

// questioned reports whether the sentence of token j ends with a question mark: "y a pas moyen samedi ?".
func (p *Parser) questioned(j int) bool {
	for j < len(p.toks) && !sentenceEnds(p.norm(j)) {
		j++
	}
	return p.norm(j) == "?"
}

// wondering words before the "pas" of a question ask for what is wished.
var wondering = french.WordSet("a avait aurait avions")

// burdens are what keeps people from coming, so that a day without is one that suits: "mercredi j'ai pas cours".
var burdens = french.WordSet(`cours cour ecole college lycee classe boulot taf chantier gosses gosse enfants enfant petits petit petite gamins gamin gamine kine garde reunion
	menage`)

// noTrouble reports whether token j is anything but a trouble, of which people say that there is none.
func (p *Parser) noTrouble(j int) bool {
	s := p.norm(j)
	return !strings.HasPrefix(s, "souci") && !strings.HasPrefix(s, "prob") && !strings.HasPrefix(s, "pb") && s != "inconvenient"
}

// harmlessBefore are words behind which "pas" refuses nothing.
var harmlessBefore = french.WordSet("avez premier premiers se sai pourquoi oublier oubliez oublie oublies oublirai oublierai derange gene embete sais hesitez auriez pourriez seriez travaille bosse taffe bouge garde changez bougez touchez decalez annulez deplacez")
