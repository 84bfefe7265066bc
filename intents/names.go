package intents

import (
	"unicode"
	"unicode/utf8"
)

// nameless are the words of a booking that are never a name.
var nameless = setOf(`rdv rdvs rendez vous rendezvous rv mettre mets met mettez prendre prends prend prenez noter note notez nouveau nouvelle
	ajouter ajoute ajoutez creer cree bloquer bloque caler cale poser pose fixer fixe planifier programmer inscrire inscris
	le la les l un une du de des d a au aux en pour avec et est c s se sa son ses ce cette n no ne pas plus numero num tel telephone phone
	portable mobile sms joignable usager usagere personne dame svp stp merci bonjour bjr salut heure heures jour vers chez sur dans
	dit elle il lui je j ai prenom nom appelle on qui que ok oui non prevu individuel retablir oups individuelle nouveau nouvelle par
	prochain prochaine mon ma mes notre autre date lieu place ou si domicile aussi donc puis hui aujourd voila voici finalement plutot moi
	peut possible faire fait veut veux voudrait souhaite besoin aide numerique sans faut appeler contact matin soir midi aprem`)

// namelessPrefixes begin verbs that are never a name.
var namelessPrefixes = []string{"annul", "supprim", "deplac", "decal", "report", "prevenu", "inform", "averti", "confirm", "enlev", "rappel"}

func setOf(words string) map[string]bool {
	m := map[string]bool{}
	start := -1
	for i, r := range words + " " {
		switch {
		case !unicode.IsSpace(r) && start < 0:
			start = i
		case unicode.IsSpace(r) && start >= 0:
			m[words[start:i]] = true
			start = -1
		}
	}
	return m
}

// nameable reports whether token i may be a word of a name.
func (r *bookingReader) nameable(i int) bool {
	s := r.norm(i)
	return s != "" && r.toks[i].kind == word && !nameless[s] && !hasPrefix(s, namelessPrefixes)
}

// readTitled reads "Mme Roger", "M. Le Goff", "Mr legrand".
func (r *bookingReader) readTitled() {
	for i := range r.toks {
		if !titles[r.norm(i)] {
			continue
		}
		j := i + 1
		if r.norm(j) == "." {
			j++
		}
		for particles[r.norm(j)] && r.norm(j+1) != "" && !r.lower(j+1) {
			j++
		}
		if r.norm(j) == "" || r.toks[j].kind != word || nameless[r.norm(j)] && !capital(r.text[r.toks[j].start:]) {
			continue
		}
		end := r.nameEnd(j)
		r.Name = r.typed(i, end)
		r.take(i, end)
		return
	}
}

// particles stand between a title and a name; they count only before a capital.
var particles = setOf("le la de du des l d")

// nameEnd returns the token after a name that begins at i: up to three words, hyphens between them, an initial at the end.
func (r *bookingReader) nameEnd(i int) int {
	end := i + 1
	for words := 1; words < 3 && end < len(r.toks); {
		next := end
		if r.norm(next) == "-" && r.toks[next].glued {
			next++
		} else if r.placeAt(next) || r.lower(end-1) != r.lower(next) && !r.initial(next) {
			break
		}
		if !r.initial(next) && (!r.nameable(next) || titles[r.norm(next)]) {
			break
		}
		end = next + 1
		words++
	}
	if r.norm(end) == "." && r.toks[end-1].kind == word && r.toks[end-1].end-r.toks[end-1].start <= 2 && r.toks[end].glued {
		end++
	}
	return end
}

// initial reports whether token i is a single capital.
func (r *bookingReader) initial(i int) bool {
	return utf8.RuneCountInString(r.norm(i)) == 1 && r.toks[i].kind == word && !r.lower(i)
}

// lower reports whether token i begins in small letters.
func (r *bookingReader) lower(i int) bool {
	if i < 0 || i >= len(r.toks) {
		return true
	}
	c, _ := utf8.DecodeRuneInString(r.text[r.toks[i].start:])
	return !unicode.IsUpper(c)
}

// readName takes the first run of words that nothing else took, one with a capital before one without.
func (r *bookingReader) readName() {
	if r.Name != "" {
		return
	}
	best := -1
	for i := range r.toks {
		if !r.nameable(i) || titles[r.norm(i)] {
			continue
		}
		if best < 0 || r.lower(best) && !r.lower(i) {
			best = i
		}
	}
	if best < 0 {
		return
	}
	end := r.nameEnd(best)
	if best > 0 && r.initial(best-1) && !r.toks[best].glued && r.toks[best].start-r.toks[best-1].end <= len("’") &&
		r.text[r.toks[best-1].end] != ' ' {
		best-- // "N'Guyen", "O'Brien"
	}
	r.Name = r.typed(best, end)
	r.take(best, end)
}
