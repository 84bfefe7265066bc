package intents

// usagerRules are what usagers write, one pattern a line (see pattern for the notation). The groups stand in order of
// precedence among equals.
var usagerRules = []ruleGroup{
	{ErreurNumero, `
		mauvais/faux numero
		erreur numero
		trompez/trompe/trompé .. numero
		pas numero m/mr/mme/monsieur/madame
		suis pas m/mr/mme/monsieur/madame
		pas numero ..  mme/monsieur/m/madame
		pas .. ici $
		~pas/plus numero
		vous trompe* .. personne`},
	{Effacement, `
		rgpd
		efface toutes infos/donnees/informations
		efface donnees/infos/informations/tout/compte/moi
		supprime donnees/infos/informations/compte
		supprime .. compte/donnees/infos/informations
		fermer/ferme/cloturer compte
		droit acces/oubli
		droit a acces/oubli
		c est confidentiel*
		qui/quoi .. acces .. dossier/donnees/infos/informations
		faites donnees/infos/informations
		fait/faire .. donnees/infos
		gardez/garde/conservez/stockez .. informations/donnees/infos
		donnees/infos vont/restent
		donnees personnelles
		~donnees`},
	{Reprise, `
		reinscri*
		reabonn*
		reactiv*
		re recevoir
		nouveau recevoir
		remettez/remet/remets moi rappels
		remettez/remet/remets moi rappelle/message
		remettez/remet/remets .. rappelle/message/sms/notifications
		stop .. erreur
		erreur .. stop
		trompe/trompé .. stop
		stop par erreur
		reprendre/reprenez .. message/rappelle/envoie
		^ reprise/reprendre/start`},
	{Objection, `
		arrete .. envoie/message/ecrire/ecrivez/harceler/menvoyer/spam/contacter/embeter/rappelle
		arrete message
		^ arrete $
		spam arrete
		demande arrete
		rien demande .. arrete/stop
		rien demande $
		plus/pas recevoir
		plus/pas rien recevoir
		ecri* plus
		ecrivez plus
		m ecrivez plus
		veux plus .. message
		plus .. message $
		plus message
		veux plus .. message/rappelle/sms
		plus envoie/ecrire/ecrivez/contacter
		plus m envoie/ecrire/ecrivez/contacter
		pas m envoie/ecrire/contacter
		cesse*
		desinscri*
		desabon*
		unsubscribe
		laisse*  moi tranquille
		laisse*  moi paix
		fou* .. paix
		lache* moi
		retire*/enlev*/supprime/enleve .. liste/listes/fichier/fichiers
		retire*/enlev*/supprime numero
		spam
		~stop`},
	{Langue, `
		pas parle/parler/comprend/comprends/comprendre .. francais
		parle/parlez pas .. francais
		parle* pas francais
		en anglais/arabe/espagnol/portugais/turc/russe/ukrainien/italien/allemand/roumain/somali/pashto/dari/farsi/kurde/chinois/tamoul/bambara/peul/soninke/comorien/creole/albanais/georgien/polonais/english/espanol
		^ anglais/arabe/espagnol/portugais/turc/russe/ukrainien/italien/allemand/roumain/english/espanol/turkce/turkish/arabic
		english please/pls
		parle*/parlez anglais/arabe/espagnol/portugais/turc/russe/ukrainien
		speak
		hablas/habla/hablo
		por favor
		deutsch/sprechen
		traduct*/traduire/traduis*
		interprete
		autre/change langue
		langue arabe/anglaise/turque`},
	{Insulte, `
		@grossier
		bande nuls/incapables/voleurs/cons
		servez a rien
		servir/sert a rien vous
		vous servez rien
		va te faire
		allez vous faire
		allez tous faire
		allez tous vous faire
		ferme gueule
		^ ferme $
		fils pute`},
	{Retard, `
		retard
		j arrive ..  minutes/heure/quart/h
		j arrive dans
		j arrive $
		suis dans .. minutes
		la dans .. minutes
		^ j arrive $
		attend*  moi
		en route
		en chemin
		bouchon*
		embouteillage*
		coince*
		bloque* sur route
		cherche place
		cherche .. parking
		trouve pas .. entree
		suis devant .. ferme`},
	{Reporter, `
		autre jour/date/horaire/heure/creneau/moment/fois/semaine
		^ change $
		^ changé $
		change .. rdv/jour/date/heure/horaire/creneau
		peut/peux/possible/voudrais/veux/souhaite/faut change
		rdv change
		deplace rdv
		peux deplace
		deplace a/pour
		decale
		reporte
		decale rdv
		reporte rdv
		decale .. rdv
		reporte .. rdv
		modif* .. rdv
		remettre/remet/remets .. tard/rdv/autre
		remet ca
		modif* .. rdv/date/heure/horaire
		plus tard/tot
		avancer/avance/retarder .. rdv/heure
		plutot @moment
		@moment plutot
		plutot
		prefer* @moment
		@moment .. prefer*
		~prefer*
		mieux @moment
		a place $
		a place @moment
		@moment a place
		meme heure
		peux change $
		rdv .. meme heure
		deja rdv .. heure
		rate rdv
		rdv rate
		nouveau/nouvel rdv
		@moment non
		pas avant
		pas dispo* avant
		pas semaine
		pas suis la avant
		seulement apres
		~apres 17/18/16/15/14/19
		viens qu apres
		qu apres
		pas matin/soir/aprem
		matin/soir/aprem .. pas
		non semaine
		~semaine prochaine/pro`},
	{Annuler, `
		peux pas/plus viens
		dois garder
		garde* .. fils/fille/petit/enfants
		pas temps
		autre chose
		impossibilite
		laisse* tomber
		pas compte* sur
		compte* pas sur
		pense* pas viens
		pas pouvoir
		peux pas/plus .. viens
		pas/plus pouvoir viens
		pas/plus peux viens
		viens pas
		viens plus
		pas viens
		serai pas
		serai absent
		peux pas etre
		pas peux .. etre/present/presente/honorer/deplace
		pas honorer
		peux .. pas viens/etre
		peux pas .. presente/present
		pas dispo*
		pas disponible
		plus dispo*
		absent
		annule rdv
		annule .. rdv
		annule
		supprime rdv
		enlev* rdv
		retire* .. planning/rdv
		impossible
		pas possible
		empeche
		malade
		hospitalis*
		hopital
		suis/j travaille
		je travaille
		rdv travaille
		j ai oublie rdv
		oublie rdv
		avais oublie
		voiture .. panne
		voiture pas demarre
		voiture .. demarre
		demarre pas
		panne voiture
		pas voiture/bus/transport/transports
		bus passe pas
		neige
		verglac*
		greve
		plus besoin
		pas besoin .. rdv
		plus/pas peine
		trouve quelqu
		trouve aide
		voisin .. aide
		neveu/fils/fille/voisin/voisine/soeur/frere .. fait .. besoin
		interesse pas
		pas interesse
		m interesse pas
		me deplace pas
		peux pas .. deplace
		~peux pas
		^ peux pas $
		je peux pas $
		pas venue
		c est regle
		suis en formation
		deces/enterrement/obseques`},
	{Humain, `
		parle*/parlé .. humain/personne/quelqu/conseiller/dame/madame/monsieur/voix/vraie
		parle* a
		appelle moi
		rappelle moi
		rappelle svp
		me/m rappelle/appelle
		etre rappelle
		vous .. m appelle
		peux m appelle
		au telephone
		avoir telephone
		sms telephone $
		moi telephone
		message telephone
		message appelle
		quel numero
		quel .. numero telephone
		numero telephone
		^ numero svp
		^ numero $
		vraie personne
		humain
		^ conseiller svp
		^ conseiller $
		veux conseiller
		passez moi
		passe moi
		personne repond/reponds
		appelle .. repond*
		vive voix
		vous contact*
		comment .. contact*/joindre
		joindre quelqu/conseiller/vous
		trop complique .. sms/message`},
	{Identite, `
		qui est
		qui etes vous
		^ c est qui $
		^ c qui $
		c est qui
		c qui
		vous etes qui
		vous etes ki
		connais pas
		vous connais pas
		on se connais
		^ c est .. arnaque
		c .. arnaque
		arnaque ?
		^ arnaque
		pas arnaque
		pourquoi message
		pourquoi vous .. ecri*/ecrivez/contactez
		pourquoi .. message
		c pourquoi/pour quoi .. message
		pour quoi message
		robot
		robot ou
		parle a robot
		t robot
		comment vous .. numero
		comment .. eu .. numero
		d ou .. numero
		ou vous .. numero
		avez numero
		quel organisme
		qui vous etes
		vous presenter
		quoi conseiller numerique
		sert conseiller numerique
		etes qui`},
	{MonRdv, `
		quand rdv
		quel rdv
		rdv quand
		rdv c quand
		quel jour/heure/heur .. rdv
		rdv .. quel jour/heure/heur
		rdv ou
		ou rdv
		c est ou rdv
		^ c ou rdv
		c ou .. rdv
		rdv c ou
		heure .. rdv
		rdv heure
		^ c est ou
		^ c est quand
		a quel heure
		quel heure $
		quel heure deja
		quoi adresse
		c est a mairie/mediatheque ?
		faut .. amene/apporte/amener/apporter
		^ adresse svp
		^ adresse $
		quel est adresse
		redonner adresse
		redonne* .. adresse
		oublie heure/date/adresse/jour
		souviens plus
		rappelle pas .. heure/date
		redire .. date/heure/rdv
		rappelle date/heure/lieu
		avec qui .. rdv
		avec qui j
		qui .. rdv ?
		c est avec qui
		vois qui
		dois .. apporter/amener/ramener/prendre/emmener
		doi .. apporter/amener/ramener/prendre/emmener
		faut .. apporter/amener/ramener/emmener
		faut viens avec
		amener quoi
		faut payer
		c est gratuit/payant/long/accessible
		c gratuit/payant/long/accessible
		c est payant
		fauteuil
		rdv dure
		dure combien
		combien temps $
		parking ?
		^ il y a parking
		garer
		peux viens accompagne*
		peux viens avec
		viens avec .. ?
		j ai rdv
		est ce que j ai rdv
		rdv est toujours
		rdv toujours
		rdv toujours bon
		c est mardi/lundi/jeudi/mercredi/vendredi/samedi .. rdv
		c est toujours
		date rdv
		date lieu
		rappelle .. date/lieu
		je prends telephone
		je prends .. telephone/ordinateur/pc/papiers
		amene/jamene/apporte/ramene .. pc/ordinateur/papiers/telephone
		quoi comme papiers`},
	{Permanence, `
		permanence
		prendre/avoir/obtenir/souhaite/souhaiterais/voudrais/voudrai/veux .. rdv
		faut .. rdv
		prendre rdv
		aimerais/aimerai rdv
		ouvert/ouverte quand
		quand .. ouvert/ouverte
		ou est .. conseiller
		prochaine date
		plus proche
		proche @lieu
		pres chez
		pres chez moi
		^ pres
		horaires
		atelier*
		cours informatique
		bus/camion/van .. numerique/passe/quand
		camion passe
		bus passe quand
		quand .. passez/bus/camion
		passez quand
		quand vous viens/passez/revenez/etes
		vous viens quand
		vous etes ou
		etes quel jour
		vous etes a
		vous passez
		revenez quand
		quand revenez
		reviens quand
		mediatheque c quel
		mediatheque quel/quand
		etes a mediatheque/mairie
		quelqu .. mairie/mediatheque
		sans rdv
		viens sans rdv
		ou .. sans rdv
		conseiller numerique ou
		ou bureau
		ou aide
		cherche conseiller
		places atelier`},
	{AideNumerique, `
		aide .. @num
		m aide .. @num/@admin
		plus/pas acces
		aide .. @admin
		@admin .. aide
		@num .. aide
		besoin aide
		besoin .. aide
		coup main
		aide pour/internet
		aide moi
		accompagne* pour
		@admin .. internet/ligne/bloque/site/scanner
		@admin marche/bug pas
		@admin ca bloque
		@num .. marche/bug/bloque
		marche pas/plus
		imprime plus
		connecte/connecter .. compte/internet
		pas/plus a .. connecte*
		arrive pas/plus a
		y arrive pas
		pas y arrive
		y j arrive pas
		mot passe
		mdp
		perdu/oublie .. code/codes/compte/identifiants/passe/mdp
		bloque $
		je bloque
		bug
		sais pas .. servir/utiliser/faire/envoie/comment
		c pas utiliser
		apprendre .. @num
		apprendre .. servir
		debuter
		comment .. scanner/envoie/imprime*/telecharger/doctolib/declar*
		comment prendre rdv .. medecin/docteur/doctolib
		comment faire .. declar*/impots/papiers/dossier
		comment je fais .. papiers
		pas internet
		pas ordinateur/ordi/pc
		pas ordi
		refaire .. carte/passeport/papiers
		renouveler
		creer .. mail/compte/adresse
		adresse mail/email
		installer
		imprimer
		scanner
		cv
		pass numerique
		cheque* numerique/aptic
		actualis* .. situation/france/pole/emploi
		actualis*
		declaration rsa/impots/impot/trimestrielle/caf
		declaration
		inscription cantine/ecole/internet
		inscription .. ligne
		dossier @admin
		dossier .. remplir
		arnaque* internet
		@admin .. arnaque
		on m/ma/a arnaque*
		@admin .. coupe*
		papier/document internet
		fait arnaque*
		m a arnaque
		ma arnaque*
		recu message/mail bizarre
		recu .. mail/message .. caf/banque/ameli/impots
		message ameli/caf/impots .. vrai
		lien bizarre
		clique .. lien
		prime activite
		comprends pas @admin
		@admin .. comprends/comprend
		comprends/comprend pas @num
		connais rien
		tablette/ordinateur/smartphone gratuit*/occasion/cher
		ordinateur pas cher
		famille en video
		parle .. famille
		scanner document
		whatsapp
		pronote
		franceconnect
		france connect
		ameli
		doctolib
		caf .. papier/document/internet`},
	{Confirmer, `
		confirme
		^ compris a @moment
		je viens
		moi viens
		viens oui
		viens @moment
		viens rdv
		ok je viens
		peux viens
		^ je serai $
		je serai @moment
		on sera
		y serai
		je serai inchallah
		serai present*
		serai presente
		sera present*
		present/presente/presents
		compte* .. sur moi
		compte* sur
		c est note
		^ note
		c note
		j ai note
		ok pour/pr
		ok .. rdv
		rdv ok
		rdv confirme
		maintien*/maintenu
		garde rdv
		mere/pere/mari/fille/fils viens
		c est bon
		c bon
		ca marche
		ca me va/convient
		^ parfait
		entendu
		sans faute
		^ a @moment $
		ok a @moment
		@moment oui
		@moment .. c bon`},
	{Merci, `
		merci
		remerci*
		gentil*
		shukran/choukran/gracias/danke/obrigado/thanks/thank`},
	{Bonjour, `
		^ bonjour
		^ bonsoir
		^ salut
		^ coucou
		^ hello
		^ cc
		^ hey
		^ salam
		bonne/bon/bne journee/soiree/annee/week/weekend/fetes/dimanche/vacances/apres/aprem/nuit
		bonnes fetes/vacances
		joyeux noel
		joyeuses fetes
		au revoir
		^ revoir
		a bientot
		^ a $
		^ a +
		vous allez bien
		allez bien
		vous allez
		comment allez vous
		ca va ?
		^ ca va $
		^ rien $
		je vous en prie
		vous en prie
		pas souci
		pas probleme
		derange*/derangement
		pardon derange*
		❤ $
		😊 $
		🙏 $`},
}

// undecidedRules are the words of somebody who does not know yet: they bind nobody.
const undecidedRules = `
		peutetre
		ca depend
		^ depend
		on verra
		^ sais pas
		je sais pas
		je c pas
		jsp
		pas sur/sure
		pas encore
		je vais voir
		j hesite
		je regarde
		vous redis/dirai/redirai/dis
		dois voir
		si j ai
		redis plus tard
		faut que je voie/demande/regarde
		je crois pas
		pas compris
		comprends/comprend pas $`

// ruleGroup is one intent and its patterns.
type ruleGroup struct {
	intent Intent
	lines  string
}
