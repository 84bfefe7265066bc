// Package intents understands short French messages: what somebody wants, and the dates, phone numbers, communes
// and places they name. It is pure: no network, no clock, no state but the tables it loads.
package intents

// Intent is what somebody wants, in one word of the label list.
type Intent string

// The intents of usagers.
const (
	Confirmer     Intent = "confirmer"
	Annuler       Intent = "annuler"
	Reporter      Intent = "reporter"
	Retard        Intent = "retard"
	MonRdv        Intent = "mon_rdv"
	Permanence    Intent = "permanence"
	AideNumerique Intent = "aide_numerique"
	Humain        Intent = "humain"
	Identite      Intent = "identite"
	Effacement    Intent = "effacement"
	Stop          Intent = "stop"
	Objection     Intent = "objection" // wants no more messages, in free words: pause and ask, never act
	Reprise       Intent = "reprise"
	Urgence       Intent = "urgence"
	Langue        Intent = "langue"
	Insulte       Intent = "insulte"
	Bonjour       Intent = "bonjour"
	Merci         Intent = "merci"
	Oui           Intent = "oui"
	Non           Intent = "non"
	Choix         Intent = "choix" // picks one of the numbered choices
	RepDate       Intent = "rep_date"
	RepCommune    Intent = "rep_commune"
	Aide          Intent = "aide"
	Inconnu       Intent = "inconnu"

	ErreurNumero Intent = "erreur_numero" // "vous vous trompez de numéro": not the person we believe
)

// The intents of professionals, beside Annuler, Oui, Non, Choix, Aide, Bonjour, Merci and Inconnu.
const (
	NouveauRdv  Intent = "nouveau_rdv"
	DeplacerRdv Intent = "deplacer_rdv"
	MesRdv      Intent = "mes_rdv"
	Retablir    Intent = "retablir" // takes the last act back
)

// Context is what the reader may know of the exchange.
type Context struct {
	Pro     bool   // a professional writes
	Open    string // the open question: "rdv" (will you come?), "ouinon", "choix", "date", "commune"; "" none
	Choices int    // how many numbered choices the open question has
}

// Reading is what a text was understood as.
type Reading struct {
	Intent     Intent
	Confidence float64 // 0 to 1
	Choice     int     // of Choix: 1 to Context.Choices; -1 for "les deux", "tous"
	Urgent     bool    // distress words were found: it is added to the intent, never in its place
	Why        string  // the route taken, for people who ask: "mot exact", "lexique détresse", "règle annuler"
}

// Reader understands texts. Implementations are safe for concurrent use and keep nothing of what they read.
type Reader interface {
	Read(text string, c Context) Reading
}
