package intents

import (
	"slices"
	"strconv"
	"strings"

	"passeur/intents/french"
)

// CampaignOrder is what a professional said of a campaign, or of a call that is to be made.
type CampaignOrder struct {
	Act    Intent
	Number int    // of the list that was shown last, or of people; 0: none was said
	Rest   string // the words behind, as typed: a phone number, what came of a call, whom a broadcast is for
	Table  bool   // the figures are wanted as a table
}

// campaignVerbs begin an order about one campaign, "pause campagne 2"; the words are folded.
var campaignVerbs = map[string]Intent{
	"pause": PauseCampagne, "suspendre": PauseCampagne, "reprendre": ReprendreCampagne, "relancer": ReprendreCampagne,
	"annuler": AnnulerCampagne, "arreter": AnnulerCampagne, "supprimer": AnnulerCampagne, "corriger": CorrigerCampagne, "modifier": CorrigerCampagne,
	"preparer": CorrigerCampagne, "voir": MaCampagne, "chiffres": MaCampagne, "statistiques": MaCampagne, "exporter": MaCampagne,
}

// Words around such a verb: "mettre en pause la campagne 2", "chiffres de la campagne 2".
var (
	beforeVerb    = french.WordSet("mettre mets en")
	campaignSmall = french.WordSet("la l ma cette de")
)

// tableWords ask for the figures as a table.
var tableWords = french.WordSet("csv excel tableau exporter")

// fixedOrders are orders in so many words, folded and without articles.
var fixedOrders = map[string]Intent{
	"campagnes": MesCampagnes, "mes campagnes": MesCampagnes,
	"nouvelle campagne": NouvelleCampagne, "creer campagne": NouvelleCampagne, "creer nouvelle campagne": NouvelleCampagne, "importer liste": NouvelleCampagne,
	"importer fichier": NouvelleCampagne, "nouvelle liste": NouvelleCampagne,
	"appels": MesAppels, "mes appels": MesAppels, "liste d appels": MesAppels, "liste des appels": MesAppels, "qui dois je appeler": MesAppels,
	"qui je dois appeler": MesAppels, "qui appeler": MesAppels, "a qui telephoner": MesAppels,
}

var orderArticles = french.WordSet("la le les l un une")

// fixedOrder reads one of fixedOrders.
func fixedOrder(words []french.Token) Intent {
	var said []string
	for _, w := range words {
		if w.Kind != french.Sign && !orderArticles[w.Norm] {
			said = append(said, w.Norm)
		}
	}
	return fixedOrders[strings.Join(said, " ")]
}

// ReadCampaign reads "diffuser", "diffuser à Périers", "nouvelle campagne", "campagnes", "campagne 2", "campagne 2 excel", "mettre en pause la campagne 2",
// "essayer 06 39 98 12 34", "démarrer 120", "appels", "appel 3 pas de réponse". ok is false for anything else.
func ReadCampaign(text string) (o CampaignOrder, ok bool) {
	text = strings.TrimRight(french.Opening(text), " .!?…")
	words := french.Tokenize(text)
	if len(words) == 0 {
		return o, false
	}
	if act := fixedOrder(words); act != "" {
		return CampaignOrder{Act: act}, true
	}
	switch first := words[0].Norm; {
	case first == "diffuser":
		return broadcastOrder(text, words[1:])
	case first == "campagne":
		return campaignOrder(MaCampagne, text, words)
	case first == "appel" && len(words) > 1:
		o, ok = orderOf(Appel, text, words[1:])
		return o, ok && o.Number > 0
	case startWords[first]:
		o, ok = orderOf(DemarrerCampagne, text, words[1:])
		return o, ok && (o.Rest == "" || strings.Contains(o.Rest, "personne") || strings.Contains(o.Rest, "campagne"))
	case first == "essayer", tryWords[first] && strings.ContainsAny(text, "0123456789"):
		return CampaignOrder{Act: EssayerCampagne, Rest: strings.TrimSpace(text[words[0].End:])}, true
	}
	return campaignVerb(text, words)
}

// Words that begin an order about the campaign that was shown.
var (
	startWords = french.WordSet("demarrer demarre demarrez lancer lance lancez")
	tryWords   = french.WordSet("essai tester test")
)

// Words between "diffuser" and those whom it is for; an article counts among them before one of them alone: "diffuser à La Haye".
var (
	broadcastTo     = french.WordSet("a au aux pour")
	broadcastPeople = french.WordSet("personnes usagers gens habitants inscrits inscrites participants tous toutes commune permanence atelier de d du des")
)

// broadcastOrder reads for whom a broadcast is: "à Périers", "aux inscrits de l'atelier 3", whose Rest is "3".
func broadcastOrder(text string, words []french.Token) (o CampaignOrder, ok bool) {
	o.Act = Diffusion
	if len(words) == 0 {
		return o, true
	}
	if len(words) == 1 || !broadcastTo[words[0].Norm] {
		return o, false
	}
	for words = words[1:]; len(words) > 1 && (broadcastPeople[words[0].Norm] || orderArticles[words[0].Norm] && broadcastPeople[words[1].Norm]); {
		words = words[1:]
	}
	o.Rest = strings.TrimSpace(text[words[0].Start:])
	return o, true
}

// campaignVerb reads a verb and "campagne" behind it, with an article or without.
func campaignVerb(text string, words []french.Token) (o CampaignOrder, ok bool) {
	for len(words) > 1 && beforeVerb[words[0].Norm] {
		words = words[1:]
	}
	act, ok := campaignVerbs[words[0].Norm]
	at := slices.IndexFunc(words, func(w french.Token) bool { return w.Norm == "campagne" })
	if !ok || at < 1 || slices.ContainsFunc(words[1:at], func(w french.Token) bool { return w.Kind != french.Sign && !campaignSmall[w.Norm] }) {
		return o, false
	}
	return campaignOrder(act, text, words[at:], words[0])
}

// campaignOrder is an order whose first word is "campagne"; a verb stood before it, perhaps.
func campaignOrder(act Intent, text string, words []french.Token, verb ...french.Token) (o CampaignOrder, ok bool) {
	o, ok = orderOf(act, text, words[1:])
	o.Table = slices.ContainsFunc(slices.Concat(verb, words[1:]), func(w french.Token) bool { return tableWords[w.Norm] })
	return o, ok
}

// orderOf is an order whose next word may be a number.
func orderOf(act Intent, text string, words []french.Token) (o CampaignOrder, ok bool) {
	o.Act = act
	if len(words) == 0 {
		return o, true
	}
	if n, err := strconv.Atoi(words[0].Norm); err == nil && n > 0 {
		o.Number, words = n, words[1:]
	}
	if len(words) > 0 {
		o.Rest = strings.TrimSpace(text[words[0].Start:])
	}
	return o, true
}

// campaignAct is the order alone.
func campaignAct(m message) Intent {
	o, ok := ReadCampaign(m.text)
	if !ok {
		return ""
	}
	return o.Act
}
