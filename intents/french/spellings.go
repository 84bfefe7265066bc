package french

import "strings"

// Spellings undoes SMS writing, word by word: what people type → the words the rules are written in. Verbs come down to
// one form, since "je vien", "je viens" and "je viendrai" want the same thing. A value may hold several words.
var Spellings = spellingTable(`
	pas: pa po ps
	peux: peu peut pe px peus pourrai pourrais pourrait pourai pourais pourra pourrez pouvez pouvons peuvent pouvoir pourre pu
	je peux: jpeu jpeux jpe jpx jpeut jpourai jpourrai jpourais jpourrais jepeux
	viens: vien vient venir viendrai viendrais viendra viendre viendrez venez viendrons venons vienne viennent venu venue vené venais
	je viens: jviens jvien jvient jviendre jviendrai jviendrais jvien jvi
	je suis: jsuis jsui chui chuis jss
	suis: sui
	serai: serais sera sere serez serons seront sré
	je serai: jserai jsrai
	je sais: jsais jsai
	je veux: jveux jveu
	je c: jc
	vous: vs vou
	etes: ete
	passez: passe passes passé
	rdv: rdvs rv rendezvous rdz
	rdv: rendes-vous
	demain: dem1 2main demin dmain 2m1 dem
	desole: dsl desoler desolee desolé dslé dsolé deso
	salut: slt
	bonjour: bjr bonj bjour bojour bonjours
	bonsoir: bsr
	merci: mrc merc mercii thx
	beaucoup: bcp bcoup
	svp: stp sivouplai siouplait
	quelqu un: qqn qqun quelqun
	quelque chose: qqch
	pour: pr
	dans: ds
	avec: avc
	quand: kan kand qd
	que: ke
	qui: ki
	quoi: koi
	quel: kel quelle quels quelles
	probleme: prblm prob pb prbl problm problemes
	telephone: tel telephonne phone telephoner telephonez
	message: msg mess messages sms texto textos
	minutes: min mn
	travaille: bosse travail taf boulot bosser travailler
	je travaille: jbosse
	arrive: ariv arriv arrives arriver arriverai
	j arrive: jarrive jarriv jariv jarive
	j ai: jai g
	c est: cest
	ca: sa ça
	confirme: confirm confirmer confirmé confirmee confirmez confirmes confirment confirmons
	annule: annuler annulé annulee annulez annulation anuler annul annules
	change: changer changez changé changement changes
	deplace: deplacer deplacé deplacez déplacement
	decale: decaler decalé decalez
	reporte: reporter reporté reportez report repousser repousse
	supprime: supprimer supprimez suppr suprimer suprime suppression
	efface: effacer effacez
	appelle: appeler appel appelez appele appellez appellent
	rappelle: rappeler rappelez rappel
	arrete: arreter arretez
	envoie: envoyer envoyez envoyé envoyee envoyes envoi envois envoies envoient envoit
	recevoir: recevoire recois
	absent: absente absant abs
	malade: maladie malades
	empeche: empechement empechee empeché empechemant
	interesse: interressé interesser interessee interressee
	permanence: perm permanance permanences permanense
	conseiller: conseillere
	nombre: nb
	aujourd hui: auj ajd aujourdhui
	aussi: ossi
	autre: otre autr
	aide: aider aidez
	serait: serait
	toujours: tjr tjs tjrs
	comment: coment cmt
	connais: conais connait connaissez
	pourquoi: pk pq pkoi prkoi
	inchallah: inch inshallah inchalah
	accord: dac dacc dacor daccord acord dakor
	ok: okk okay okok oki
	oui: ui ouii ouiii ouai ouais oue ouep ouip wi we yep yes yess wé
	non: nn nan nope noo nooon nonn
	presque: presk
	numero: num numeros
	adresse: adress
`)

func spellingTable(table string) map[string][]string {
	m := map[string][]string{}
	for line := range strings.Lines(table) {
		to, from, ok := strings.Cut(strings.TrimSpace(line), ":")
		if !ok {
			continue
		}
		for _, f := range strings.Fields(from) {
			m[Folded(f)] = strings.Fields(to)
		}
	}
	return m
}

// Dropped words carry nothing that the rules look at.
var Dropped = WordSet("ne n le la l les un une du des de d mon ma mes ton ta tes votre vos vo notre nos au aux cette cet ce donc alors tres vraiment bien")

// glued are the beginnings that SMS write in one word with what follows: "jprefere", "lheure", "daide".
var glued = []struct{ letter, words string }{
	{"j", "je"}, {"l", ""}, {"d", ""}, {"m", "m"}, {"n", ""}, {"s", "s"}, {"t", "t"}, {"c", "c"}, {"qu", "qu"},
}

// Words turns tokens into the words that rules are written in: folded, SMS spellings undone, glued words cut, small words
// and signs dropped but for "?" and emoji; at is the token from which each comes. known tells whether the rules know a word, so that "jprefere" is cut and "jeudi" is not.
func Words(toks []Token, known func(string) bool) (words []string, at []int) {
	words, at = make([]string, 0, len(toks)+4), make([]int, 0, len(toks)+4)
	for i := 0; i < len(toks); i++ {
		t := toks[i]
		if t.Kind == Sign {
			if t.Norm == "?" || t.Norm[0] >= 0xe2 {
				words, at = append(words, t.Norm), append(at, i)
			}
			continue
		}
		from := i
		w, used := compound(toks, i)
		if (w == "ne" || w == "n") && loneNe(toks, i) {
			w = "pas"
		}
		i += used
		words = appendWord(words, w, known)
		for len(at) < len(words) {
			at = append(at, from)
		}
	}
	return words, at
}

// compound returns the word at token i when it is written in several tokens, and how many more than one it takes.
func compound(toks []Token, i int) (w string, more int) {
	w = toks[i].Norm
	next, glued, after := "", false, ""
	if i+1 < len(toks) {
		next, glued = toks[i+1].Norm, toks[i+1].Glued
	}
	if i+2 < len(toks) {
		after = toks[i+2].Norm
	}
	switch {
	case glued && (w == "dem" && next == "1" || w == "2" && next == "main"):
		return "demain", 1
	case glued && w == "2" && next == "m" && after == "1":
		return "demain", 2
	case w == "rendez" && next == "vous":
		return "rdv", 1
	case w == "rendez" && next == "-" && after == "vous":
		return "rdv", 2
	case w == "mes" && (next == "rdv" || next == "rdvs" || next == "rendez"):
		return "mesrdv", 0
	case (w == "peut" || w == "peu") && (next == "etre" || next == "-" && after == "etre") && !subject(toks, i):
		if next == "-" {
			return "peutetre", 2
		}
		return "peutetre", 1
	}
	return w, 0
}

// loneNe reports whether the "ne" at token i denies by itself: "je ne pourrai être présente", "je ne peux venir".
func loneNe(toks []Token, i int) bool {
	if i+1 >= len(toks) || !canWords[toks[i+1].Norm] {
		return false
	}
	for _, t := range toks[i+2 : min(i+6, len(toks))] {
		switch t.Norm {
		case "pas", "pa", "plus", "jamais", "que", "qu", "rien":
			return false
		}
	}
	return true
}

// canWords are the forms of "pouvoir" that deny with "ne" alone.
var canWords = WordSet("peux peut pourrai pourrais pourra pourrons pouvons puis")

// subject reports whether a pronoun stands before token i: "on peut être là" is no "peut-être".
func subject(toks []Token, i int) bool {
	if i == 0 {
		return false
	}
	switch toks[i-1].Norm {
	case "je", "on", "il", "elle", "ca", "pas":
		return true
	}
	return false
}

// appendWord adds one word, or the words that it stands for.
func appendWord(words []string, w string, known func(string) bool) []string {
	if to, ok := Spellings[w]; ok {
		return append(words, to...)
	}
	if Dropped[w] {
		return words
	}
	if known(w) || len(w) < 4 {
		return append(words, w)
	}
	if short := Squeezed(w); short != w {
		return appendWord(words, short, known)
	}
	for _, g := range glued {
		rest, ok := strings.CutPrefix(w, g.letter)
		if !ok || len(rest) < 3 {
			continue
		}
		if to, ok := Spellings[rest]; ok {
			rest = to[0]
		} else if !known(rest) {
			continue
		}
		if g.words != "" {
			words = append(words, g.words)
		}
		return append(words, rest)
	}
	return append(words, w)
}

// Squeezed undoes the drawl of "ouiiii" and "STOOOP": three times the same letter or more is one. Three e are left alone,
// since folding makes "créée" of them.
func Squeezed(w string) string {
	var b []byte
	for i := 0; i < len(w); {
		n := 1
		for i+n < len(w) && w[i+n] == w[i] {
			n++
		}
		if keep := n < 3 || n == 3 && w[i] == 'e' || w[i] >= 0x80; keep {
			b = append(b, w[i:i+n]...)
		} else {
			b = append(b, w[i])
		}
		i += n
	}
	return string(b)
}
