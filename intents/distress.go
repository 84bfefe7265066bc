package intents

// distressLines are the words that call for help whatever else is said: danger, violence, suicide, hunger, a night without a roof.
// Only strong phrases: "je meurs de rire" and "peur de me tromper" are none. They add an alert; nobody may rely on them.
const distressLines = `
	au secours
	a aide vite
	aidez moi .. danger/urgent
	suis en danger
	me frappe
	m a frappe
	ma frappe
	il/elle frappe moi
	me tape
	me bat
	me cogne
	me menace
	me .. menace
	menace mort
	mari violent
	m a viole/violee/viol
	me viole/violee/viol
	ete viole/violee
	peur pour vie
	veux/vais/envie/voudrais mourir
	vais me tuer
	me tuer
	veux/vais/vouloir disparaitre
	vais me suicid*
	suicid*
	me foutre en air
	en finir
	finir avec vie
	idees noires
	plus envie vivre
	peux plus vie
	peux plus veux
	a quoi bon vivre
	vie plus sens
	vie sert plus
	vie n a plus
	faire betise grave
	faire connerie
	choses graves
	retrouver mort
	adieu tous
	avaler/avale/pris .. cachets
	suis/es/est/sommes/dort/dors/dormir a rue
	dors/dort/dormons/dormir dehors
	a rue soir
	pas ou dormir
	nulle part ou dormir
	plus toit
	expulse/expulser demain
	me fais expulser
	m expulser
	expulser demain
	fais expulser
	huissiers sont
	huissier est
	rien a manger
	plus a manger
	rien mange depuis
	plus rien .. manger
	plus nourriture
	enfants .. faim
	fais malaise
	fait malaise
	fait avc
	crise cardiaque
	respire plus
	respire mal
	tombe/tombee .. repond*
	tombe/tombee .. bouge
	repond plus
	inconscient*
	perd/perds sang
	saigne beaucoup
	fils/fille/enfant/mari/mere a disparu
	appelle police/samu/pompiers
	appelle 15/17/18/112
	mal je pense
	enferme/enfermee/sequestre
	harcele/harcelee/harcelement`
