package intents

import (
	"regexp"
	"slices"
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
var inquiryForms = []orderForm{
	{"ca ne repond pas", NeRepondPas, numberOnly}, {"ca repond pas", NeRepondPas, numberOnly}, {"cela ne repond pas", NeRepondPas, numberOnly}, {"ca n aide pas", NeRepondPas, numberOnly},
	{"ca ne m aide pas", NeRepondPas, numberOnly}, {"ca ne marche pas", NeRepondPas, numberOnly},
	{"merci ca repond", CaRepond, numberOnly}, {"ca repond merci", CaRepond, numberOnly}, {"ca repond", CaRepond, numberOnly}, {"cela repond", CaRepond, numberOnly},
	{"je reponds", JeReponds, numberOnly}, {"je m en occupe", JeReponds, numberOnly}, {"je prends", JeReponds, numberOnly},
	{"pas moi", PasMoi, numberOnly}, {"je ne sais pas", PasMoi, numberOnly}, {"je sais pas", PasMoi, numberOnly}, {"aucune idee", PasMoi, numberOnly}, {"je passe", PasMoi, numberOnly},
	{"pas maintenant", PasMaintenant, untilWhen}, {"pas dispo", PasMaintenant, untilWhen}, {"pas disponible", PasMaintenant, untilWhen},
	{"je ne suis pas dispo", PasMaintenant, untilWhen}, {"je suis pas dispo", PasMaintenant, untilWhen}, {"indispo", PasMaintenant, untilWhen}, {"indisponible", PasMaintenant, untilWhen},
	{"pas mtn", PasMaintenant, untilWhen}, {"pas la", PasMaintenant, untilWhen}, {"je ne suis pas disponible", PasMaintenant, untilWhen}, {"telle quelle", TelleQuelle, numberOnly}, {"tel quel", TelleQuelle, numberOnly}, {"c est pas un nom", TelleQuelle, numberOnly}, {"ce n est pas un nom", TelleQuelle, numberOnly},
	{"c est pas une personne", TelleQuelle, numberOnly}, {"ce n est pas une personne", TelleQuelle, numberOnly}, {"c est pas un numero", TelleQuelle, numberOnly}, {"ce n est pas un numero", TelleQuelle, numberOnly},
	{"quelqu un d autre", AutreCollegue, numberOnly}, {"plutot", AutreCollegue, anyWords}, {"demande plutot a", AutreCollegue, anyWords}, {"demander plutot a", AutreCollegue, anyWords}, {"vois avec", AutreCollegue, anyWords},
	{"voir avec", AutreCollegue, anyWords}, {"voyez avec", AutreCollegue, anyWords}, {"il faut demander a", AutreCollegue, anyWords}, {"demander a", AutreCollegue, anyWords}, {"demande a", AutreCollegue, anyWords},
	{"mes questions", MesQuestions, numberOnly}, {"ou en est ma question", MesQuestions, numberOnly}, {"questions", MesQuestions, numberOnly}, {"questions sans reponse", MesQuestions, numberOnly},
	{"pourquoi moi", PourquoiEux, numberOnly}, {"pourquoi eux", PourquoiEux, numberOnly}, {"pourquoi elles", PourquoiEux, numberOnly}, {"pourquoi question", PourquoiEux, numberOnly},
	{"pourquoi", PourquoiEux, numberOnly},
	{"annule ma question", RetirerQuestion, numberOnly}, {"supprime ma question", RetirerQuestion, numberOnly}, {"retirer ma question", RetirerQuestion, numberOnly}, {"retirer la question", RetirerQuestion, numberOnly}, {"retirer question", RetirerQuestion, numberOnly},
	{"annuler ma question", RetirerQuestion, numberOnly}, {"annuler la question", RetirerQuestion, numberOnly}, {"annuler question", RetirerQuestion, numberOnly},
	{"relancer ma question", RelancerQuestion, numberOnly}, {"relancer la question", RelancerQuestion, numberOnly}, {"relancer question", RelancerQuestion, numberOnly},
	{"bilan des questions", BilanQuestions, numberOnly}, {"bilan questions", BilanQuestions, numberOnly},
	{"mes themes", MesThemes, numberOnly}, {"que sais tu de moi", MesThemes, numberOnly}, {"qu est ce que tu sais de moi", MesThemes, numberOnly}, {"ce que tu sais de moi", MesThemes, numberOnly},
	{"je connais bien", JeConnais, anyWords}, {"je m y connais en", JeConnais, anyWords}, {"je m y connais sur", JeConnais, anyWords}, {"je connais", JeConnais, anyWords},
	{"je ne connais plus", JeNeConnaisPlus, anyWords}, {"je ne connais pas", JeNeConnaisPlus, anyWords},
	{"pas de questions sur", PasSur, anyWords}, {"plus de questions sur", PasSur, anyWords}, {"pas de question sur", PasSur, anyWords},
	{"a nouveau des questions sur", DeNouveauSur, anyWords}, {"de nouveau des questions sur", DeNouveauSur, anyWords}, {"des questions sur", DeNouveauSur, anyWords},
	{"oublier mes themes", OublierThemes, numberOnly}, {"oublie mes themes", OublierThemes, numberOnly}, {"oublier ce que je sais sur", OublierThemes, anyWords}, {"oublier le theme", OublierThemes, anyWords}, {"oublier", OublierThemes, anyWords},
	{"ne plus me poser de questions", PlusDeQuestions, numberOnly}, {"stop les questions", PlusDeQuestions, numberOnly}, {"stop questions", PlusDeQuestions, numberOnly}, {"stop aux questions", PlusDeQuestions, numberOnly},
	{"je ne veux plus de questions", PlusDeQuestions, numberOnly}, {"je ne veux plus recevoir de questions", PlusDeQuestions, numberOnly}, {"arreter les questions", PlusDeQuestions, numberOnly},
	{"je suis dispo", DesQuestions, numberOnly}, {"je suis disponible", DesQuestions, numberOnly}, {"de nouveau disponible", DesQuestions, numberOnly}, {"de nouveau dispo", DesQuestions, numberOnly},
	{"reprendre les questions", DesQuestions, numberOnly}, {"plus de questions", PlusDeQuestions, numberOnly}, {"plus de questions", PasMaintenant, untilWhen}, {"pas de questions", PlusDeQuestions, numberOnly}, {"pas de questions", PasMaintenant, untilWhen},
	{"me poser des questions", DesQuestions, numberOnly}, {"a nouveau des questions", DesQuestions, numberOnly}, {"de nouveau des questions", DesQuestions, numberOnly},
	{"entraide", Entraide, numberOnly},
	{"exporter les fiches", ExporterFiches, anyWords}, {"exporter fiches", ExporterFiches, anyWords},
	{"corriger la fiche", CorrigerFiche, numberFirst}, {"corriger fiche", CorrigerFiche, numberFirst}, {"modifier fiche", CorrigerFiche, numberFirst},
	{"retirer la fiche", RetirerFiche, numberOnly}, {"retirer fiche", RetirerFiche, numberOnly}, {"supprimer fiche", RetirerFiche, numberOnly},
	{"toujours vraie", FicheVraie, numberOnly}, {"toujours vrai", FicheVraie, numberOnly},
	{"signaler la fiche", SignalerFiche, numberFirst}, {"signaler fiche", SignalerFiche, numberFirst},
	{"mes fiches", MesFiches, numberOnly},
	{"je cherche une fiche sur", Fiches, anyWords}, {"cherche une fiche sur", Fiches, anyWords}, {"chercher une fiche sur", Fiches, anyWords}, {"une fiche sur", Fiches, anyWords}, {"fiche sur", Fiches, anyWords},
	{"fiches sur", Fiches, anyWords}, {"fiches", Fiches, anyWords}, {"fiche", Fiches, anyWords}, {"chercher", Fiches, anyWords},
	{"toutes les fiches", Fiches, numberOnly}, {"les fiches", Fiches, numberOnly}, {"voir fiche", Fiches, numberOnly}, {"voir la fiche", Fiches, numberOnly}, {"la fiche", Fiches, numberOnly}, {"lire la fiche", Fiches, numberOnly},
	{"poser une question", Question, anyWords}, {"question", Question, anyWords}, {"demander aux collegues", Question, anyWords}, {"demande aux collegues", Question, anyWords},
}

// ReadInquiry reads "question : comment récupérer un compte CAF ?", "je réponds", "pas moi 12", "plutôt Karim", "ça répond 2", "je connais Pix", "fiches sur la
// CAF", "corriger fiche 7". ok is false for anything else. The words that such an order begins with say it, as long as what follows may stand behind them.
func ReadInquiry(text string) (o InquiryOrder, ok bool) {
	read, ok := readOrder(inquiryForms, text)
	o = InquiryOrder(read)
	if o.Act == Question {
		o.Rest = strings.TrimSpace(asksColleagues.ReplaceAllString(o.Rest, ""))
	}
	return o, ok
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
	return ok && (!o.InThread() || o.Number > 0 || o.Act == PasMaintenant || o.Act == PlusDeQuestions)
}

// Order tells whether a text is an order about questions, cards or activities and nothing else: "retirer fiche 7", "mes activités". No answer is.
func Order(text string) bool {
	o, ok := ReadInquiry(text)
	report, reports := ReadReport(text)
	ordered := ok && o.Rest == "" && !o.InThread() || reports && report.Rest == ""
	return ordered && (o.Number+report.Number > 0 || orderVerbs[firstWord(text)]) && len(strings.Fields(text)) > 1
}

var orderVerbs = french.WordSet("mes retirer corriger modifier supprimer signaler exporter")

// InThread are the acts that mean something in the thread of a question: any other words there are for whom it is with.
func (o InquiryOrder) InThread() bool { return slices.Contains(threadActs, o.Act) }

var threadActs = []Intent{NeRepondPas, CaRepond, JeReponds, PasMoi, PasMaintenant, AutreCollegue, PourquoiEux, RetirerQuestion, RelancerQuestion, PlusDeQuestions,
	PasSur}
