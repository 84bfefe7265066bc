package dates

import (
	"slices"

	"passeur/intents/french"
)

// told reports whether a date stands in a clause that gives a reason, tells a habit or speaks of somebody else, and not in one that
// proposes: "le kiné me lâche à 15h", "le marché c'est le samedi", "mon mari part dimanche".
func (p *Parser) told(w When) bool {
	first, end := p.span(w)
	lo, hi := p.clause(first, end)
	if lo == first && hi == end { // nothing is said of it
		return p.unlikely(w, first, end)
	}
	answers := p.opens(first) && (w.HasTime || MonthOf(p.norm(end-1)) > 0) // "17h30, je débauche à 17h"
	switch bareDay := w.HasDay && !w.HasTime && w.Part == ""; {
	case p.enquired(first, end), !w.HasDay && p.ownFact(lo, first):
		return true
	case p.proposing(lo, first), p.norm(first-1-french.Bit(p.norm(first-1) == "le")) == "que":
		return false
	case p.unlikely(w, first, end), p.norm(hi) != "?" && p.factBefore(w, lo, first):
		return true
	case !answers && (bareDay || !w.HasDay) && p.statement(end, hi) && !p.cued():
		return true
	case bareDay && (p.engagedBefore(lo, first) || p.otherwise(lo, first)) && !p.cued():
		return true
	case !w.HasDay && len(p.found) > 1 && p.engagedBefore(lo, first): // "le 15 à 10h ? j'ai le contrôle technique à 8h"
		return true
	case p.proposing(end, hi):
		return false
	}
	return p.others(w, lo, first) || p.factBehind(w, first, end, hi) || p.habit(w, lo, first, end, hi)
}

// ownFact reports whether the last "je" before an hour at token first begins what its author does then: "15h c'est bien je dépose le petit à".
func (p *Parser) ownFact(lo, first int) bool {
	for j := first - 1; j > lo; j-- {
		if s := p.norm(j); s == "je" || s == "j" {
			return facts[p.norm(j+1)] && !p.proposing(j, first)
		}
	}
	return false
}

// enquired reports whether the text asks for the hour or the place of what happens on the date at tokens first to end-1: "à quelle heure est mon rdv de
// mardi ?", "vous fermez à quelle heure le samedi ?".
func (p *Parser) enquired(first, end int) bool {
	if p.is(first-2, "quel", "jour") || p.is(end, "c", "est", "quand") {
		return true
	}
	of := (p.norm(first-1) == "de" || p.norm(first-1) == "du") && datedThings[p.norm(first-2)]
	if !of && !(p.norm(first-1) == "le" && isWeekday(p.norm(first))) {
		return false
	}
	if !of && p.norm(0) == "pourquoi" && p.norm(1) != "pas" {
		return true
	}
	for i := range p.toks {
		if p.norm(i) == "quelle" || p.is(i, "avec", "qui") || p.is(i, "est", "ou") || p.is(i, "ou", "est") {
			return true
		}
	}
	return false
}

// opens reports whether a date whose first token is i is what the text begins with: "pas avant 17h30, je débauche tard".
func (p *Parser) opens(i int) bool {
	for i--; i >= 0; i-- {
		if !openers[p.norm(i)] {
			return false
		}
	}
	return true
}

// openers are words before a date that opens a text.
var openers = french.WordSet("pas avant apres vers a partir de des le ok oui non bonjour bonsoir salut coucou plutot alors , ! . bj bjr")

// unlikely reports whether the hour of a date, tokens first to end-1, is midnight, when nobody meets, or the name of something, or its part
// of the day one of two: "une gélule matin et soir".
func (p *Parser) unlikely(w When, first, end int) bool {
	if !w.HasDay && !w.HasTime {
		return p.is(end, "et", "soir") || p.is(first-2, "matin", "et") || p.is(first-2, "midi", "et")
	}
	timed := p.norm(first-1) == "de" && timetabled[p.norm(first-2)] && !datedThings[p.norm(first-3)]
	return w.HasTime && (w.Hour == 0 && w.Minute == 0 || timed)
}

// clause returns the bounds of the clause around the tokens of a date, first to end-1.
func (p *Parser) clause(first, end int) (lo, hi int) {
	for lo = first; lo > 0 && lo > first-9 && !p.bound(lo-1) && !p.dated(lo-1); lo-- {
	}
	for hi = end; hi < len(p.toks) && hi < end+9 && !p.bound(hi) && !p.dated(hi); hi++ {
	}
	return lo, hi
}

// dated reports whether token i belongs to a date; none outside the text does.
func (p *Parser) dated(i int) bool {
	if i < 0 || i >= len(p.toks) {
		return false
	}
	for _, w := range p.found {
		if w.Start <= p.toks[i].Start && p.toks[i].End <= w.End {
			return true
		}
	}
	return false
}

// bound reports whether a clause ends at token i.
func (p *Parser) bound(i int) bool {
	if p.norm(i) == "car" && owning[p.norm(i-1)] { // the bus
		return false
	}
	return clauseEnds(p.norm(i)) || reasons[p.norm(i)]
}

// reasons begin the clause that says why.
var reasons = french.WordSet("svp stp merci parce pcq pcke paske pasque puisque comme si ( ) : …")

// conditions begin a clause whose day is only meant if there is no other.
var conditions = french.WordSet("si parce pcq pcke paske pasque puisque car")

// proposing reports whether a word from token i to j-1 is one with which people propose, come or ask.
func (p *Parser) proposing(i, j int) bool {
	for ; i < j; i++ {
		if next := p.norm(i + 1); (next == "mes" || next == "mon" || next == "ma" || indefinite[next]) && taking[p.norm(i)] {
			continue // "je prends mes médicaments", "je passe un scanner"
		}
		if (proposals[p.norm(i)] || ownSteps[p.norm(i)] && goers[p.norm(i-1)]) && !negating[p.norm(i+1)] {
			return true
		}
	}
	return p.norm(j) == "?"
}

// proposals are the words with which people propose a day or an hour.
var proposals = french.WordSet(`peux peu peut pouvez pourrais pourrait pourrai pourra viens vien viendrai viendrais viendra viendrait passerai possible mieux prefere
	preferons prefererais dispo disponible libre ok oui bon bien nickel parfait convient conviendrait arrange arrangerait irait ira mettez mettre mettons faudrait prends
	prendrai voudrais voudrait veut souhaite souhaiterais veux veu seriez serait propose disons dirais notez reserve ideal amene reporte reporter decale decaler deplace
	deplacer repousse repousser confirme present presente accompagne accompagnera emmene emmenera amenera conduit conduira`)

// ownSteps are such words behind goers.
var (
	ownSteps = french.WordSet("passe arrive vient")
	goers    = french.WordSet("je j on")
	taking   = french.WordSet("prends passe") // without an object of their own
)

// factBefore reports whether a word from token lo to first-1 makes what follows a fact.
func (p *Parser) factBefore(w When, lo, first int) bool {
	if subordinate[p.norm(lo)] { // "quand le marché est fini jeudi"
		return false
	}
	for j := first - 1; j >= lo; j-- {
		switch s := p.norm(j); {
		case s == "avant" && (p.norm(j+1) == "de" || p.norm(j+1) == "d") && !french.Small[p.norm(j+2)]: // "avant de préparer le réveillon"
			return true
		case s == "commence" && p.sessionBefore(j):
		case facts[s] && p.norm(j-1) != "ma" && p.norm(j-2) != "malgre" && !(j == 0 && commanded[s] || p.is(j-1, "me", "depose") || s == "ouvre" && p.norm(j-1) == "j"):
			return true
		case w.HasDay:
		case hourFacts[s], s == "dit" && auxiliaries[p.norm(j-1)], j == first-2 && p.done(j):
			return true
		}
	}
	return false
}

// subordinate words begin a clause that only says when.
var subordinate = french.WordSet("quand kan qd lorsque")

// sessionBefore reports whether what begins at token j is a counsellor's: "la permanence de lundi commence à 14h".
func (p *Parser) sessionBefore(j int) bool {
	for j--; j >= 0 && !clauseEnds(p.norm(j)); j-- {
		if s := p.norm(j); datedThings[s] && s != "vous" {
			return true
		}
	}
	return false
}

// facts are the verbs and things that have a day or an hour of their own.
var facts = french.WordSet(`finit finis fini finie finissent lache monte part partent livre livree ferme ferment fermee ouvre ouvrent ouvert recoit recoivent debauche embauche match
	commence commencent couche leve mange manger dors releve releves marque messe priere rentre dine foot entrainement battue livraison
	mariage enterrement obseques greve bapteme debout reveil reveille operer convoque convoquee depose deposent gagne distribue distribuent`)

// hourFacts are those of hours alone.
var hourFacts = french.WordSet("train avion etait etais sors sort sortent nuit medicaments cachets")

// commanded are the facts that counsellors have done.
var commanded = french.WordSet("ouvre ferme commence marque")

// timetabled things are called by their hour: "le journal de 20 heures", "le train de 12h04".
var timetabled = french.WordSet("journal jt film emission match train car bus avion bateau ferry messe sms message mail appel")

// factBehind reports whether the clause behind a date, from token end to hi-1, says what its author does then.
func (p *Parser) factBehind(w When, first, end, hi int) bool {
	if !w.HasDay && p.past(w, first-french.Bit(p.norm(first-1) == "a"), end) {
		return true
	}
	for j := end; j < hi; j++ {
		switch s := p.norm(j); {
		case facts[s] && p.norm(first-1) == "le" && isWeekday(p.norm(first)) && !p.Digits(first+1, 2): // "le samedi ma boutique ouvre à 9h"
			return true
		case (s == "je" || s == "j") && chores[p.norm(j+1)] && p.norm(j+2) != "tard":
			return true
		case w.HasTime && (w.HasDay || w.Approx):
		case s == "ai" && engaged[p.norm(j+1)] && !free[p.norm(j+2)]:
			return true
		case (s == "suis" || s == "serai") && placing[p.norm(j+1)] && !nearby[p.norm(j+2)] && !nearby[p.norm(j+3)]:
			return true
		}
	}
	return false
}

// statement reports whether what follows a date, tokens end to hi-1, is a sentence about it that does not say that it suits: "le 8 on marie
// ma nièce".
func (p *Parser) statement(end, hi int) bool {
	if !begun[p.norm(end)] {
		return false
	}
	n := 0
	for j := end; j < hi; j++ {
		switch s := p.norm(j); {
		case suits[s] && !(s == "personne" && p.norm(j+1) == "pour"), negating[s], sure[s] && p.norm(j-1) == "est", s == "tot" && released[p.norm(j-1)], s == "la" && p.norm(j-1) == "est":
			return false
		case turning[s] && j > end:
			return n > 2
		case !french.Small[s] && p.toks[j].Kind == french.Word:
			n++
		}
	}
	unlike := doers[p.norm(end)] && !joins[p.norm(end+1)] && !french.HasPrefix(p.norm(end+1), comings)
	return n > 2-french.Bit(auxiliaries[p.norm(end+1)] || unlike)
}

// cued reports whether the text anywhere proposes or asks something.
func (p *Parser) cued() bool {
	if p.cue == cueUnknown {
		p.cue = cueNone
		if p.proposing(0, len(p.toks)) || slices.ContainsFunc(p.toks, func(t french.Token) bool { return t.Norm == "?" || queries[t.Norm] }) {
			p.cue = cueSome
		}
	}
	return p.cue == cueSome
}

// cue is whether a text proposes or asks something.
type cue uint8

const (
	cueUnknown cue = iota
	cueNone
	cueSome
)

// The words that begin a sentence about the day before them, those that make it one that suits, those behind which it is about something
// else, and those that ask.
var (
	begun = french.WordSet("je j c ca sa on il elle ils elles y mon ma mes notre nos le la les un une des moi nous")
	suits = french.WordSet(`journee va vais vas note top mieu fait colle roule temps pause seul seule rien tranquille ville chez personne trouve plait meme importe confirme sierait
		coupure trou heure heures libere liberee suis sors termine serai`)
	released = french.WordSet("finis fini sors termine debauche rentre")
	sure     = french.WordSet("sur tout certain bon parfait possible") // behind "c'est"
	turning  = french.WordSet("avant apres quand pour pendant avec")
	queries  = french.WordSet("plutot qui quoi combien quel quelle quels quelles quelqu planning demande")
)

// others reports whether the clause that begins at token lo, before a date at token first, has a subject that is not its author: "le secours
// populaire distribue de 14h à 16h", "ma paie arrive le 28". A day needs that nothing is asked or proposed elsewhere.
func (p *Parser) others(w When, lo, first int) bool {
	return p.foreign(lo, first) && (!w.HasDay || !w.HasTime && !p.cued())
}

// foreign reports whether the clause from token lo to first has a subject that is not its author.
func (p *Parser) foreign(lo, first int) bool {
	if first-lo < 3 || !owning[p.norm(lo)] {
		return false
	}
	for j := lo; j < first; j++ {
		if s := p.norm(j); datedThings[s] || best[s] || toAuthor[s] {
			return false
		}
	}
	return true
}

// toAuthor words say that the author takes part.
var toAuthor = french.WordSet("me m moi nous je j on vous dit disent lendemain mois semaine numerique")

// owning words begin the subject of a clause about somebody or something else.
var owning = french.WordSet("le la les l mon ma mes son sa ses nos notre leur leurs")

// engagedBefore reports whether the clause before a day says what its author has on it: "j'ai des examens le 4".
func (p *Parser) engagedBefore(lo, first int) bool {
	for j := lo; j+2 < first; j++ {
		if p.norm(j) == "y" && p.norm(j+1) == "a" {
			return !free[p.norm(j+2)] && !free[p.norm(j+3)]
		}
		if (p.norm(j) == "ai" || p.is(j-1, "on", "a")) && (engaged[p.norm(j+1)] || indefinite[p.norm(j+1)]) {
			s := p.norm(j + 2)
			return !free[s] && !datedThings[s]
		}
	}
	return false
}

// otherwise reports whether the clause from token lo, before a day at token first, says what people do that is not coming: "on déménage le 15".
func (p *Parser) otherwise(lo, first int) bool {
	j := lo
	for j < first && !doers[p.norm(j)] {
		j++
	}
	for clitics[p.norm(j+1)] {
		j++
	}
	if p.is(j+1, "me", "fais") || p.norm(j+1) == "vais" && placing[p.norm(j+2)] && j+2 < first-1 { // "je vais chez le coiffeur jeudi"
		return true
	}
	if own := p.norm(j + 2); (p.norm(j+1) == "passe" || p.norm(j+1) == "recois") && (own == "mon" || own == "ma" || own == "mes") && !datedThings[p.norm(j+3)] { // "je passe mon permis jeudi"
		return true
	}
	if first-j < 2 || doers[p.norm(j+1)] || joins[p.norm(j+1)] || french.HasPrefix(p.norm(j+1), comings) {
		return false
	}
	for k := lo; k < first; k++ {
		if s := p.norm(k); datedThings[s] || s == "vous" || negating[s] {
			return false
		}
	}
	return true
}

// doers are the subjects of what people do, comings begin the verbs by which they speak of a day, and joins may be a part of
// such verbs.
var (
	doers   = french.WordSet("je j on ils elles il elle nous")
	comings = []string{"ser", "commenc", "descend", "remplac",
		"repass", "revi", "arriv", "pou", "peu", "pod", "ven", "vi", "not", "pren", "chois", "rest", "voul", "confirm", "perm", "va", "demand", "tien",
		"recoi", "remet", "voi", "di", "pens", "propos", "pass", "tent", "compt", "esper", "aur", "retien", "opt", "mets", "met", "veu", "report", "decal", "deplac", "repouss", "hesit", "apport", "ramen", "retent",
		"bloqu", "reserv", "retourn", "aim", "prefer", "souhait", "doi", "repren", "rappel", "pose"}
	clitics = french.WordSet("n ne l")
	joins   = french.WordSet("fait suis me m se s ai a en y t est vous")
)

// chores are what people do on a day and do not propose.
var chores = french.WordSet("mange dors tonds recupere recup")

// engaged words follow "j'ai" before what keeps somebody busy, and free ones are what does not.
var (
	engaged    = french.WordSet("le la l les mon ma mes")
	indefinite = french.WordSet("un une des")
	free       = french.WordSet(`temps voiture apres matinee journee droit choix possibilite auto permis soiree trou place coupure dispo pause dispos
		disponibilites creneau rien personne`)
)

// placing words follow "je suis" before the place where somebody is, and nearby are the places from which people come.
var (
	placing = french.WordSet("a au aux chez de")
	nearby  = french.WordSet("retour terre repos maison cote disposition arret vous quai moi nous")
)

// habit reports whether the clause of a date, tokens lo to hi-1, tells what is always so.
func (p *Parser) habit(w When, lo, first, end, hi int) bool {
	weekly := !w.HasTime && isWeekday(p.norm(first)) && p.norm(first-1) == "le"
	always := (!w.HasDay || weekly) && !p.cued()
	if p.sessionBefore(first) {
		return false
	}
	if p.usual(lo, first, always) || p.usual(end, hi, always) || p.feastSaid(first) || p.dayOfThing(w, first, end) {
		return true
	}
	if !weekly || !isWeekday(p.norm(end-1)) || p.norm(first-2) != "est" {
		return false
	}
	j := first - 3 - french.Bit(p.norm(first-3) == "c")
	return j >= lo && !best[p.norm(j)]
}

// usual reports whether a word from token i to j-1 says that something is so every time; always says that "toujours" does.
func (p *Parser) usual(i, j int, always bool) bool {
	for ; i < j; i++ {
		if s := p.norm(i); habits[s] && p.norm(i-2) != "que" && p.norm(i-2) != "comme" || always && s == "toujours" {
			return true
		}
	}
	return false
}

// feastSaid reports whether the date at token first is a feast that there is: "c'est réveillon".
func (p *Parser) feastSaid(first int) bool {
	_, n := lookup(p, first, feasts)
	return n > 0 && (p.norm(first-1) == "est" || p.norm(first-1) == "bientot" || nearing[p.norm(first+n)])
}

// nearing words follow a feast that is only spoken of.
var nearing = french.WordSet("approche arrive")

// dayOfThing reports whether the date is the weekday of something that has one: "le bus du jeudi".
func (p *Parser) dayOfThing(w When, first, end int) bool {
	return p.norm(first-1) == "du" && isWeekday(p.norm(first)) && !w.HasTime && (end == first+1 || w.Part != "") && !datedThings[p.norm(first-2)] && !p.moves()
}

// habits are the words of what is always so, and of the weather.
var habits = french.WordSet("tous toutes touls chaque habitude habituellement ans froid chaud neige mouille brouillard")

// best are what may be a weekday for somebody: "le mieux c'est le mardi".
var best = french.WordSet("mieux ideal top simple jour repos moi choix preference conge")
