package intents

import (
	"cmp"
	"slices"
)

// traits are what is known of an intent beside its examples and rules.
type traits struct {
	usager, pro Intent // its label in the examples of either role, what a text is taught as; the finer ones of the product share one
	changes     bool   // it changes something: nothing of the kind is done on the word of a dubious text
	stopHides   bool   // nobody has it who writes STOP beside: a person would rather be asked than written to again
}

// traitsOf are all intents. What each label means is told in docs/comprendre.md.
var traitsOf = map[Intent]traits{
	// Of usagers.
	Confirmer:     {usager: Confirmer, changes: true, stopHides: true},
	Annuler:       {usager: Annuler, changes: true, stopHides: true},
	Reporter:      {usager: Reporter, changes: true, stopHides: true},
	Retour:        {usager: Reporter},
	Retard:        {usager: Retard, changes: true},
	MonRdv:        {usager: MonRdv},
	AideNumerique: {usager: AideNumerique},
	Humain:        {usager: Humain, stopHides: true},
	Identite:      {usager: Identite},
	ErreurNumero:  {usager: Identite},
	Effacement:    {usager: Effacement, changes: true},
	Abonnement:    {usager: Permanence, stopHides: true},
	FinAbonnement: {usager: Stop, stopHides: true},
	Stop:          {usager: Stop},
	Objection:     {usager: Stop, changes: true},
	Reprise:       {usager: Reprise, changes: true},
	Urgence:       {usager: Urgence},
	Langue:        {usager: Langue},
	ParTelegram:   {},
	ParSMS:        {},
	Insulte:       {usager: Insulte},
	RepDate:       {usager: RepDate, stopHides: true},
	RepCommune:    {usager: RepCommune, stopHides: true},

	// Of both.
	Permanence: {usager: Permanence, pro: Permanence, stopHides: true},
	Bonjour:    {usager: Bonjour, pro: Inconnu, stopHides: true},
	Merci:      {usager: Merci, pro: Inconnu, stopHides: true},
	Oui:        {usager: Oui, pro: Inconnu, changes: true, stopHides: true},
	Non:        {usager: Non, pro: Inconnu, changes: true, stopHides: true},
	Aide:       {usager: AideNumerique, pro: Aide},
	Inconnu:    {usager: Inconnu, pro: Inconnu, stopHides: true},
	Choix:      {},

	// Of professionals.
	NouveauRdv:          {pro: NouveauRdv},
	DeplacerRdv:         {},
	MesRdv:              {pro: MesRdv},
	Retablir:            {},
	Reglages:            {},
	Formulaire:          {},
	ReprendreFormulaire: {},
	Repondre:            {},
	Question:            {pro: Question},
	Ressource:           {pro: Ressource},
	Activite:            {pro: Activite},
	Absence:             {pro: Absence},
	Diffuser:            {pro: Diffuser},
	Statistiques:        {pro: Statistiques},
	Relancer:            {pro: Relancer},
	Orienter:            {pro: Orienter},
	Presence:            {},
	NouvellePermanence:  {pro: Permanence},
	MesPermanences:      {pro: Permanence},
	DeplacerPermanence:  {pro: Permanence},
	ArreterPermanence:   {pro: Permanence},
	AnnulerPermanence:   {pro: Absence},
	Affiche:             {},
	MonCalendrier:       {},
	NouveauCalendrier:   {},
	Mandat:              {},
	MesMandats:          {},
	FinMandat:           {},
	Territoire:          {pro: Statistiques},
	NouvelleRencontre:   {pro: Diffuser},
	MesRencontres:       {},
	ChangerRencontre:    {},
	AnnulerRencontre:    {},
	ArreterRencontre:    {},
	Inscription:         {changes: true},
	Desistement:         {changes: true},
	Inscrits:            {},
	InviterRencontre:    {},
	Presents:            {changes: true},
	NouvelleCampagne:    {},
	MesCampagnes:        {},
	MaCampagne:          {},
	CorrigerCampagne:    {},
	EssayerCampagne:     {},
	DemarrerCampagne:    {},
	PauseCampagne:       {},
	ReprendreCampagne:   {},
	AnnulerCampagne:     {},
	MesAppels:           {},
	Appel:               {},
	Diffusion:           {},

	// Of questions to colleagues, and of cards.
	MesQuestions:        {},
	JeReponds:           {},
	PasMoi:              {},
	PasMaintenant:       {},
	AutreCollegue:       {},
	CaRepond:            {},
	NeRepondPas:         {},
	TelleQuelle:         {},
	PourquoiEux:         {},
	RetirerQuestion:     {},
	RelancerQuestion:    {},
	BilanQuestions:      {},
	MesThemes:           {},
	JeConnais:           {},
	JeNeConnaisPlus:     {},
	PasSur:              {},
	DeNouveauSur:        {},
	OublierThemes:       {},
	PlusDeQuestions:     {},
	DesQuestions:        {},
	Entraide:            {},
	ActiviteEncore:      {},
	ActiviteSuivante:    {},
	PersonneVenu:        {},
	MesActivites:        {},
	CorrigerActivite:    {},
	RetirerActivite:     {},
	ExporterActivites:   {},
	ActivitesManquantes: {},
	BilanTerritoire:     {},
	MessagesEchoues:     {},
	PlusDeRappels:       {},
	DesRappels:          {},
	Fiches:              {},
	MesFiches:           {},
	CorrigerFiche:       {},
	SignalerFiche:       {},
	RetirerFiche:        {},
	FicheVraie:          {},
	ExporterFiches:      {},

	// Of partners, and of who was referred.
	Prescription:        {},
	NouveauPrescripteur: {},
	MesPrescripteurs:    {},
	RetirerPrescripteur: {},
	MesPrescriptions:    {},
	Inviter:             {},
	Refuser:             {},
}

// label is what an intent is taught as to a role, "" when there are no examples of it.
func (k traits) label(pro bool) Intent {
	if pro {
		return k.pro
	}
	return k.usager
}

// LabelOf is what an intent is called in the examples of a role; itself when they have none of it.
func LabelOf(i Intent, pro bool) Intent { return cmp.Or(traitsOf[i].label(pro), i) }

// Labels are the labels of the examples of a role, sorted: what a text may be taught as.
func Labels(pro bool) (all []Intent) {
	for _, k := range traitsOf {
		if l := k.label(pro); l != "" {
			all = append(all, l)
		}
	}
	slices.Sort(all)
	return slices.Compact(all)
}
