package bot

import "passeur/intents"

// Rule is one thing the bot knows how to do. The table is the product: `aide` and what may be understood are read off it.
type Rule struct {
	Name  string           // in French, one word: as tables and traces show it
	On    []intents.Intent // any of these; none: any text
	From  Role             // Usager, Conseiller, Itself; Anyone: all but Itself
	About string           // the topic that must be open, or one of the abouts below; "" no matter
	Help  string           // key of the catalogue: how one says it; "" is not told
	Title string           // key of the catalogue: what stands above its line of help, and above those of the rules behind it
	Plan  string           // of a rule from Itself, key of the catalogue: what it will do, while its task waits; toldOnly: no task has its intent
	Do    func(*Turn)
}

// toldOnly is the Plan of a rule whose intent only networks tell.
const toldOnly = "-"

// Abouts that are no topic.
const (
	aboutRdv       = "rdv"        // there is an appointment to speak of
	aboutAny       = "*"          // a question is open, whatever it is
	aboutStale     = "bouton"     // a button was pressed whose question is open no more
	aboutTalk      = "parole"     // a counsellor wrote to her, and waits for the answer
	aboutInvited   = "invitation" // a campaign wrote to her, and nothing else is open
	aboutThread    = "fil"        // it stands in the thread of an usager
	aboutOccasion  = "atelier"    // a yes or no is about one workshop
	aboutOccasions = "ateliers"   // it may be about several, or about an appointment

	aboutChosen        = "choisie"      // one of what was listed while a question to colleagues is put
	aboutInquiry       = "question"     // a question to colleagues is meant: its thread, its number, the only one that waits
	aboutInquiryThread = "fil-question" // it stands in the thread of one
)

// rules is the table, in order: the first rule that fits takes the event. What was asked goes before what is always
// understood, and that before what takes any text. (A function: a variable would refer to itself.)
func rules() []Rule {
	type on = []intents.Intent
	return []Rule{
		// What networks say of the bot's messages and of professionals, and the bot to itself.
		{Name: "accusé", From: Itself, On: on{ReceiptIntent}, Plan: "prevu.accuse", Do: receipt},
		{Name: "injoignable", From: Itself, On: on{unreachableIntent}, Plan: "prevu.injoignable", Do: unreachable},
		{Name: "rappel", From: Itself, On: on{remindIntent}, Plan: "prevu.rappel", Do: remind},
		{Name: "échec", From: Itself, On: on{failureIntent}, Plan: "prevu.echec", Do: failed},
		{Name: "crédit", From: Itself, On: on{CreditIntent}, Plan: toldOnly, Do: lowCredit},
		{Name: "rdv-externe", From: Itself, On: on{OutsideRdvIntent}, Plan: toldOnly, Do: outsideRdv},
		{Name: "agenda-entrée", From: Itself, On: on{FeedEntryIntent}, Plan: toldOnly, Do: feedEntry},
		{Name: "agenda-état", From: Itself, On: on{FeedStateIntent}, Plan: toldOnly, Do: feedState},
		{Name: "fin-rdv", From: Itself, On: on{rdvEndIntent}, Plan: "prevu.fin-rdv", Do: rdvEnded},
		{Name: "signe", From: Itself, On: on{signIntent}, Plan: "prevu.signe", Do: noSign},
		{Name: "absence", From: Itself, On: on{missedIntent}, Plan: "prevu.absence", Do: askAgain},
		{Name: "demande-avis", From: Itself, On: on{opinionIntent}, Plan: "prevu.avis", Do: askOpinion},
		{Name: "fin-permanence", From: Itself, On: on{sessionEndIntent}, Plan: "prevu.fin-permanence", Do: sessionEnded},
		{Name: "veille-permanence", From: Itself, On: on{sessionEveIntent}, Plan: "prevu.veille-permanence", Do: sessionEve},
		{Name: "dire-permanence", From: Itself, On: on{tellIntent}, Plan: "prevu.dire-permanence", Do: tellOfSession},
		{Name: "rappel-mandat", From: Itself, On: on{mandateIntent}, Plan: "prevu.rappel-mandat", Do: mandateEnds},
		{Name: "fin-rencontre", From: Itself, On: on{gatheringEndIntent}, Plan: "prevu.fin-rencontre", Do: gatheringEnded},
		{Name: "annonce-rencontre", From: Itself, On: on{announceIntent}, Plan: "prevu.annonce-rencontre", Do: announceNext},
		{Name: "affichage-rencontre", From: Itself, On: on{drawIntent}, Plan: "prevu.affichage-rencontre", Do: draw},
		{Name: "dire-rencontre", From: Itself, On: on{tellGuestsIntent}, Plan: "prevu.dire-rencontre", Do: tellGuests},
		{Name: "invitation-rencontre", From: Itself, On: on{inviteIntent}, Plan: "prevu.invitation-rencontre", Do: inviteSubscribers},
		{Name: "résumé", From: Itself, On: on{digestIntent}, Plan: "prevu.resume", Do: digest},
		{Name: "liste-lue", From: Itself, On: on{ListReadIntent}, Plan: toldOnly, Do: listRead},
		{Name: "vague", From: Itself, On: on{waveIntent}, Plan: "prevu.vague", Do: wave},
		{Name: "destinataires", From: Itself, On: on{audienceIntent}, Plan: "prevu.destinataires", Do: readAudience},
		{Name: "oublier-liste", From: Itself, On: on{forgetListIntent}, Plan: "prevu.oublier-liste", Do: forgetList},
		{Name: "prescription-formulaire", From: Itself, On: on{ReferralIntent}, Plan: toldOnly, Do: referByForm},
		{Name: "prescription-attend", From: Itself, On: on{referralWaits}, Plan: "prevu.prescription", Do: stillWaits},
		{Name: "attente-question", From: Itself, On: on{waitIntent}, Plan: "prevu.attente-question", Do: look},
		{Name: "suivi", From: Itself, On: on{noteIntent}, Plan: "prevu.suivi", Do: remindOfNote},
		{Name: "revoir-fiche", From: Itself, On: on{reviewIntent}, Plan: "prevu.revoir-fiche", Do: review},
		{Name: "membre", From: Anyone, On: on{MemberIntent}, Do: member},

		// Usagers: what stands above everything.
		{Name: "arrêt", From: Usager, On: on{intents.Stop}, Do: stop},
		{Name: "bloqué", From: Usager, On: on{BlockedIntent}, Do: blocked},
		{Name: "ouverture", From: Usager, On: on{startIntent}, Do: opened},
		{Name: "numéro-donné", From: Usager, On: on{ContactIntent}, Do: giveNumber},
		{Name: "sans-mots", From: Usager, On: on{WordlessIntent}, Do: answering("telegram.que-des-mots")},
		{Name: "par-telegram", From: Usager, On: on{intents.ParTelegram}, Do: byTelegram},
		{Name: "par-sms", From: Usager, On: on{intents.ParSMS}, Do: bySMS},
		{Name: "arrêt-fournisseur", From: Usager, On: on{OptOutIntent}, Do: stopElsewhere},
		{Name: "reprise", From: Usager, On: on{intents.Reprise}, Do: restart},
		{Name: "objection", From: Usager, On: on{intents.Objection}, Do: object},
		{Name: "qui", From: Usager, On: on{intents.Identite}, Do: whoWrites},
		{Name: "erreur-numéro", From: Usager, On: on{intents.ErreurNumero}, Do: wrongNumber},
		{Name: "urgence", From: Usager, On: on{intents.Urgence}, Do: distress},
		{Name: "effacer", From: Usager, On: on{intents.Effacement}, Do: askErase},
		{Name: "aide-usager", From: Usager, On: on{intents.Aide}, Do: usagerHelp},
		{Name: "rappel-commune", From: Usager, On: on{intents.Abonnement}, Do: subscribe},
		{Name: "fin-rappel", From: Usager, On: on{intents.FinAbonnement}, Do: unsubscribe},
		{Name: "prescription", From: Usager, On: on{intents.Prescription}, Do: refer},
		// Usagers: the open question.
		{Name: "bouton-passé", From: Usager, About: aboutStale, Do: tooLateToPress},
		{Name: "commune", From: Usager, About: topicCommune, On: on{intents.RepCommune}, Do: inCommune},
		{Name: "effacer-oui", From: Usager, About: topicErase, On: on{intents.Oui, intents.Confirmer}, Do: eraseMe},
		{Name: "effacer-non", From: Usager, About: topicErase, On: on{intents.Non, intents.Annuler}, Do: keepMe},
		{Name: "sens", From: Anyone, On: on{meaningIntent}, Do: askMeaning},
		{Name: "lequel-sens", From: Anyone, About: topicMeaning, On: on{intents.Choix}, Do: chooseMeaning},
		{Name: "lequel-usager", From: Usager, About: topicWhich, On: on{intents.Choix}, Do: choose},
		{Name: "autre-date", From: Usager, About: topicTimes, On: on{intents.Choix}, Do: pickTime},
		{Name: "aucune-date", From: Usager, About: topicTimes, On: on{intents.Non}, Do: noTimeFits},
		{Name: "créneau", From: Usager, About: topicSlots, On: on{intents.Choix}, Do: pickSlot},
		{Name: "aucun-créneau", From: Usager, About: topicSlots, On: on{intents.Non}, Do: noSlotFits},
		{Name: "avis", From: Usager, About: topicOpinion, On: on{intents.Choix}, Do: takeOpinion},
		{Name: "revoir-oui", From: Usager, About: topicMissed, On: on{intents.Oui, intents.Confirmer, intents.Reporter, intents.RepDate}, Do: wantsAgain},
		{Name: "revoir-non", From: Usager, About: topicMissed, On: on{intents.Non, intents.Annuler}, Do: wantsNoMore},
		{Name: "retour", From: Usager, On: on{intents.Retour}, Do: goBack},
		// Usagers: what answers a counsellor's own words.
		{Name: "conversation", From: Usager, About: aboutTalk, On: on{intents.Oui, intents.Non, intents.Choix, intents.Bonjour, intents.Merci, intents.Inconnu}, Do: passOn},
		// Usagers: a workshop that they were invited to.
		{Name: "atelier-lequel", From: Usager, About: aboutOccasions, On: on{intents.Oui, intents.Confirmer, intents.Non, intents.Annuler}, Do: askWhichOccasion},
		{Name: "atelier-oui", From: Usager, About: aboutOccasion, On: on{intents.Oui, intents.Confirmer}, Do: attends},
		{Name: "atelier-non", From: Usager, About: aboutOccasion, On: on{intents.Non, intents.Annuler}, Do: attendsNot},
		{Name: "mon-atelier", From: Usager, About: aboutOccasion, On: on{intents.MonRdv}, Do: myWorkshop},
		// Usagers: an appointment.
		{Name: "venir", From: Usager, About: aboutRdv, On: on{intents.Oui, intents.Confirmer}, Do: onRdv(intents.Confirmer)},
		{Name: "ne-pas-venir", From: Usager, About: aboutRdv, On: on{intents.Non, intents.Annuler}, Do: onRdv(intents.Annuler)},
		{Name: "changer", From: Usager, About: aboutRdv, On: on{intents.Reporter, intents.RepDate}, Do: onRdv(intents.Reporter)},
		{Name: "retard", From: Usager, About: aboutRdv, On: on{intents.Retard}, Do: onRdv(intents.Retard)},
		{Name: "mon-rdv", From: Usager, About: aboutRdv, On: on{intents.MonRdv}, Do: mine},
		// Usagers: the invitation of a campaign.
		{Name: "invitation-rdv", From: Usager, About: aboutInvited, On: on{intents.Oui, intents.Confirmer}, Do: wantsRdv},
		{Name: "invitation-rappel", From: Usager, About: aboutInvited, On: on{intents.Humain}, Do: wantsCall},
		{Name: "invitation-non", From: Usager, About: aboutInvited, On: on{intents.Non, intents.Annuler}, Do: declines},
		// Usagers: the rest.
		{Name: "permanences", From: Usager, On: on{intents.Permanence}, Do: whereAndWhen},
		{Name: "langue", From: Usager, On: on{intents.Langue}, Do: speak},
		{Name: "politesse-usager", From: Usager, On: on{intents.Bonjour, intents.Merci}, Do: greetUsager},
		{Name: "transmettre", From: Usager, Do: passOn},

		// Professionals: the open question.
		{Name: "bouton-fermé", From: Conseiller, About: aboutStale, Do: tooLateToPress},
		{Name: "champ", From: Conseiller, About: topicForm, On: on{fieldIntent}, Do: fillField},
		{Name: "formulaire-aller", From: Conseiller, About: topicForm, On: on{moveIntent}, Do: moveFilling},
		{Name: "accord", From: Conseiller, About: topicAccord, On: on{intents.Oui}, Do: agreed},
		{Name: "refus", From: Conseiller, About: aboutAny, On: on{intents.Non}, Do: abandon},
		{Name: "orienter-vers", From: Conseiller, About: topicDirection, On: on{intents.Choix}, Do: chooseDirection},
		{Name: "orienter-envoyer", From: Conseiller, About: topicVenue, On: on{intents.Choix}, Do: sendVenue},
		{Name: "essayer-campagne", From: Coordinateur, About: topicCampaign, On: on{intents.EssayerCampagne}, Do: tryCampaign},
		{Name: "démarrer-campagne", From: Coordinateur, About: topicCampaign, On: on{intents.DemarrerCampagne}, Do: startCampaign},
		{Name: "lequel", From: Conseiller, About: topicWhich, On: on{intents.Choix}, Do: choose},
		{Name: "demander", From: Conseiller, About: topicInquiry, On: on{intents.Oui}, Do: goOnAsking},
		{Name: "telle-quelle", From: Conseiller, About: topicInquiry, On: on{intents.TelleQuelle}, Do: asItStands},
		{Name: "déjà-répondue", From: Conseiller, About: aboutChosen, On: on{intents.Choix, intents.CaRepond}, Do: alikeDoes},
		// Professionals: in the thread of a question, words are for whom it is with.
		{Name: "je-réponds", From: Conseiller, About: aboutInquiry, On: on{intents.JeReponds}, Do: takeInquiry},
		{Name: "pas-moi", From: Conseiller, About: aboutInquiry, On: on{intents.PasMoi}, Do: passInquiry},
		{Name: "autre-collègue", From: Conseiller, About: aboutInquiry, On: on{intents.AutreCollegue}, Do: nameColleague},
		{Name: "ça-répond", From: Conseiller, About: aboutInquiry, On: on{intents.CaRepond}, Do: acceptAnswer},
		{Name: "ça-ne-répond-pas", From: Conseiller, About: aboutInquiry, On: on{intents.NeRepondPas}, Do: noHelp},
		{Name: "cela-répond-il", From: Conseiller, About: aboutInquiryThread, On: on{verdictIntent}, Do: verdict},
		{Name: "où-en-est", From: Conseiller, About: aboutInquiryThread, On: on{standingIntent}, Do: whereItStands},
		{Name: "remercier", From: Conseiller, About: aboutInquiryThread, On: on{intents.Merci}, Do: thank},
		{Name: "fil-question", From: Conseiller, About: aboutInquiryThread, On: on{wordsIntent}, Do: speakInInquiry},
		// Professionals: what they may say at any time.
		{Name: "réponse-hors-fil", From: Conseiller, On: on{elsewhereIntent}, Do: askWhich},
		{Name: "mes-rdv", From: Conseiller, On: on{intents.MesRdv}, Title: "aide.titre.rdv", Help: "aide.mes-rdv", Do: agenda},
		{Name: "rdv", From: Conseiller, On: on{intents.NouveauRdv}, Help: "aide.rdv", Do: book},
		{Name: "annuler", From: Conseiller, On: on{intents.Annuler}, Help: "aide.annuler", Do: cancel},
		{Name: "déplacer", From: Conseiller, On: on{intents.DeplacerRdv}, Help: "aide.deplacer", Do: move},
		{Name: "rétablir", From: Conseiller, On: on{intents.Retablir}, Help: "aide.retablir", Do: restore},
		{Name: "permanence", From: Conseiller, On: on{intents.NouvellePermanence}, Title: "aide.titre.permanences", Help: "aide.permanence", Do: declare},
		{Name: "mes-permanences", From: Conseiller, On: on{intents.MesPermanences}, Help: "aide.permanences", Do: listPermanences},
		{Name: "annuler-permanence", From: Conseiller, On: on{intents.AnnulerPermanence}, Help: "aide.annuler-permanence", Do: cancelSession},
		{Name: "déplacer-permanence", From: Conseiller, On: on{intents.DeplacerPermanence}, Help: "aide.deplacer-permanence", Do: moveSession},
		{Name: "arrêter-permanence", From: Conseiller, On: on{intents.ArreterPermanence}, Help: "aide.arreter-permanence", Do: stopPermanence},
		{Name: "affiche", From: Conseiller, On: on{intents.Affiche}, Help: "aide.affiche", Do: posterFor},
		{Name: "rencontre", From: Conseiller, On: on{intents.NouvelleRencontre}, Title: "aide.titre.rencontres", Help: "aide.rencontre", Do: convene},
		{Name: "mes-rencontres", From: Conseiller, On: on{intents.MesRencontres}, Help: "aide.rencontres", Do: listGatherings},
		{Name: "je-viens", From: Conseiller, On: on{intents.Inscription}, Help: "aide.je-viens", Do: comesTo},
		{Name: "je-ne-viens-pas", From: Conseiller, On: on{intents.Desistement}, Help: "aide.je-ne-viens-pas", Do: comesNot},
		{Name: "inscrits", From: Conseiller, On: on{intents.Inscrits}, Help: "aide.inscrits", Do: listGuests},
		{Name: "changer-rencontre", From: Conseiller, On: on{intents.ChangerRencontre}, Help: "aide.changer-rencontre", Do: changeGathering},
		{Name: "annuler-rencontre", From: Conseiller, On: on{intents.AnnulerRencontre}, Help: "aide.annuler-rencontre", Do: cancelGathering},
		{Name: "arrêter-rencontre", From: Conseiller, On: on{intents.ArreterRencontre}, Help: "aide.arreter-rencontre", Do: stopGathering},
		{Name: "inviter-rencontre", From: Conseiller, On: on{intents.InviterRencontre}, Help: "aide.inviter-rencontre", Do: invite},
		{Name: "présents", From: Conseiller, On: on{intents.Presents}, Help: "aide.presents", Do: noteCame},
		{Name: "mon-calendrier", From: Conseiller, On: on{intents.MonCalendrier}, Title: "aide.titre.calendrier", Help: "aide.calendrier", Do: myCalendar},
		{Name: "nouveau-calendrier", From: Conseiller, On: on{intents.NouveauCalendrier}, Help: "aide.nouveau-calendrier", Do: newCalendar},
		{Name: "orienter", From: Conseiller, On: on{intents.Orienter}, Title: "aide.titre.personnes", Help: "aide.orienter", Do: directTo},
		{Name: "présence", From: Conseiller, On: on{intents.Presence}, Help: "aide.presence", Do: noteAttendance},
		{Name: "mandat", From: Conseiller, On: on{intents.Mandat}, Help: "aide.mandat", Do: noteMandate},
		{Name: "mes-mandats", From: Conseiller, On: on{intents.MesMandats}, Help: "aide.mandats", Do: listMandates},
		{Name: "fin-mandat", From: Conseiller, On: on{intents.FinMandat}, Help: "aide.fin-mandat", Do: endMandate},
		{Name: "territoire", From: Conseiller, On: on{intents.Territoire}, Help: "aide.territoire", Do: whereNone},
		{Name: "liste", From: Coordinateur, On: on{fileIntent}, Do: takeList},
		{Name: "liste-refusée", From: Conseiller, On: on{fileIntent}, Do: answering("liste.coordination")},
		{Name: "diffuser", From: Coordinateur, On: on{intents.Diffusion}, Title: "aide.titre.aller-vers", Help: "aide.diffuser", Do: broadcastToUsagers},
		{Name: "diffuser-refusé", From: Conseiller, On: on{intents.Diffusion}, Do: answering("diffusion.coordination")},
		{Name: "annoncer", From: Conseiller, On: on{intents.Diffuser}, Do: answering("annoncer-comment")},
		{Name: "nouvelle-campagne", From: Coordinateur, On: on{intents.NouvelleCampagne}, Do: answering("campagne.nouvelle")},
		{Name: "mes-campagnes", From: Coordinateur, On: on{intents.MesCampagnes}, Help: "aide.campagnes", Do: listCampaigns},
		{Name: "ma-campagne", From: Coordinateur, On: on{intents.MaCampagne}, Help: "aide.campagne", Do: campaignFigures},
		{Name: "corriger-campagne", From: Coordinateur, On: on{intents.CorrigerCampagne}, Help: "aide.corriger-campagne", Do: correctCampaign},
		{Name: "laquelle-campagne", From: Coordinateur, On: on{intents.EssayerCampagne, intents.DemarrerCampagne}, Do: whichCampaign},
		{Name: "pause-campagne", From: Coordinateur, On: on{intents.PauseCampagne}, Help: "aide.pause-campagne", Do: pauseCampaign},
		{Name: "reprendre-campagne", From: Coordinateur, On: on{intents.ReprendreCampagne}, Help: "aide.reprendre-campagne", Do: resumeCampaign},
		{Name: "annuler-campagne", From: Coordinateur, On: on{intents.AnnulerCampagne}, Help: "aide.annuler-campagne", Do: askCancelCampaign},
		{Name: "campagne-refusée", From: Conseiller, On: campaignOrders, Do: answering("campagne.coordination")},
		{Name: "mes-appels", From: Conseiller, On: on{intents.MesAppels}, Help: "aide.appels", Do: listCalls},
		{Name: "appel", From: Conseiller, On: on{intents.Appel}, Do: call},
		{Name: "nouveau-prescripteur", From: Coordinateur, On: on{intents.NouveauPrescripteur}, Title: "aide.titre.prescriptions", Help: "aide.nouveau-prescripteur", Do: newPartner},
		{Name: "mes-prescripteurs", From: Coordinateur, On: on{intents.MesPrescripteurs}, Help: "aide.prescripteurs", Do: listPartners},
		{Name: "retirer-prescripteur", From: Coordinateur, On: on{intents.RetirerPrescripteur}, Help: "aide.retirer-prescripteur", Do: revokePartner},
		{Name: "prescripteur-refusé", From: Conseiller, On: on{intents.NouveauPrescripteur, intents.MesPrescripteurs, intents.RetirerPrescripteur}, Do: answering("prescripteur.coordination")},
		{Name: "mes-prescriptions", From: Conseiller, On: on{intents.MesPrescriptions}, Help: "aide.prescriptions", Do: listReferrals},
		{Name: "inviter", From: Conseiller, On: on{intents.Inviter}, Help: "aide.inviter", Do: inviteReferred},
		{Name: "refuser", From: Conseiller, On: on{intents.Refuser}, Help: "aide.refuser", Do: refuseReferred},
		{Name: "question", From: Conseiller, On: on{intents.Question}, Title: "aide.titre.questions", Help: "aide.question", Do: askInquiry},
		{Name: "marque", From: Conseiller, On: on{MarkIntent}, Do: askMarked},
		{Name: "mes-questions", From: Conseiller, On: on{intents.MesQuestions}, Help: "aide.questions", Do: listInquiries},
		{Name: "pourquoi-eux", From: Conseiller, On: on{intents.PourquoiEux}, Help: "aide.pourquoi", Do: whyThem},
		{Name: "relancer-question", From: Conseiller, On: on{intents.RelancerQuestion}, Help: "aide.relancer-question", Do: askFurther},
		{Name: "retirer-question", From: Conseiller, On: on{intents.RetirerQuestion}, Help: "aide.retirer-question", Do: withdrawInquiry},
		{Name: "pas-maintenant", From: Conseiller, On: on{intents.PasMaintenant}, Help: "aide.pas-maintenant", Do: notNow},
		{Name: "mes-thèmes", From: Conseiller, On: on{intents.MesThemes}, Help: "aide.themes", Do: showThemes},
		{Name: "je-connais", From: Conseiller, On: on{intents.JeConnais}, Help: "aide.je-connais", Do: changeThemes("themes.notes", declares)},
		{Name: "je-ne-connais-plus", From: Conseiller, On: on{intents.JeNeConnaisPlus}, Do: changeThemes("themes.retires", retracts)},
		{Name: "pas-sur", From: Conseiller, On: on{intents.PasSur}, Help: "aide.pas-sur", Do: changeThemes("themes.tus", mutes)},
		{Name: "de-nouveau-sur", From: Conseiller, On: on{intents.DeNouveauSur}, Do: changeThemes("themes.entendus", hears)},
		{Name: "oublier-thèmes", From: Conseiller, On: on{intents.OublierThemes}, Help: "aide.oublier-themes", Do: forgetThemes},
		{Name: "plus-de-questions", From: Conseiller, On: on{intents.PlusDeQuestions, intents.DesQuestions}, Help: "aide.plus-de-questions", Do: turnQuestions},
		{Name: "entraide", From: Conseiller, On: on{intents.Entraide}, Help: "aide.entraide", Do: helping},
		{Name: "fiches", From: Conseiller, On: on{intents.Fiches, intents.Ressource}, Help: "aide.fiches", Do: lookForCards},
		{Name: "mes-fiches", From: Conseiller, On: on{intents.MesFiches}, Help: "aide.mes-fiches", Do: myCards},
		{Name: "signaler-fiche", From: Conseiller, On: on{intents.SignalerFiche}, Help: "aide.signaler-fiche", Do: signalCard},
		{Name: "corriger-fiche", From: Conseiller, On: on{intents.CorrigerFiche, intents.RetirerFiche}, Help: "aide.corriger-fiche", Do: changeCard},
		{Name: "fiche-vraie", From: Conseiller, On: on{intents.FicheVraie}, Do: stillTrue},
		{Name: "exporter-fiches", From: Coordinateur, On: on{intents.ExporterFiches}, Help: "aide.exporter-fiches", Do: exportCards},
		{Name: "bilan-questions", From: Coordinateur, On: on{intents.BilanQuestions}, Help: "aide.bilan-questions", Do: inquiriesReport},
		{Name: "questions-refusé", From: Conseiller, On: on{intents.ExporterFiches, intents.BilanQuestions}, Do: answering("questions.coordination")},
		{Name: "activité-coordination", From: Coordinateur, On: on{intents.Activite}, Title: "aide.titre.activites", Help: "aide.activite-coordination", Do: reportActivity},
		{Name: "activité", From: Conseiller, On: on{intents.Activite}, Title: "aide.titre.activites", Help: "aide.activite", Do: reportActivity},
		{Name: "activité-encore", From: Conseiller, On: on{intents.ActiviteEncore}, Help: "aide.activite-encore", Do: sameAgain},
		{Name: "activité-suivante", From: Conseiller, On: on{intents.ActiviteSuivante}, Do: nextOne},
		{Name: "personne-venu", From: Conseiller, On: on{intents.PersonneVenu}, Do: nobodyCame},
		{Name: "mes-activités", From: Conseiller, On: on{intents.MesActivites}, Help: "aide.activites", Do: listActivities},
		{Name: "corriger-activité", From: Conseiller, On: on{intents.CorrigerActivite}, Help: "aide.corriger-activite", Do: correctActivity},
		{Name: "retirer-activité", From: Conseiller, On: on{intents.RetirerActivite}, Help: "aide.retirer-activite", Do: removeActivity},
		{Name: "exporter-activités", From: Conseiller, On: on{intents.ExporterActivites}, Help: "aide.exporter-activites", Do: exportActivities},
		{Name: "bilan", From: Conseiller, On: on{intents.Statistiques}, Help: "aide.bilan", Do: showBilan},
		{Name: "bilan-territoire", From: Coordinateur, On: on{intents.BilanTerritoire}, Help: "aide.bilan-territoire", Do: showBilan},
		{Name: "activités-manquantes", From: Coordinateur, On: on{intents.ActivitesManquantes}, Help: "aide.activites-manquantes", Do: whoNoted},
		{Name: "messages-échoués", From: Coordinateur, On: on{intents.MessagesEchoues}, Help: "aide.messages-echoues", Do: whatFailed},
		{Name: "activités-refusé", From: Conseiller, On: on{intents.BilanTerritoire, intents.ActivitesManquantes, intents.MessagesEchoues}, Do: answering("activites.coordination")},
		{Name: "rappels-activité", From: Conseiller, On: on{intents.PlusDeRappels, intents.DesRappels}, Help: "aide.rappels-activite", Do: turnNoteReminders},
		{Name: "répondre", From: Conseiller, On: on{intents.Repondre}, Title: "aide.titre.aussi", Help: "aide.repondre", Do: write},
		{Name: "réglages", From: Conseiller, On: on{intents.Reglages}, Help: "aide.reglages", Do: prefer},
		{Name: "formulaire", From: Conseiller, On: on{intents.Formulaire}, Do: reopen},
		{Name: "formulaire-libre", From: Conseiller, On: on{keptIntent}, Do: withKept},
		{Name: "reprendre-formulaire", From: Conseiller, On: on{intents.ReprendreFormulaire, intents.Reprise}, Help: "aide.reprendre-formulaire", Do: resumeForm},
		{Name: "formulaire-rempli", From: Conseiller, On: on{FormIntent}, Do: submit},
		{Name: "aide", From: Conseiller, On: on{intents.Aide}, Help: "aide.aide", Do: help},
		// Professionals: a missing or corrected part of a booking, then the rest.
		{Name: "champ-faux", From: Conseiller, About: topicForm, Do: fillField},
		{Name: "compléter", From: Conseiller, About: topicDraft, Do: complete},
		{Name: "compléter-permanence", From: Conseiller, About: topicPermanence, Do: completePermanence},
		{Name: "compléter-rencontre", From: Conseiller, About: topicGathering, Do: completeGathering},
		{Name: "corriger", From: Conseiller, About: topicAccord, Do: complete},
		{Name: "quelle-question", From: Conseiller, On: on{intents.JeReponds, intents.PasMoi, intents.CaRepond, intents.NeRepondPas}, Do: answering("question.laquelle")},
		{Name: "autrement", From: Conseiller, About: topicInquiry, Do: reword},
		{Name: "rien-ne-part", From: Conseiller, About: aboutThread, Do: stayed},
		{Name: "politesse", From: Conseiller, On: on{intents.Bonjour, intents.Merci}, Do: greet},
		{Name: "incompris", From: Conseiller, Do: notUnderstood},

		// Somebody without a role.
		{Name: "inconnu", From: Anyone, Do: unknownRole},
	}
}

// Intents that are not read from texts; those of one capability stand in its file.
const (
	remindIntent    intents.Intent = "rappel"           // a reminder fell due
	failureIntent   intents.Intent = "echec"            // a message that a rule waits for did not leave or arrive
	fieldIntent     intents.Intent = "champ"            // a text that answers the question of a form
	verdictIntent   intents.Intent = "verdict"          // who asked says in passing whether an answer helps
	wordsIntent     intents.Intent = "mots"             // words for the colleague with whom a question is talked of
	standingIntent  intents.Intent = "ou-en-est"        // who asked says nothing that her colleagues need
	elsewhereIntent intents.Intent = "reponse-hors-fil" // words outside any thread that may be an answer to a colleague

	// CreditIntent is that little is left at a provider of messages: Values holds "provider", "left" and "unit".
	CreditIntent intents.Intent = "credit"
	// OptOutIntent is that a provider of messages says that this address told it to stop.
	OptOutIntent intents.Intent = "opposition-operateur"
	// FormIntent is a dialog that was submitted: Values holds "form" and, for each field, "field.<name>"; About is the dialog's.
	FormIntent intents.Intent = "formulaire-rempli"
	// MarkIntent is that a professional marked a post of a channel, her own or another's, to have its question asked to colleagues: From is
	// who marked it, Text the post's words, and Values hold "post" (its id), "channel" (the channel's id) and "root" (the id of the post that
	// begins its thread, its own when it begins one).
	MarkIntent intents.Intent = "marque"
)
