package french

import (
	_ "embed"
	"strings"
	"time"
	"unicode"
)

// Lists of words, folded: see the first lines of each file.
var (
	//go:embed data/lexique.tsv
	LexiconTable string
	//go:embed data/classes.tsv
	ClassesTable string
	//go:embed data/mots-vrais.txt
	TrueWordsTable string
	//go:embed data/mots-vides.txt
	emptyTable string
)

// EmptyWords say nothing of what a question is about.
var EmptyWords = ReadWords(emptyTable)

// TrueWords mean what they say, though they lie one letter away from a word of the rules.
var TrueWords = ReadWords(TrueWordsTable)

// Titles stand before the name of a person.
var Titles = map[string]bool{
	"m": true, "mr": true, "mme": true, "mlle": true, "monsieur": true, "madame": true, "mademoiselle": true, "mrs": true, "mmes": true,
	"melle": true, "me": true, "dr": true, "docteur": true,
}

// Particles stand between a title and a name; they count only before a capital.
var Particles = WordSet("le la de du des l d")

// Nameless are the words of a booking that are never a name.
var Nameless = WordSet(`rdv rdvs rendez vous rendezvous rv mettre mets met mettez prendre prends prend prenez noter note notez nouveau nouvelle
	ajouter ajoute ajoutez creer cree bloquer bloque caler cale poser pose fixer fixe planifier programmer inscrire inscris
	le la les l un une du de des d a au aux en pour avec et est c s se sa son ses ce cette n no ne pas plus numero num tel telephone phone
	portable mobile sms joignable usager usagere personne dame svp stp merci bonjour bjr salut heure heures jour vers chez sur dans
	dit elle il lui je j ai prenom nom appelle on qui que ok oui non prevu individuel retablir oups individuelle nouveau nouvelle par
	prochain prochaine mon ma mes notre autre date lieu place ou si domicile aussi donc puis hui aujourd voila voici finalement plutot moi
	peut possible faire fait veut veux voudrait souhaite besoin aide numerique sans faut appeler contact matin soir midi aprem`)

// WordSet is the set of the words of a list.
func WordSet(words string) map[string]bool {
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

// ReadWords returns the words of a file in which lines with "#" are comments.
func ReadWords(file string) map[string]bool {
	var b strings.Builder
	for line := range strings.Lines(file) {
		if !strings.HasPrefix(line, "#") {
			b.WriteString(line)
		}
	}
	return WordSet(b.String())
}

// Small words join the words of a place or of a date.
var Small = WordSet("de du des la le les l d a au aux et en -")

// Months are the months as SMS write them, folded. "mars", "mai" and "avril" are read only behind a number.
var Months = map[string]time.Month{
	"janvier": 1, "janv": 1, "jan": 1,
	"fevrier": 2, "fevr": 2, "fev": 2,
	"mars": 3, "avril": 4, "avr": 4, "mai": 5, "juin": 6, "juillet": 7, "juil": 7, "aout": 8, "aou": 8, "oaut": 8,
	"septembre": 9, "sept": 9, "sep": 9,
	"octobre": 10, "oct": 10, "novembre": 11, "nov": 11, "decembre": 12, "dec": 12, "decenbre": 12,
	"desambre": 12, "desembre": 12, "desanbre": 12, "decambre": 12, "decanbre": 12, "novanbre": 11, "novenbre": 11, "janvie": 1, "fevrie": 2,
}
