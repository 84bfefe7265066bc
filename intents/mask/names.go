package mask

import (
	_ "embed"
	"strings"
	"sync"

	"passeur/intents/french"
)

// The words by which the guard knows a person from a thing, folded. Those that Text goes by as well stand in mask.go and words.go.

var (
	//go:embed data/prenoms.txt
	firstNamesTable string
	//go:embed data/noms.txt
	surnamesTable string
	//go:embed data/marques.txt
	brandsTable string
	//go:embed data/publics.txt
	publicTable string
)

var (
	moreFirstNames = sync.OnceValue(func() map[string]bool { return french.ReadWords(firstNamesTable) })
	moreSurnames   = sync.OnceValue(func() map[string]bool { return french.ReadWords(surnamesTable) })
	brandWords     = sync.OnceValue(func() map[string]bool { return french.ReadWords(brandsTable) })
)

// public are the names of people whom everybody knows, and of firms that bear a person's name, by their first word.
var public = sync.OnceValue(func() map[string][][]string {
	m := map[string][][]string{}
	for line := range strings.Lines(publicTable) {
		if strings.HasPrefix(line, "#") {
			continue
		}
		for name := range strings.SplitSeq(line, ",") {
			if words := strings.Fields(name); len(words) > 1 {
				m[words[0]] = append(m[words[0]], words)
			}
		}
	}
	return m
})

// alsoWords are first names that are also everyday words, places or feasts: alone they are no person's without a sign beside them.
var alsoWords = french.WordSet(`aime aimee ambre anis avril blanche capucine celeste clemence constance constant desire desiree fidele fleur
	flore florentine germinal hermine honore hyacinthe iris ion jean juste marin marine martial melodie modeste myrtille noel octave olympe
	ondine pervenche philippine prune prudence romane rosa said thi toussaint urbain valery violeta colombe claire cesar benoit eve eden ali
	aida lana safari alma sol`)

// plainNames are first names among the homonyms of mask.go that are one without doubt when they have a capital.
var plainNames = french.WordSet("colette madeleine marguerite romain")

// alsoPlaces are first names that are also places: what stands before places says nothing of them.
var alsoPlaces = french.WordSet("florence nancy lorraine lourdes victoria sofia jordan sydney madison savannah santiago israel virginie carmen")

// smallWords are first names that are another word in small letters: a verb behind them says nothing.
var smallWords = french.WordSet("marie guy adam tom charles lise max andrea noa thea mia ilan amal nour")

// firstParts make a longer first name of the one behind them, with a hyphen or without: "jean claude".
var firstParts = french.WordSet("jean marie anne pierre")

// secondParts go on with a first name behind a hyphen, though they are none alone: "Jean-Loup", "Anne-So".
var secondParts = french.WordSet("jo lou so line loup claire ange france reine lise pier paule noelle laure lyne flore yves do")

// farParticles begin a name in small letters too: "mme da silva", "mr o'brien".
var farParticles = french.WordSet("van von der den ben bent el al da di dos das do mac mc o n abu abou ould dit")

// nameParticles stand within a name, or begin it.
var nameParticles = french.WordSet("de d du des la le les l van von der den ben bent el al da di dos das do mac mc o n abu abou ould")

// moreTitles stand before names like titles, but only a capital or a usual name behind them is one.
var moreTitles = french.WordSet("famille mesdames messieurs mmes mlles veuve epouse nee maitre")

// familyOf are what "famille" goes on with, so that no name follows it: "portail famille Arpège".
var familyOf = french.WordSet("portail espace quotient livret point carte pass tarif maison forfait pack offre kiosque service")

// offices are who somebody is by office: "Madame la maire", "Monsieur le Préfet".
var offices = french.WordSet(`maire mairesse adjoint adjointe prefet prefete president presidente directeur
	directrice ministre depute deputee senateur senatrice juge procureur procureure proviseur proviseure principal principale recteur rectrice
	inspecteur inspectrice conseiller conseillere secretaire tresorier tresoriere notaire huissier commissaire chef cheffe responsable referent
	referente coordinateur coordinatrice animateur animatrice mediateur mediatrice facteur factrice curateur curatrice tuteur tutrice avocat
	avocate comptable assistant assistante agent professeur professeure proprietaire gardien gardienne concierge bailleur delegue deleguee trio
	tout monde untel unetelle machin machine chose truc bidule lambda xx xxx xxxx`)

// roles are who a person is to the one who writes, or to another: a name may stand behind them.
var roles = french.WordSet(`usager usagere beneficiaire allocataire patient patiente client cliente adherent adherente apprenant apprenante
	stagiaire eleve locataire retraite retraitee resident residente dame demandeur demandeuse jeune papi mamie papy mari femme fils fille mere
	pere frere soeur compagnon compagne conjoint conjointe epoux maman papa tante oncle tata tonton neveu niece cousin cousine voisin voisine
	ami amie copain copine gendre bru filleul filleule marraine parrain bebe enfant ado gamin gamine prenomme prenommee
	nomme nommee denomme denommee appele appelee`)

// personWords are a person of whom a name is told: "elle s'appelle".
var personWords = french.WordSet("elle il je qui petite petit garcon gars personne homme bonhomme celle celui lui")

// thingNouns are things that may have a name: "le logiciel ? Il s'appelle Scratch".
var thingNouns = french.WordSet(`logiciel logiciels site sites application appli applis applications programme service services outil outils
	plateforme jeu fichier dossier reseau box wifi imprimante tablette robot ia portail page bouton menu onglet rubrique formulaire systeme
	extension navigateur moteur virus arnaque chien chat ville commune village asso association structure dispositif label kit atelier`)

// calledWords are forms of "s'appeler" with which a name is told.
var calledWords = french.WordSet("appelle appel apelle apel appele nomme")

// nameNouns say that a name follows, over nameJoins; behind nameBars they say something else: "au nom".
var (
	nameNouns = french.WordSet("nom prenom noms prenoms")
	nameJoins = french.WordSet(": = est c famille usage naissance jeune fille de d marital patronymique complet ( ) et")
	nameBars  = french.WordSet("sans aucun quel autre meme sous")
)

// determiners before a title say that no name follows in small letters: "un monsieur perdu".
var (
	determiners = french.WordSet(`un une la le ce cet cette ces des les deux ma mon sa son l quelle quel chaque certain certaine jeune vieux
		vieille petit petite`)
	smallAdjectives = french.WordSet("jeune vieux vieille petit petite brave gentil gentille pauvre bon bonne gros")
)

// articles before a first name that is also something else make that of it: "la Lorraine".
var articles = french.WordSet("le la l les un une des cette ce en au aux du")

// clauseWords begin a clause: what follows a title there may be its verb.
var clauseWords = french.WordSet(`et mais car donc que qu quand si alors puis comme ou parce bonjour bonsoir salut merci oui non ok voila
	sinon pourquoi comment`)

// actingWords are verbs, and what stands before verbs, whose subject is a person.
var actingWords = french.WordSet(`a n ne est s se sest etait sera va vas veut voulait voudrait voudra souhaite souhaiterait souhaitait peut
	pouvait pourra pourrait doit devait devra vient venait viendra reviendra revient vit vivait habite habitait touche touchait recoit recevait
	dit disait demande demandait avait aura aurait sait savait attend attendait arrive arrivait arrivera passe passera passait refuse perd
	aimerait appelle rappelle rappellera appellera m y cherche possede utilise utilisait comprend comprenait oublie pense croit hesite
	prefere insiste part partira repasse pleure tient annule confirme prend prendra fait faisait met envoie paie paye paiera declare bosse
	travaille dort loge galere panique rouspete jai`)

// livingWords are said of people alone, not of what answers and writes like them.
var livingWords = french.WordSet(`habite habitait vit vivait loge touche touchait perdu recu oublie demenage divorce divorcee venu venue
	reviendra viendra repasse malade hospitalise hospitalisee veuf veuve retraite retraitee inscrit inscrite achete casse vole marie mariee
	decede decedee ne nee souhaite souhaiterait voudrait aimerait pleure confirme annule`)

// noteSigns follow a name in a note: "mme benali : caf", "mme benali mardi".
var noteSigns = french.WordSet(`elle il qui : , ( / - – ; . ? ! et rdv tel lundi mardi mercredi jeudi vendredi samedi dimanche demain hier
	pour du le a`)

// personSigns stand before people.
var personSigns = french.WordSet(`avec avc chez pour pr de d voir vu vue aide aidee aider recu recue recevoir rappeler rappelle rappelez
	appeler appele contacter contacte prevenir previens dossier rdv dit demande merci bonjour bjr bonsoir salut coucou cher chere hello que qu
	accompagne accompagner inscrire inscris note rencontre rencontrer par sans comme contre envers et usager usagere a`)

// looseSigns are those of them that also stand before places: "à Bari".
var looseSigns = french.WordSet("a de d par sans et que qu comme contre envers")

// placeNouns make a place, a house or a thing of the name behind them: "collège Jean Moulin".
var placeNouns = french.WordSet(`rue rues avenue bd boulevard place placette square impasse allee allees quai pont cours chemin route voie
	passage faubourg esplanade college lycee ecole ecoles maternelle elementaire primaire scolaire salle salles espace mediatheque
	bibliotheque ludotheque centre maison hopital clinique chu chru polyclinique fondation institut stade gymnase piscine complexe station arret
	gare metro eglise chapelle cathedrale theatre cinema residence ehpad foyer universite fac faculte campus tour batiment bat cite quartier
	parc jardin musee prix loi rapport plan plateforme association asso collectif boulangerie restaurant bar hotel garage cabinet pharmacie
	magasin boutique marque enseigne groupe laboratoire labo festival collection auditorium amphi amphitheatre ile port fort cap mont lac col
	val agence societe entreprise librairie label projet programme operation dispositif tempete ouragan cyclone camp cimetiere barrage immeuble
	domaine villa chateau manoir zac zone tram ligne bus navire ferry creche internat annexe antenne pole affaire
	procedure methode echelle algorithme langage theoreme plage anse baie caserne base bateau ferme moulin
	fablab cyber epn mjc ccas cms csc robot ia assistant chatbot saint`)

// placeAdjectives stand between such a word and the name.
var placeAdjectives = french.WordSet(`polyvalent polyvalente municipal municipale communal communale intercommunal intercommunale public
	publique prive privee departemental departementale regional regionale national nationale autonomie social sociale culturel culturelle
	associatif associative numerique professionnel professionnelle general generale technique technologique agricole hospitalier hospitaliere
	universitaire sportif sportive nautique omnisports scolaire sante retraite fetes petite grande ancien ancienne nouvelle nouveau`)

// ranks stand between such a word and the name too: "rue du Général Leclerc".
var ranks = french.WordSet(`docteur dr general marechal president professeur abbe pere soeur colonel capitaine commandant cardinal
	monseigneur saint sainte st ste maitre sergent lieutenant amiral m mme monsieur madame`)

// nationEndings are how names of peoples end, which some write with a capital: "une dame Sénégalaise".
var nationEndings = []string{"ais", "aise", "aises", "ois", "oise", "ien", "ienne", "iens", "ain", "aine", "ains", "ine", "esque", "iane", "aque"}

// wordEndings are how verbs, adverbs and adjectives end which might stand behind a title.
var wordEndings = []string{"ait", "aient", "erait", "era", "ira", "eront", "ement", "amment", "emment", "tion", "ez", "ique", "able", "ible",
	"euse", "eux", "ive", "onnel", "onnelle", "isee", "isant", "issait"}

// sentenceEnds and pauses stand before a word whose capital says nothing.
var (
	sentenceEnds = french.WordSet(". ! ? … ;")
	pauses       = french.WordSet(": • * – — > | # \" « ( [")
)

// numberWords say that a number follows, numberJoinings may stand between them and it.
var (
	numberWords    = french.WordSet("numero numeros no num n nr ° º matricule identifiant")
	numberJoinings = french.WordSet(`: = est c de du des d la le l les mon ma mes son sa ses leur notre votre un une et caf cpam msa ft france
		travail pole emploi fiscal fiscale ameli personnel provisoire definitif complet usager usagere monsieur madame mme mr m elle lui au a pour
		nationale national francais europeen bancaire ( ) - , suivant conduire demande logement mdph surendettement retraite mutuelle`)
)

// ownNumbers are what a number belongs to that leads to one person.
var ownNumbers = french.WordSet(`allocataire allocataires matricule fiscal fiscale identifiant agdref etranger passeport cni identite sejour
	rib bancaire demandeur adherent adherente adhesion patient client cliente contrat dossier permis unique ine acces francetravail caf cotisant
	assure assuree telepaiement`)

// countedThings have numbers of nine or ten digits that are no telephone's.
var countedThings = french.WordSet(`siren siret reference ref facture commande colis suivi ticket version serie imei cerfa formulaire
	article recommande dossier rna finess`)

// mailServices are words of the addresses of services, publicServices those by which even an address with a private mail house is one.
var (
	mailServices = french.WordSet(`contact contacts info infos support noreply reply nepasrepondre repondre accueil secretariat service
		services aide assistance dpo rgpd presse bonjour hello communication inscription inscriptions reservation commande commandes facturation
		compta comptabilite administration admin webmaster postmaster abuse newsletter signalement rh recrutement emploi formation numerique
		mediation inclusion coop equipe client clients sav helpdesk demarches usagers courrier technique direction paie etatcivil urbanisme
		conseiller conseillers conseillernumerique poste mairie commune ville ccas cias prefecture caf cpam msa ants anef impots ameli urssaf dgfip
		ddfip franceservices mediatheque bibliotheque ecole college lycee epn association asso rdv passeur
		securite phishing spam help ticket tickets`)
	publicServices = french.WordSet(`mairie commune ville ccas cias mediatheque bibliotheque ecole college lycee franceservices prefecture
		association asso epn`)
	exampleWords = french.WordSet(`prenom nom votre vos ton mon son adresse mail email exemple example xxx xx x xxxx identifiant pseudo
		nomdefamille prenomnom test toto machin utilisateur user quelquun quelqu nomprenom initiale anneedenaissance`)
)

// privateHouses are the words of the mail houses in which people have their own address.
var privateHouses = sync.OnceValue(func() map[string]bool { return french.WordSet(strings.ReplaceAll(mailHouses, "|", " ")) })
