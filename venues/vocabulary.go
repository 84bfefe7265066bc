package venues

import (
	"strings"
	"unicode"

	"golang.org/x/text/unicode/norm"
)

// vocabulary holds the values that a column may have, by themselves and by their folded form.
type vocabulary map[string]string

// find returns a value as the standard writes it.
func (v vocabulary) find(text string) (string, bool) {
	if value, ok := v[text]; ok {
		return value, true
	}
	value, ok := v[fold(text)]
	return value, ok
}

// The vocabularies of the standard « lieux de médiation numérique » 1.0.2 (LaMednum/standard-mediation-num, schema.json, licence Etalab 2.0), under the
// letters that bot.Venue uses. « Étapes numériques (La Poste) » is written there without its space, which folding does not mind.
var (
	typesA = vocabularyOf(strings.Fields(`ACI ACIPHC AFPA AI ASE ASSO ASSO_CHOMEUR AVIP Autre BIB CAARUD CADA CAF CAP_EMPLOI CAVA CC CCAS CCONS CD CDAS CFP
		CHRS CHU CIAS CIDFF CITMET CMP CMS CPAM CPH CS CSAPA CSC DEETS DEPT DIPLP E2C EA EATT EI EITI ENM EPCI EPI EPIDE EPN ES ESAT ESS ETTI EVS FABLAB FABRIQUE
		FAIS FT GEIQ HUDA LA_POSTE MDE MDEF MDH MDPH MDS MJC ML MQ MSA MSAP MUNI OACAS ODC OF OIL OPCS PAD PENSION PI PIJ_BIJ PIMMS PJJ PLIE PREF PREVENTION REG
		RELAIS_LECTURE RESSOURCERIE RFS RS_FJT SCP SPIP TIERS_LIEUX UDAF`))

	servicesB = vocabularyOf([]string{"Aide aux démarches administratives", "Maîtrise des outils numériques du quotidien", "Insertion professionnelle via le numérique",
		"Utilisation sécurisée du numérique", "Parentalité et éducation avec le numérique", "Loisirs et créations numériques", "Compréhension du monde numérique",
		"Accès internet et matériel informatique", "Acquisition de matériel informatique à prix solidaire"})

	publicsC = vocabularyOf([]string{"Jeunes", "Étudiants", "Familles et/ou enfants", "Seniors", "Femmes"})

	careD = vocabularyOf([]string{"Surdité", "Handicaps moteurs", "Handicaps mentaux", "Illettrisme", "Langues étrangères (anglais)", "Langues étrangères (autres)",
		"Déficience visuelle"})

	programmesE = vocabularyOf([]string{"Aidants Connect", "Bibliothèques numérique de référence", "Certification PIX", "Conseillers numériques", "Emmaüs Connect",
		"France Services", "Grande école du numérique", "La Croix Rouge", "Point d'accès numérique CAF", "Promeneurs du net", "Relais numérique (Emmaüs Connect)"})

	labelsF = vocabularyOf([]string{"Formé à « Mon Espace Santé »", "Formé à « DUPLEX » (illettrisme)", "Arnia/MedNum BFC (Bourgogne-Franche-Comté)",
		"Collectif ressources et acteurs réemploi (Normandie)", "Étapes numériques (La Poste)", "Fabriques de Territoire", "Les Éclaireurs du numérique (Drôme)",
		"Mes Papiers (Métropole de Lyon)", "ORDI 3.0", "SUD LABS (PACA)"})

	accessG = vocabularyOf([]string{"Se présenter", "Téléphoner", "Contacter par mail", "Prendre un RDV en ligne", "Envoyer un mail avec une fiche de prescription",
		noPublic})

	fees = vocabularyOf([]string{"Gratuit", "Gratuit sous condition", "Payant"})

	roaming = vocabularyOf([]string{travelling, "Fixe"})
)

const (
	noPublic   = "Ce lieu n'accueille pas de public"
	travelling = "Itinérant"
)

func vocabularyOf(values []string) vocabulary {
	v := make(vocabulary, len(values))
	for _, s := range values {
		v[s], v[fold(s)] = s, s
	}
	return v
}

// fold keeps the letters and digits of a text, in small letters without accents: what two spellings of one name have in common.
func fold(s string) string {
	var b strings.Builder
	for _, r := range norm.NFKD.String(s) {
		switch {
		case r == 'œ' || r == 'Œ':
			b.WriteString("oe")
		case r == 'æ' || r == 'Æ':
			b.WriteString("ae")
		case unicode.IsLetter(r) || unicode.IsDigit(r):
			b.WriteRune(unicode.ToLower(r))
		}
	}
	return b.String()
}

// tidy makes one line of a text: spaces of any kind are one space, what has no shape is dropped.
func tidy(s string) string {
	if isTidy(s) {
		return s
	}
	s = strings.Join(strings.Fields(s), " ")
	return strings.TrimSpace(strings.Map(func(r rune) rune {
		if unicode.IsControl(r) || unicode.Is(unicode.Cf, r) || r == unicode.ReplacementChar {
			return -1
		}
		return r
	}, s))
}

// isTidy reports whether nothing in a text is to be dropped; of rare characters it says no.
func isTidy(s string) bool {
	before := ' '
	for _, r := range s {
		if r < ' ' || 0x7f <= r && r <= 0xad || r >= 0x300 || r == ' ' && before == ' ' {
			return false
		}
		before = r
	}
	return s == "" || before != ' '
}
