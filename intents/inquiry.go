package intents

import (
	"regexp"
	"slices"
	"strconv"
	"strings"

	"passeur/intents/french"
)

// InquiryOrder is what a professional said of a question to colleagues, of what she knows herself, or of the cards that answers became.
type InquiryOrder struct {
	Act    Intent
	Number int    // of the question, of the card, or of one of several answers; 0: none was said
	Rest   string // the words behind, as typed: the question, a colleague, a theme, what is looked for
}

// inquiryForms are what such orders begin with, folded, the longer before the shorter; an order whose words are all said takes nothing behind
// them but a number.
var inquiryForms = []struct {
	words string
	act   Intent
	alone bool // nothing but a number may follow
}{
	{"ca ne repond pas", NeRepondPas, true}, {"ca repond pas", NeRepondPas, true}, {"cela ne repond pas", NeRepondPas, true}, {"ca n aide pas", NeRepondPas, true},
	{"ca ne m aide pas", NeRepondPas, true}, {"ca ne marche pas", NeRepondPas, true},
	{"merci ca repond", CaRepond, true}, {"ca repond merci", CaRepond, true}, {"ca repond", CaRepond, true}, {"cela repond", CaRepond, true},
	{"je reponds", JeReponds, true}, {"je m en occupe", JeReponds, true}, {"je prends", JeReponds, true},
	{"pas moi", PasMoi, true}, {"je ne sais pas", PasMoi, true}, {"je passe", PasMoi, true},
	{"pas maintenant", PasMaintenant, true}, {"pas dispo", PasMaintenant, true}, {"pas disponible", PasMaintenant, true},
	{"je ne suis pas dispo", PasMaintenant, true}, {"je ne suis pas disponible", PasMaintenant, true}, {"telle quelle", TelleQuelle, true}, {"tel quel", TelleQuelle, true},
	{"quelqu un d autre", AutreCollegue, true}, {"plutot", AutreCollegue, false}, {"demander a", AutreCollegue, false}, {"demande a", AutreCollegue, false},
	{"mes questions", MesQuestions, true}, {"ou en est ma question", MesQuestions, true}, {"questions", MesQuestions, true}, {"questions sans reponse", MesQuestions, true},
	{"pourquoi moi", PourquoiEux, true}, {"pourquoi eux", PourquoiEux, true}, {"pourquoi elles", PourquoiEux, true}, {"pourquoi question", PourquoiEux, true},
	{"pourquoi", PourquoiEux, true},
	{"annule ma question", RetirerQuestion, true}, {"supprime ma question", RetirerQuestion, true}, {"retirer ma question", RetirerQuestion, true}, {"retirer la question", RetirerQuestion, true}, {"retirer question", RetirerQuestion, true},
	{"annuler ma question", RetirerQuestion, true}, {"annuler la question", RetirerQuestion, true}, {"annuler question", RetirerQuestion, true},
	{"relancer ma question", RelancerQuestion, true}, {"relancer la question", RelancerQuestion, true}, {"relancer question", RelancerQuestion, true},
	{"bilan des questions", BilanQuestions, true}, {"bilan questions", BilanQuestions, true},
	{"mes themes", MesThemes, true},
	{"je connais bien", JeConnais, false}, {"je connais", JeConnais, false},
	{"je ne connais plus", JeNeConnaisPlus, false}, {"je ne connais pas", JeNeConnaisPlus, false},
	{"pas de questions sur", PasSur, false}, {"plus de questions sur", PasSur, false}, {"pas de question sur", PasSur, false},
	{"a nouveau des questions sur", DeNouveauSur, false}, {"de nouveau des questions sur", DeNouveauSur, false}, {"des questions sur", DeNouveauSur, false},
	{"oublier mes themes", OublierThemes, true}, {"oublier ce que je sais sur", OublierThemes, false}, {"oublier le theme", OublierThemes, false}, {"oublier", OublierThemes, false},
	{"ne plus me poser de questions", PlusDeQuestions, true}, {"stop les questions", PlusDeQuestions, true}, {"stop questions", PlusDeQuestions, true},
	{"je suis dispo", DesQuestions, true}, {"je suis disponible", DesQuestions, true}, {"de nouveau disponible", DesQuestions, true}, {"de nouveau dispo", DesQuestions, true},
	{"reprendre les questions", DesQuestions, true}, {"plus de questions", PlusDeQuestions, true}, {"pas de questions", PlusDeQuestions, true},
	{"me poser des questions", DesQuestions, true}, {"a nouveau des questions", DesQuestions, true}, {"de nouveau des questions", DesQuestions, true},
	{"entraide", Entraide, true},
	{"exporter les fiches", ExporterFiches, false}, {"exporter fiches", ExporterFiches, false},
	{"corriger la fiche", CorrigerFiche, true}, {"corriger fiche", CorrigerFiche, true}, {"modifier fiche", CorrigerFiche, true},
	{"retirer la fiche", RetirerFiche, true}, {"retirer fiche", RetirerFiche, true}, {"supprimer fiche", RetirerFiche, true},
	{"toujours vraie", FicheVraie, true}, {"toujours vrai", FicheVraie, true},
	{"fiches sur", Fiches, false}, {"fiches", Fiches, false}, {"fiche", Fiches, false}, {"chercher", Fiches, false},
	{"poser une question", Question, false}, {"question", Question, false}, {"demander aux collegues", Question, false}, {"demande aux collegues", Question, false},
}

// ReadInquiry reads "question : comment récupérer un compte CAF ?", "je réponds", "pas moi 12", "plutôt Karim", "ça répond 2", "je connais Pix", "fiches sur la
// CAF", "corriger fiche 7". ok is false for anything else. The words that such an order begins with say it, whatever follows; those that stand alone
// take a number behind them, and nothing else.
func ReadInquiry(text string) (o InquiryOrder, ok bool) {
	text = french.Opening(text)
	words := slices.DeleteFunc(french.Tokenize(text), func(w french.Token) bool { return w.Kind == french.Sign })
	for _, form := range inquiryForms {
		n, begins := beginsWith(words, form.words)
		if !begins {
			continue
		}
		if o, ok = inquiryOrder(form.act, text, words[n:]); ok && (o.Rest == "" || !form.alone) {
			return o, true
		}
	}
	return InquiryOrder{}, false
}

// beginsWith tells whether words begin with some folded ones, and how many those are.
func beginsWith(words []french.Token, form string) (n int, ok bool) {
	for w := range strings.FieldsSeq(form) {
		if n == len(words) || words[n].Norm != w {
			return 0, false
		}
		n++
	}
	return n, true
}

// inquiryOrder reads what stands behind the words of an order: a number and nothing else, or a text.
func inquiryOrder(act Intent, text string, words []french.Token) (InquiryOrder, bool) {
	o := InquiryOrder{Act: act}
	if len(words) == 0 {
		return o, true
	}
	if n, err := strconv.Atoi(words[0].Norm); err == nil && n > 0 && len(words) == 1 {
		o.Number = n
		return o, true
	}
	o.Rest = strings.TrimSpace(text[words[0].Start:])
	if act == Question {
		o.Rest = strings.TrimSpace(asksColleagues.ReplaceAllString(o.Rest, ""))
	}
	return o, true
}

// asksColleagues are words between "question" and the question.
var asksColleagues = regexp.MustCompile(`(?i)^(?:(?:à|a)\s+(?:mes|des|aux|les)\s+|aux\s+)coll[èe]gues?\s*:?\s*`)

// inquiryAct is the order alone. A bare "question" with words that make no question is left to the classifier: "questions diverses".
func inquiryAct(m message) Intent {
	o, ok := ReadInquiry(m.text)
	if !ok && forAnybody(m) {
		return Question
	}
	return o.Act
}

// anybody are folded words with which somebody asks whoever may know; they are part of the question.
var anybody = []string{"qui sait", "qui peut m aider", "qui pourrait m aider", "qui s y connait", "quelqu un sait", "quelqu un peut m aider", "quelqu un pourrait m aider",
	"quelqu un a deja", "quelqu un connait", "quelqu un saurait", "est ce que quelqu un", "y a t il quelqu un", "a qui demander"}

// forAnybody tells whether a text of some length asks whoever may know.
func forAnybody(m message) bool {
	words := slices.DeleteFunc(slices.Clone(m.toks), func(w french.Token) bool { return w.Kind == french.Sign })
	return slices.ContainsFunc(anybody, func(form string) bool {
		n, begins := beginsWith(words, form)
		return begins && len(words) >= n+2
	})
}

// inquiryAmong tells an order about questions among words that may be for somebody else: what is said of one question needs its number there, and what is said
// of themes names one.
func inquiryAmong(m message) bool {
	o, ok := ReadInquiry(m.text)
	switch o.Act {
	case JeConnais, JeNeConnaisPlus, PasSur, DeNouveauSur:
		themes, procedures := Themes(o.Rest)
		return len(themes)+len(procedures) > 0
	}
	return ok && (!o.InThread() || o.Number > 0 || o.Act == PasMaintenant)
}

// InThread are the acts that mean something in the thread of a question: any other words there are for whom it is with.
func (o InquiryOrder) InThread() bool { return slices.Contains(threadActs, o.Act) }

var threadActs = []Intent{NeRepondPas, CaRepond, JeReponds, PasMoi, PasMaintenant, AutreCollegue, PourquoiEux, RetirerQuestion, RelancerQuestion}
