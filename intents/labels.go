package intents

import "slices"

// LabelOf is what an intent is called in the examples of a role: the finer ones of the product share the label of what they are part of.
func LabelOf(i Intent, pro bool) Intent {
	coarse := coarseOfUsagers
	if pro {
		coarse = coarseOfPros
	}
	if l, ok := coarse[i]; ok {
		return l
	}
	return i
}

var (
	coarseOfUsagers = map[Intent]Intent{Objection: Stop, ErreurNumero: Identite, Aide: AideNumerique, Abonnement: Permanence, FinAbonnement: Stop, Retour: Reporter}
	coarseOfPros    = map[Intent]Intent{NouvellePermanence: Permanence, MesPermanences: Permanence, DeplacerPermanence: Permanence, ArreterPermanence: Permanence,
		AnnulerPermanence: Absence, Bonjour: Inconnu, Merci: Inconnu, Oui: Inconnu, Non: Inconnu, Territoire: Statistiques}
)

// Labels are the labels of the examples of a role: what a text may be taught as.
func Labels(pro bool) []Intent {
	if pro {
		return slices.Clone(labelsOfPros)
	}
	return slices.Clone(labelsOfUsagers)
}

// The labels, sorted. What each means is told in docs/comprendre.md.
var (
	labelsOfUsagers = []Intent{AideNumerique, Annuler, Bonjour, Confirmer, Effacement, Humain, Identite, Inconnu, Insulte, Langue, Merci, MonRdv, Non, Oui,
		Permanence, RepCommune, RepDate, Reporter, Reprise, Retard, Stop, Urgence}
	labelsOfPros = []Intent{Absence, Activite, Aide, Diffuser, Inconnu, MesRdv, NouveauRdv, Orienter, Permanence, Question, Relancer, Ressource, Statistiques}
)
