package intents

// proRules are what professionals write, as usagerRules.
var proRules = []ruleGroup{
	{Retablir, `
		retabli*
		annule ca
		annule annule
		^ oups
		oups
		remet* comme
		revenir arriere
		retour arriere
		c est erreur
		undo
		defaire/defais`},
	{DeplacerRdv, `
		^ deplace
		^ decale
		^ reporte
		^ change heure/date/horaire/rdv/jour
		^ avance/avancer/retarder rdv
		deplace rdv
		decale rdv
		reporte rdv
		change .. rdv
		rdv .. deplace
		rdv .. decale`},
	{Annuler, `
		^ annule
		^ supprime
		^ enlev* rdv
		annule rdv
		annule .. rdv
		supprime rdv
		supprime .. rdv
		enlev* .. rdv`},
	{MesRdv, `
		quel rdv
		quels rdv
		prochain rdv
		mesrdv
		^ rdv @moment $
		^ rdv @moment ?
		combien rdv
		liste rdv
		voir rdv
		montre* .. rdv/agenda/planning
		planning
		agenda
		qui viens
		qui .. confirme
		a confirme
		confirme rdv ?
		j ai qui
		qui j ai
		j ai quoi
		qui est prochain
		qui prochain
		c est qui prochain
		qui est inscrit
		inscrits
		liste presents
		rdv jour/semaine`},
	{NouveauRdv, `
		^ rdv
		^ nouveau rdv
		nouveau rdv
		prendre/prends/prend rdv
		mettre/mets/met rdv
		noter/note rdv
		ajoute*/ajouter rdv
		creer/cree rdv
		fixer/fixe rdv
		poser/pose rdv
		caler/cale rdv
		planifi*/programm* rdv
		bloquer/bloque @moment
		bloquer/bloque rdv
		rdv pour
		rdv avec
		rdv .. @moment`},
	{Aide, `
		^ aide
		^ help $
		^ menu
		^ commandes
		liste commandes
		quel commandes
		mode emploi
		sais faire
		sais tu faire
		que sais tu
		comment tu marche/marches/fonctionnes
		comment ca marche
		comment on saisit
		comment je fais pour saisir
		explique* .. saisie
		comment je fais
		^ ? $`},
	{Merci, `
		^ merci
		remerci*`},
	{Bonjour, `
		^ bonjour
		^ salut
		^ hello
		^ coucou
		^ bonsoir`},
}

// proElsewhere are things of other trips that share their verbs with appointments: what is about them is not about an
// appointment.
var proElsewhere = setOf("permanence saisie atelier ateliers webinaire cafe activite cra creneaux creneau visio compte conges annonce evenement")
