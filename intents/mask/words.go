package mask

import (
	"strings"

	"passeur/intents/french"
)

// The words that masking goes by, folded.

var (
	// nameWords announce a name whatever it is: "je m'appelle belle".
	nameWords = french.WordSet(`jmappelle mappelle mapelle mappel mapel mapele jmapel jmapelle prenom signe nom`)
	namePairs = pairsOf("m appelle, m appel, m apelle, m apel, m appele, s appelle, s appel, me nomme, se nomme, nom est, nom c, prenom est, prenom c, de famille")

	// familyWords announce a name unless an everyday word follows that nobody is called by: "famille groult", "les enfants de la famille nombreuse".
	familyWords = french.WordSet("famille maitre epouse veuve sociale social")
	familyPairs = pairsOf("le fils, la fille, chez les")

	// selfWords announce a name unless an everyday word follows: "c'est rose", "ici dupont".
	selfWords = french.WordSet("cest jsuis chui chuis ici c chez")
	selfPairs = pairsOf("je suis, c est, est pour, demandez a, demander a, demande a, parler a, parle a, dites a, dire a, voir avec, vu avec, rdv avec")

	// foreignParticles begin a name behind what announces one.
	foreignParticles = french.WordSet("van von der den ter ben bin bint el al abu abou da di dos della mac mc o")

	// lastNameParticles stand within a name.
	lastNameParticles = french.WordSet("de d du des la le les l van von der den ben el al da di dos")
)

// plainWords are never a name, even behind what announces one.
var plainWords = french.WordSet(`malade malades la bon bonne retraite retraitee en pas plus trop tres tout toute tous toutes souvent jamais toujours encore deja demain hier ce cette
	libre fini finie regle reglee long longue tombe tombee preneur preneuse surtout bete rare repasse repassee sacre delicat jouable cuit gare garee justement
	vegetarien vegetarienne virgule propre debloque debloquee infernal descendu lu age agee mineur mineure majeur majeure termine terminee safe senti sentie attendu
	attendue arrange arrangee rendormi rendormie cense censee chaud chaude plat leve levee majore reveille reveillee cache cachee absent absente range rangee
	grand grande petit petite litteralement deborde debordee considere consideree verse vexant debout inhumain doux reparti repartie oblige obligee redescendu brule brulee
	gratos tordu tordue chelou permanent flatte flattee retourne retournee ne nee gardien gardienne insupportable cruel cruelle tetu tetue fort forte content contente
	pret prete perdu perdue bloque bloquee oublie oubliee faux fausse change changee expire expiree perime perimee marche fonctionne refuse refusee passe valide invalide
	desole desolee seul seule veuf veuve marie mariee divorce divorcee separe separee hospitalise hospitalisee coince coincee occupe occupee dispo disponible
	impossible possible urgent important grave nul super parfait gentil gentille note notee annule annulee reporte reportee ferme fermee ouvert ouverte complet
	quoi qui quand comment combien pourquoi comme parti partie arrive arrivee venu venue revenu revenue la-bas dehors dedans devant derriere loin pres
	enregistre enregistree voit vient veut peut doit dit gueri guerie inscrit inscrite`)

// spellSigns stand between letters, linkSigns between the parts of a name.
var (
	spellSigns = french.WordSet("- . ,")
	linkSigns  = french.WordSet("- . / _ +")
)

// spokenNumbers are numbers in words.
var spokenNumbers = french.WordSet(`zero un une deux trois quatre cinq six sept huit neuf dix onze douze treize quatorze quinze seize vingt vingts trente quarante cinquante soixante
	septante huitante octante nonante cent cents mille`)

// numberJoins stand between number words: in dates, in "vingt et un".
var numberJoins = french.WordSet("- . , / et janvier fevrier mars avril mai juin juillet aout septembre octobre novembre decembre")

// streetWords announce an address; a lieu-dit does as well.
var streetWords = french.WordSet("rue rues avenue impasse residence lotissement batiment allee allees boulevard bd hameau square")

// streetStops are words that no street is called by.
var streetStops = french.WordSet(`a au aux est sont et etait je j tu il elle on nous vous ils elles c ca ce cet cette ces mon ma mes ton ta son sa ses qui que qu mais ou donc car pour par
	avec sans sur dans depuis pendant demain hier aujourd ici pas ne n y en si quand comment svp stp merci bonjour bonsoir barree fermee ferme chez rdv`)

// secretWords announce a code.
var (
	secretWords = french.WordSet("passe mdp code codes identifiant identifiants plaque")
	secretTells = french.WordSet(": = est sont etait")
	secretJoins = french.WordSet(": = est sont etait c ce s le la les l mon ma mes de du d un une ma acces wifi postal secret confidentiel immatriculation")
)

// commonCodes are everyday words that many take for a password.
var commonCodes = french.WordSet("azerty qwerty soleil doudou chouchou loulou bonjour password marseille chocolat princesse amour jetaime")

// secretTopics are what people say of codes, and what the codes are for.
var secretTopics = french.WordSet(`facebook gmail mail mails email messagerie boite ordi ordinateur banque compte session windows impots ameli caf cpam franceconnect france connect internet
	box livebox freebox telephone carte bancaire sim puk pin secu site appli application espace reinitialiser reinitialise changer changement demande demander recu
	recevoir verification validation securite grise cession sms message erreur incorrect incorrecte bon mauvais nouveau ancien provisoire`)

// pairsOf are pairs of words, separated by commas.
func pairsOf(table string) map[string]bool {
	pairs := map[string]bool{}
	for pair := range strings.SplitSeq(table, ", ") {
		pairs[pair] = true
	}
	return pairs
}
