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
}

// campaignVerbs begin an order about one campaign, "pause campagne 2"; the words are folded.
var campaignVerbs = map[string]Intent{
	"pause": PauseCampagne, "suspendre": PauseCampagne, "reprendre": ReprendreCampagne, "relancer": ReprendreCampagne, "annuler": AnnulerCampagne,
	"arreter": AnnulerCampagne, "supprimer": AnnulerCampagne, "corriger": CorrigerCampagne, "modifier": CorrigerCampagne, "preparer": CorrigerCampagne,
	"voir": MaCampagne,
}

// ReadCampaign reads "diffuser", "diffuser à Périers", "campagnes", "campagne 2", "pause campagne 2", "essayer 06 39 98 12 34", "démarrer 120", "appels", "appel 3 pas de réponse".
// ok is false for anything else.
func ReadCampaign(text string) (o CampaignOrder, ok bool) {
	text = strings.TrimRight(french.Opening(text), " .!?…")
	words := french.Tokenize(text)
	if len(words) == 0 {
		return o, false
	}
	if len(words) == 2 && (words[0].Norm == "mes" || words[0].Norm == "les") {
		words = words[1:]
	}
	first := words[0].Norm
	switch {
	case first == "campagnes" && len(words) == 1:
		return CampaignOrder{Act: MesCampagnes}, true
	case first == "diffuser":
		return broadcastOrder(text, words[1:])
	case first == "campagne":
		return orderOf(MaCampagne, text, words[1:])
	case first == "appels" && len(words) == 1:
		return CampaignOrder{Act: MesAppels}, true
	case first == "appel" && len(words) > 1:
		o, ok = orderOf(Appel, text, words[1:])
		return o, ok && o.Number > 0
	case first == "demarrer":
		o, ok = orderOf(DemarrerCampagne, text, words[1:])
		return o, ok && (o.Rest == "" || strings.Contains(o.Rest, "personne") || strings.Contains(o.Rest, "campagne"))
	case first == "essayer":
		return CampaignOrder{Act: EssayerCampagne, Rest: strings.TrimSpace(text[words[0].End:])}, true
	}
	return campaignVerb(text, words)
}

// Words between "diffuser" and those whom it is for; an article counts among them before one of them alone: "diffuser à La Haye".
var (
	broadcastTo       = french.WordSet("a au aux pour")
	broadcastPeople   = french.WordSet("personnes usagers gens habitants inscrits inscrites participants tous toutes commune permanence atelier de d du des")
	broadcastArticles = french.WordSet("la le l les")
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
	for words = words[1:]; len(words) > 1 && (broadcastPeople[words[0].Norm] || broadcastArticles[words[0].Norm] && broadcastPeople[words[1].Norm]); {
		words = words[1:]
	}
	o.Rest = strings.TrimSpace(text[words[0].Start:])
	return o, true
}

// campaignVerb reads a verb and "campagne" behind it, with an article or without.
func campaignVerb(text string, words []french.Token) (o CampaignOrder, ok bool) {
	act, ok := campaignVerbs[words[0].Norm]
	at := slices.IndexFunc(words, func(w french.Token) bool { return w.Norm == "campagne" })
	if !ok || at < 1 || at > 2 {
		return o, false
	}
	return orderOf(act, text, words[at+1:])
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
