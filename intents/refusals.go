package intents

import (
	"regexp"
	"slices"
	"strings"

	"passeur/intents/french"
)

// A pattern of [annuler] says that somebody does not come only if nothing around it takes that back. "N'annulez pas" and "je
// viens pas seule" deny it, "vous avez annulé ?" asks, "si je suis malade" supposes, "il neige mais je viens" outweighs it.
// To free a slot that a person counts on is the worst that a misreading can do; so what is contested is not understood.

// stance is what a text says of coming, beside the words that refuse.
type stance uint8

const (
	silent    stance = iota
	contested        // it says that she comes, and refuses behind it
	comes            // it says that she comes, and nothing behind it refuses
)

// weighed are the hits about an appointment that stand, and what the text says beside them.
type weighed struct {
	hits   []hit
	stance stance
	denies bool // "n'annulez pas": a no in the same text refuses nothing
}

// weigh leaves out the hits that the words around them take back.
func (m message) weigh(hits []hit) weighed {
	var refusing []hit
	for _, h := range hits {
		if h.pattern.intent == Annuler {
			refusing = append(refusing, h)
		}
	}
	coming := m.comings(m.signsOf(Confirmer))
	denials := m.denials(m.signsOf(Annuler), refusing)
	var w weighed
	last := 0
	for _, h := range hits {
		switch h.pattern.intent {
		case Annuler:
			if m.outweighed(h, refusing, coming, denials) {
				continue
			}
			last = max(last, h.to)
		case Confirmer:
			if m.supposed(h) || m.unsaid(h) {
				continue
			}
		case Retard, Permanence:
			if anyMeets(denials, h) {
				continue
			}
		}
		w.hits = append(w.hits, h)
	}
	w.denies = len(denials) > 0
	w.stance = m.stance(coming, last)
	return w
}

// outweighed reports whether a hit of [annuler] counts for nothing.
func (m message) outweighed(h hit, refusing, coming, denials []hit) bool {
	return h.pattern.circumstance && len(coming) > 0 || anyMeets(denials, h) || m.negated(h, refusing) || m.supposed(h) || m.asked(h) ||
		m.straddles(h, coming)
}

// stance tells what a text says of coming; last is the word after the last refusal.
func (m message) stance(coming []hit, last int) stance {
	switch {
	case len(coming) == 0:
		return silent
	case coming[len(coming)-1].from < last || m.words[len(m.words)-1] == "non":
		return contested
	}
	return comes
}

// meets reports whether two hits share a word.
func (h hit) meets(o hit) bool { return h.from < o.to && o.from < h.to }

func anyMeets(hs []hit, h hit) bool { return slices.ContainsFunc(hs, h.meets) }

// denials keeps the denials that deny: "annulé, pas possible" goes on to refuse, and "je peux pas annulez" is two sentences.
func (m message) denials(denied, refusing []hit) []hit {
	return slices.DeleteFunc(denied, func(d hit) bool {
		if m.raw(d.to-1) == "annulez" {
			return true
		}
		return slices.ContainsFunc(refusing, func(h hit) bool {
			return denying[m.words[h.from]] && h.from > d.from && h.from < d.to && h.to > d.to && !m.breaks(d.to, h.to-1)
		})
	})
}

// negated reports whether "pas", "plus" or "aucun" stands right before a hit and belongs to no other refusal: "pas de grève",
// "je suis plus malade", but not "je peux pas, malade".
func (m message) negated(h hit, refusing []hit) bool {
	if h.from == 0 || !denying[m.words[h.from-1]] || denying[m.words[h.from]] || m.breaks(h.from-1, h.from) {
		return false
	}
	return !slices.ContainsFunc(refusing, func(o hit) bool { return o.to == h.from && o.from < h.from-1 })
}

// denying words turn what follows them into its contrary.
var denying = french.WordSet("pas plus aucun aucune jamais")

// supposed reports whether a hit stands behind "si", "s'il" or "sauf" in its own clause.
func (m message) supposed(h hit) bool {
	for i := h.from - 1; i >= 0 && !m.breaks(i, h.from); i-- {
		if m.condition(i) || m.words[i] == "sauf" {
			return true
		}
	}
	return false
}

// condition reports whether word i is an "if" that means it; "si possible", "si dieu veut", "s'il vous plaît" are manners.
func (m message) condition(i int) bool {
	next, after := m.word(i+1), m.word(i+2)
	switch m.words[i] {
	case "si":
		return !manners[next] && m.word(i-1) != "si"
	case "s":
		return (next == "il" || next == "ils") && after != "vous" && after != "te"
	}
	return false
}

// manners follow a "si" that makes no condition.
var manners = french.WordSet("possible dieu allah tout vous besoin ca si")

// conditional reports whether a yes hangs on an "if": "oui s'il fait beau". "Même s'il neige" is none.
func (m message) conditional() bool {
	for i := range m.words {
		if m.condition(i) && m.word(i-1) != "meme" {
			return true
		}
	}
	return false
}

// unsaid reports whether a hit of [confirmer] that ends in "viens" is taken back: "je viens pas", "je viens d'être opéré".
func (m message) unsaid(h hit) bool {
	if m.words[h.to-1] != "viens" {
		return false
	}
	rest := m.rest(h)
	return m.justDone(h, rest) || takenBack(rest)
}

// justDone reports whether "je viens de" tells of the past.
func (m message) justDone(h hit, rest []string) bool {
	return (m.follows(h.to-1, "de") || m.follows(h.to-1, "d")) && len(rest) > 0 && !untroubled(rest[0])
}

// asked reports whether a hit names cancelling in a question about it. "Pouvez-vous annuler ?" asks for it, and counts.
func (m message) asked(h hit) bool {
	verb := slices.Index(m.words[h.from:h.to], "annule")
	if verb < 0 || m.raw(h.from+verb) == "annulez" {
		return false
	}
	question, wish := m.question, false
	for i := h.from + verb - 1; i >= 0 && !m.breaks(i, h.from+verb); i-- {
		w := m.words[i]
		question = question || asking[w] || w == "est" && m.follows(i, "ce")
		wish = wish || wishing[w]
		if w == "comment" || w == "pourquoi" {
			return true
		}
	}
	return question && !wish
}

// asking words begin a question that has no mark.
var asking = french.WordSet("pourquoi comment quand")

// wishing words make a question about cancelling a request for it.
var wishing = french.WordSet("peux possible voudrais souhaite souhaiterais aimerais veux")

// straddles reports whether a hit begins in one clause and ends in words of coming of the next: "je peux pas le bus mais je viens".
func (m message) straddles(h hit, coming []hit) bool {
	return m.breaks(h.from, h.to-1) && slices.ContainsFunc(coming, func(c hit) bool { return h.to > c.from && h.to <= c.to })
}

// butNot reports whether the last "mais" takes something back: "oui mais pas demain".
func (m message) butNot() bool {
	for i := len(m.words) - 1; i >= 0 && m.words[i] != "mais"; i-- {
		if next := m.word(i + 1); denying[m.words[i]] && !untroubled(next) && !alone[next] {
			return slices.Contains(m.words[:i], "mais")
		}
	}
	return false
}

// comings keeps the hits that say without reserve that she comes.
func (m message) comings(hits []hit) []hit {
	hits = slices.DeleteFunc(hits, func(h hit) bool { return m.reserved(h) })
	slices.SortFunc(hits, func(a, b hit) int { return a.from - b.from })
	return hits
}

// reserved reports whether the words around a hit take it back: "si je viens", "je viens pas", "je viens de l'hôpital",
// "je serai absent", "je viens ?".
func (m message) reserved(h hit) bool {
	if h.from > 0 && reserving[m.words[h.from-1]] && !m.breaks(h.from-1, h.from) {
		return true
	}
	rest := m.rest(h)
	if end := h.to + len(rest); slices.Contains(rest, "?") || m.word(end) == "?" {
		return true
	}
	switch last := m.words[h.to-1]; {
	case last == "pas" || len(rest) == 0:
		return false
	case last == "viens":
		return m.justDone(h, rest) || takenBack(rest)
	case last == "serai" || strings.HasPrefix(last, "pass"):
		return !present[rest[0]] && !(rest[0] == "a" && len(rest) > 1 && there[rest[1]])
	}
	return takenBack(rest)
}

// rest returns the words behind a hit in its clause.
func (m message) rest(h hit) []string {
	end := h.to
	for end < len(m.words) && !m.breaks(h.to-1, end) {
		end++
	}
	return m.words[h.to:end]
}

// word returns word i, "" outside.
func (m message) word(i int) string {
	if i < 0 || i >= len(m.words) {
		return ""
	}
	return m.words[i]
}

// reserving words before a clause of coming leave open whether she does.
var reserving = french.WordSet("si s que qu quand pour pourquoi comment ou est")

// present are words behind "je serai" or "je passe" that leave it a promise to be there.
var present = french.WordSet(`present presente presents presentes demain lundi mardi mercredi jeudi vendredi samedi dimanche matin aprem avec
	merci quand ponctuel ponctuelle chez vers sans comme svp meme ici`)

// there are words behind "je serai à" that do the same.
var there = french.WordSet("heure rdv mairie mediatheque permanence bibliotheque")

// takenBack reports whether what follows a clause of coming denies it or makes it a question.
func takenBack(rest []string) bool {
	for i, w := range rest[:min(2, len(rest))] {
		next := ""
		if i+1 < len(rest) {
			next = rest[i+1]
		}
		switch w {
		case "pas", "jamais", "plus", "rien", "aucun":
			return !untroubled(next) && !alone[next]
		case "quand":
			return next != "meme"
		case "ou", "comment", "si":
			return true
		}
	}
	return false
}

// alone are words behind "je viens pas" that deny them, not the coming.
var alone = french.WordSet("seul seule seuls seules")

// untroubled reports whether a word makes "pas de …" mere politeness.
func untroubled(w string) bool { return w == "probleme" || strings.HasPrefix(w, "souci") }

// raw returns the folded token from which word i comes.
func (m message) raw(i int) string {
	if i < 0 || i >= len(m.at) {
		return ""
	}
	return m.toks[m.at[i]].Norm
}

// follows reports whether the token s stands right behind the one from which word i comes, a hyphen aside.
func (m message) follows(i int, s string) bool {
	j := m.at[i] + 1
	if j < len(m.toks) && m.toks[j].Norm == "-" {
		j++
	}
	return j < len(m.toks) && m.toks[j].Norm == s
}

// breaks reports whether a new clause begins between word i and word j, which stands behind it.
func (m message) breaks(i, j int) bool { return j < len(m.clause) && m.clause[i] != m.clause[j] }

// clauses numbers the clauses of a text: the clause of each word, given the token from which it comes.
func clauses(toks []french.Token, at []int) []int {
	of := make([]int, len(at))
	clause, next := 0, 0
	for i, a := range at {
		for ; next <= a; next++ {
			if clauseBreaks[toks[next].Norm] {
				clause++
			}
		}
		of[i] = clause
	}
	return of
}

// clauseBreaks are the signs and words that begin a clause.
var clauseBreaks = french.WordSet(", . ; : ! ? ( ) mais donc car sinon et puis finalement pourtant parce alors")

// Who says that she cannot come wants help as much as others do, unless she says in the same breath that she wants none.
var (
	unable    = regexp.MustCompile(`\b(peux|peut|pourrai|pourrais)\s+(pas|plus)\b(\s+(me|m|nous|y|vraiment|malheureusement))*\W*(venir|deplacer|bouger|sortir|aller|conduire|marcher|$)|\b(pas|plus) (de |la |le )?(voiture|vehicule|permis|transport)`)
	notWanted = regexp.MustCompile(`\b(besoin|interess\w*|veux pas|annul\w*|arret\w*|debrouill\w*|plus la peine|pas la peine|viendrai)\b`)
)

// CannotCome reports whether a text that refuses says that she is not able to come, and not that she does not want to.
func CannotCome(text string) bool {
	said := french.Folded(french.Opening(text))
	return unable.MatchString(said) && !notWanted.MatchString(said)
}
