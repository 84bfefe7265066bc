// Package intents understands short French messages: what somebody wants, and the communes, places, activities and permanences that
// they name. It is pure: no network, no clock, no state but the tables it loads and what it learns from them.
//
// What the exchange is about comes first, words second: "2" is no when an appointment was just proposed, and a choice
// under a list. A text is read once into tokens (package french); everything else works on tokens:
//
//   - the Reader (reader.go): exact keywords, then words of distress, then closed answers, then a classifier (classifier.go,
//     train.go) that learns from examples when the program starts (data/usager.tsv, data/pro.tsv): they are the model. It weighs
//     what a text shows (features.go): its words, their stems and sounds, groups of letters, classes of words, the
//     open question, and what rules found. What to do about its guesses, and how sure it must be, stands in decide.go.
//   - the rules (rulereader.go) are patterns of words (patterns.go, data/rules-*.txt) in which SMS spelling is undone. By
//     themselves they are brittle on wordings that nobody thought of; they say what is exact, what is denied, and what is distress.
//   - the Gazetteer: strict in free text, since communes are called Bus, Vers or Plaisir; lenient behind a question.
//   - ReadBooking, ReadSchedule and ReadMandate, which take a sentence apart; and ReadActivity (activity*.go, counts.go, durations.go,
//     themes.go), which only "passeur understand" asks until the follow-up of activities is built.
//
// Below it: french (tokens and words), phones, dates. Beside it: mask (takes out of a text what leads to a person) and search (finds answered
// questions that resemble a question).
//
// Where to look: reader, rulereader, rules and patterns (how a text is read); closed, keywords, usager, refusals (what usagers say); pro, commands, outgoing
// (what professionals say); classifier, features, train, examples, labels (what is learnt); decide and dubious (what is done about it); understand (for the
// command); language (in which one somebody wants to be written to); gazetteer, communes, zones (where); names, places, booking (an appointment);
// schedule, schedulerule, permanence (a permanence); gathering (a café-visio, a workshop); mandate, attendance, calendar, poster (the same for those);
// campaign, partner, referral (outreach: orders, and the line of a partner); inquiry, inquirythread (questions to colleagues, what one knows, cards; words
// in the thread of a question); activity, activityday, activityplace, counts, durations, themes (an activity);
// orders (words that begin one), report (orders about activities, the months of a figure).
//
// Nothing is guessed in silence: what is doubtful comes back as Ask with choices, as Ambiguous, as several results, or as an error whose
// text is a French sentence for the person who wrote. Errors and Why never hold a name or a number.
//
// How well it understands is measured on held-out lines by `make eval`; no line of the field was to be had. See docs/comprendre.md.
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
	Abonnement    Intent = "abonnement"     // RAPPEL and a commune: wants to be told of the permanences there
	FinAbonnement Intent = "fin_abonnement" // no longer
	Retour        Intent = "retour"         // RETOUR: wants the date back that she changed
	Stop          Intent = "stop"
	Objection     Intent = "objection" // wants no more messages, in free words: pause and ask, never act
	Reprise       Intent = "reprise"
	Urgence       Intent = "urgence"
	Langue        Intent = "langue"
	ParTelegram   Intent = "par_telegram" // TELEGRAM: wants to be written to there
	ParSMS        Intent = "par_sms"      // SMS: wants to be written to on the telephone
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
	Prescription Intent = "prescription"  // a partner refers somebody: see ReadReferral
)

// The intents of professionals, beside Annuler, Oui, Non, Choix, Aide, Bonjour, Merci and Inconnu.
const (
	NouveauRdv  Intent = "nouveau_rdv"
	DeplacerRdv Intent = "deplacer_rdv"
	MesRdv      Intent = "mes_rdv"
	Retablir    Intent = "retablir"   // takes the last act back
	Reglages    Intent = "reglages"   // wants to change what suits her: quiet hours, the morning's summary, leave
	Formulaire  Intent = "formulaire" // wants the form of what is being asked
	// ReprendreFormulaire wants to go on with the form that was begun.
	ReprendreFormulaire Intent = "reprendre_formulaire"
	Repondre            Intent = "repondre" // wants words sent to a person: see ReadOutgoing

	Question     Intent = "question"     // asks the colleagues
	Ressource    Intent = "ressource"    // looks for a document
	Activite     Intent = "activite"     // reports an activity, or corrects one
	Absence      Intent = "absence"      // is away
	Diffuser     Intent = "diffuser"     // wants something announced
	Statistiques Intent = "statistiques" // wants figures
	Relancer     Intent = "relancer"     // wants the silent reminded

	Orienter Intent = "orienter" // wants to direct somebody to a place: see ReadDirected
	Presence Intent = "presence" // whether somebody came to her appointment: see ReadAttendance

	NouvellePermanence Intent = "nouvelle_permanence" // declares when and where she is found: see ReadSchedule
	MesPermanences     Intent = "mes_permanences"
	AnnulerPermanence  Intent = "annuler_permanence"  // one day of it
	DeplacerPermanence Intent = "deplacer_permanence" // one day of it
	ArreterPermanence  Intent = "arreter_permanence"  // for good
	Affiche            Intent = "affiche"             // wants its poster

	MonCalendrier     Intent = "mon_calendrier"     // wants the link of her calendar
	NouveauCalendrier Intent = "nouveau_calendrier" // wants another link, and the old ones dead
	Mandat            Intent = "mandat"             // notes a mandat Aidants Connect: see ReadMandate
	MesMandats        Intent = "mes_mandats"
	FinMandat         Intent = "fin_mandat"
	Territoire        Intent = "territoire" // where there is no permanence: see ReadReach

	NouvelleRencontre Intent = "nouvelle_rencontre" // announces a café-visio, a webinaire, a workshop: see ReadGathering
	MesRencontres     Intent = "mes_rencontres"
	ChangerRencontre  Intent = "changer_rencontre"
	AnnulerRencontre  Intent = "annuler_rencontre" // one date of it
	ArreterRencontre  Intent = "arreter_rencontre" // for good
	Inscription       Intent = "inscription"       // comes to a gathering
	Desistement       Intent = "desistement"       // does not, or no more
	Inscrits          Intent = "inscrits"          // wants to know who comes
	InviterRencontre  Intent = "inviter_rencontre" // has a person invited by SMS, or a colleague
	Presents          Intent = "presents"          // says who came: see ReadCame

	// Orders about campaigns: see ReadCampaign.
	NouvelleCampagne  Intent = "nouvelle_campagne" // asks how one is begun
	MesCampagnes      Intent = "mes_campagnes"
	MaCampagne        Intent = "ma_campagne"       // how one stands
	CorrigerCampagne  Intent = "corriger_campagne" // wants its form again
	EssayerCampagne   Intent = "essayer_campagne"  // wants its texts on a phone of her own
	DemarrerCampagne  Intent = "demarrer_campagne" // for as many people as she says
	PauseCampagne     Intent = "pause_campagne"
	ReprendreCampagne Intent = "reprendre_campagne" // after a pause
	AnnulerCampagne   Intent = "annuler_campagne"
	MesAppels         Intent = "mes_appels" // who is to be called
	Appel             Intent = "appel"      // the number of one of them, or what came of the call
	Diffusion         Intent = "diffusion"  // wants to write to usagers: those of a commune, of a permanence

	// Orders about partners and about who was referred: see ReadPartner.
	NouveauPrescripteur Intent = "nouveau_prescripteur"
	MesPrescripteurs    Intent = "mes_prescripteurs"
	RetirerPrescripteur Intent = "retirer_prescripteur"
	MesPrescriptions    Intent = "mes_prescriptions" // who was referred, and waits for a yes
	Inviter             Intent = "inviter"
	Refuser             Intent = "refuser"

	// Orders about questions to colleagues, and about the cards that answers became: see ReadInquiry.
	MesQuestions     Intent = "mes_questions"
	JeReponds        Intent = "je_reponds"     // will answer
	PasMoi           Intent = "pas_moi"        // will not
	PasMaintenant    Intent = "pas_maintenant" // nor any other before a moment, else today
	AutreCollegue    Intent = "autre_collegue" // names who might
	CaRepond         Intent = "ca_repond"      // an answer is the right one
	NeRepondPas      Intent = "ne_repond_pas"
	TelleQuelle      Intent = "telle_quelle" // a text stays as it is
	PourquoiEux      Intent = "pourquoi_eux" // why these colleagues
	RetirerQuestion  Intent = "retirer_question"
	RelancerQuestion Intent = "relancer_question" // wants more colleagues asked
	BilanQuestions   Intent = "bilan_questions"
	MesThemes        Intent = "mes_themes" // what she is thought to know
	JeConnais        Intent = "je_connais"
	JeNeConnaisPlus  Intent = "je_ne_connais_plus"
	PasSur           Intent = "pas_sur" // wants no questions about a theme
	DeNouveauSur     Intent = "de_nouveau_sur"
	OublierThemes    Intent = "oublier_themes" // what her answers showed is to be forgotten
	PlusDeQuestions  Intent = "plus_de_questions"
	DesQuestions     Intent = "des_questions"
	Entraide         Intent = "entraide" // wants the form of when and how often she may be asked
	Fiches           Intent = "fiches"   // looks for cards, or wants one
	MesFiches        Intent = "mes_fiches"
	CorrigerFiche    Intent = "corriger_fiche"
	SignalerFiche    Intent = "signaler_fiche" // a reader says that something is wrong with a card
	RetirerFiche     Intent = "retirer_fiche"
	FicheVraie       Intent = "fiche_vraie" // what a card says still holds
	ExporterFiches   Intent = "exporter_fiches"

	// Orders about activity reports, beside Activite and Statistiques: see ReadReport.
	ActiviteEncore      Intent = "activite_encore"   // the same as the last one
	ActiviteSuivante    Intent = "activite_suivante" // another one of the same day and place
	PersonneVenu        Intent = "personne_venu"     // there is nothing to note: nobody came
	MesActivites        Intent = "mes_activites"
	CorrigerActivite    Intent = "corriger_activite"
	RetirerActivite     Intent = "retirer_activite"
	ExporterActivites   Intent = "exporter_activites"
	ActivitesManquantes Intent = "activites_manquantes" // which colleagues held a permanence and noted nothing
	BilanTerritoire     Intent = "bilan_territoire"     // wants the figures of her territories
	MessagesEchoues     Intent = "messages_echoues"     // which messages did not arrive
	PlusDeRappels       Intent = "plus_de_rappels"      // wants no more reminders of noting what she did
	DesRappels          Intent = "des_rappels"
)

// Context is what the reader may know of the exchange.
type Context struct {
	Pro     bool     // a professional writes
	Open    string   // the open question: one of OpenQuestions ("rdv": will you come?), "choix", "partie" (of what is being booked); "" none
	Choices int      // how many numbered choices the open question has
	Never   []Intent // what cannot be meant in the present state
	// Languages are those that an usager may ask for: a word of one alone does; nil: none.
	Languages Languages
}

// Decision is what a reading is good for.
type Decision string

// The decisions.
const (
	Act    Decision = "act"    // sure enough to do it, with an echo
	Ask    Decision = "ask"    // offer Intent and Others as choices
	Reject Decision = "reject" // show what can be said, and let a person read it
)

// Reading is what a text was understood as.
type Reading struct {
	Intent     Intent
	Confidence float64 // 0 to 1
	Decision   Decision
	Others     [2]Intent // of Ask: the next likely intents; "" none
	Choice     int       // of Choix: 1 to Context.Choices; -1 for "les deux", "tous"
	Urgent     bool      // distress was found: the emergency numbers and an alert are added to the intent, never put in its place
	Distress   bool      // the text is about distress: Intent is Urgence, or what else it surely says
	Worrying   bool      // distress is suspected, or found: a person should read it soon
	Why        string    // the route taken, for people who ask: "mot exact", "lexique détresse", "règle annuler"
}

// Reader understands texts. Implementations are safe for concurrent use and keep nothing of what they read.
type Reader interface {
	// Read looks at the first 2,000 characters of a text, as do dates, phones and the Gazetteer.
	Read(text string, c Context) Reading
}
