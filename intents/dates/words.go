package dates

import (
	"strings"
	"time"

	"passeur/intents/french"
)

// weekdayNames and monthNames are as people write them.
var (
	weekdayNames = [7]string{"dimanche", "lundi", "mardi", "mercredi", "jeudi", "vendredi", "samedi"}
	monthNames   = [13]string{"", "janvier", "février", "mars", "avril", "mai", "juin", "juillet", "août", "septembre", "octobre", "novembre", "décembre"}
)

// Weekdays are the days as SMS write them, folded. Days in full are also found with one typo.
var Weekdays = map[string]time.Weekday{
	"lundi": time.Monday, "lun": time.Monday, "lndi": time.Monday, "lundis": time.Monday,
	"mardi": time.Tuesday, "mard": time.Tuesday, "mar": time.Tuesday, "mrdi": time.Tuesday, "mardis": time.Tuesday, "marrdi": time.Tuesday,
	"mercredi": time.Wednesday, "merc": time.Wednesday, "mer": time.Wednesday, "mercr": time.Wednesday, "mercredis": time.Wednesday, "mercedi": time.Wednesday,
	"jeudi": time.Thursday, "jeu": time.Thursday, "jeud": time.Thursday, "lund": time.Monday, "jeudis": time.Thursday, "jedi": time.Thursday,
	"vendredi": time.Friday, "vendr": time.Friday, "vend": time.Friday, "ven": time.Friday, "vendredis": time.Friday,
	"samedi": time.Saturday, "sam": time.Saturday, "samedis": time.Saturday,
	"dimanche": time.Sunday, "dim": time.Sunday, "dimanches": time.Sunday,
	"madi": time.Tuesday, "mardy": time.Tuesday, "ludi": time.Monday, "lundy": time.Monday, "jeudy": time.Thursday, "joudi": time.Thursday, "samd": time.Saturday,
	"mekredi": time.Wednesday, "merkredi": time.Wednesday, "mecredi": time.Wednesday, "mercdi": time.Wednesday, "vandredi": time.Friday, "vendrdi": time.Friday, "vandrdi": time.Friday,
	"monday": time.Monday, "tuesday": time.Tuesday, "wednesday": time.Wednesday, "thursday": time.Thursday, "friday": time.Friday, "saturday": time.Saturday, "sunday": time.Sunday,
}

// longMonths are the months that are also known with one typo.
var longMonths = [...]string{"janvier", "fevrier", "juillet", "septembre", "octobre", "novembre", "decembre"}

// numerals are the numbers that people spell out.
var numerals = map[string]int{
	"un": 1, "une": 1, "premier": 1, "deux": 2, "trois": 3, "quatre": 4, "cinq": 5, "six": 6, "sept": 7, "huit": 8, "neuf": 9,
	"dix": 10, "onze": 11, "douze": 12, "treize": 13, "quatorze": 14, "quinze": 15, "seize": 16, "vingt": 20, "vingts": 20, "trente": 30,
	"quarante": 40, "cinquante": 50, "soixante": 60,
	"diset": 17, "dissete": 17, "disset": 17, "zero": 0, "dizset": 17, "dissept": 17, "dijuit": 18, "dizuit": 18, "disuit": 18, "dizhuit": 18, "dizneuf": 19, "disneuf": 19, "diznef": 19,
}

// streets are what makes the number before them an address, or a part of one.
var streets = map[string]bool{
	"rue": true, "avenue": true, "av": true, "bd": true, "boulevard": true, "place": true, "impasse": true, "chemin": true,
	"allee": true, "allees": true, "route": true, "rte": true, "quai": true, "cours": true, "square": true, "lotissement": true,
	"bis": true, "ter": true, "residence": true, "village": true, "hameau": true, "cite": true, "passage": true, "venelle": true,
}

// Units are what makes the number before them a count.
var Units = map[string]bool{
	"personne": true, "personnes": true, "pers": true, "usager": true, "usagers": true, "minute": true, "minutes": true, "min": true,
	"mn": true, "ans": true, "an": true, "fois": true, "participants": true, "enfants": true, "euros": true, "euro": true, "jours": true,
	"semaines": true, "mois": true, "pieces": true, "places": true, "pour": true, "km": true, "accompagnements": true, "rdv": true,
}

// daySpellings are how people write the words that dates are made of, folded.
var daySpellings = map[string]string{
	"apre": "apres", "aprs": "apres", "aprais": "apres", "aprm": "aprem", "apremidi": "apresmidi",
	"ds": "dans", "ke": "que", "jms": "jamais", "mieu": "mieux", "pr": "pour", "jam": "jamais", "tro": "trop", "tar": "tard", "deumin": "demain", "domin": "demain", "dmn": "demain", "demin": "demain", "dmain": "demain", "dmin": "demain", "heur": "heures", "heurs": "heures", "eure": "heures",
	"eures": "heures", "heurres": "heures", "heurre": "heures", "hres": "heures", "hre": "heures", "hrs": "heures", "hr": "heures",
	"smaine": "semaine", "semene": "semaine", "semain": "semaine", "prochene": "prochaine", "prochin": "prochain",
	"aujourdui": "aujourdhui", "aujourduit": "aujourdhui", "aujoudhui": "aujourdhui", "aujordui": "aujourdhui", "ojourdhui": "aujourdhui", "ojd": "aujourdhui", "auj": "aujourdhui",
	"matain": "matin", "mattin": "matin", "maten": "matin", "swar": "soir", "soire": "soir", "minui": "minuit",
	"katorze": "quatorze", "catorze": "quatorze", "kinze": "quinze", "kinz": "quinze", "katre": "quatre", "catre": "quatre", "cinc": "cinq", "uit": "huit",
	"diz": "dix", "deuz": "deux", "troiz": "trois", "moin": "moins", "sink": "cinq", "sinq": "cinq", "quat": "quatre", "kar": "quart", "troi": "trois", "deu": "deux", "neuv": "neuf", "nef": "neuf", "onz": "onze", "douz": "douze", "trez": "treize", "sez": "seize", "trante": "trente", "karante": "quarante",
	"vint": "vingt", "demie": "demi", "dmi": "demi", "demy": "demi", "cart": "quart", "kart": "quart",
	"eur": "heures", "eurs": "heures", "zeur": "heures", "zeure": "heures", "zeures": "heures", "ore": "heures", "ora": "heures", "oras": "heures", "heuer": "heures",
	"dan": "dans", "avan": "avant", "apret": "apres", "apra": "apres", "ojourdui": "aujourdhui", "ojourdhi": "aujourdhui", "oujourdhui": "aujourdhui",
}

// splits are words that people write as one.
var splits = map[string][2]string{
	"midiet": {"midi", "et"},
	"cest":   {"c", "est"}, "laprem": {"l", "aprem"}, "lapres": {"l", "apres"}, "lapre": {"l", "apres"}, "lapresmidi": {"l", "apresmidi"}, "lapm": {"l", "apm"},
}

// elidedVerbs are what "je" is written together with: "jsuis", "jpeux".
var elidedVerbs = french.WordSet(`ai suis peux peu pe peut viens vien viendrai viendrais veux veu prefere garde travaille bosse dors embauche debauche taf taffe sors fini finis
	passe arrive serai vais prend prends aurai etais avais rentre mange commence ferme dit pars`)

// oftenTyped are the words that are also known with one typo.
var oftenTyped = [...]string{"demain", "prochain", "prochaine", "semaine", "lendemain", "aujourdhui"}

// heardLetters begin the words that are known by their sound.
const heardLetters = "msdpaolv"

// likeOthers are words that sound like one of a date and are none.
var likeOthers = french.WordSet("soit mattend matons")

// respell returns a folded word as the tables write it.
func respell(s string) string {
	if right, ok := daySpellings[s]; ok {
		return right
	}
	if len(s) < 5 {
		return s
	}
	typed := s
	for _, w := range oftenTyped {
		if s == w {
			return s
		}
		if french.Near(s, w) {
			typed = w
		}
	}
	if typed == s && strings.IndexByte(heardLetters, s[0]) >= 0 && starters.words[s] == 0 && !likeOthers[s] {
		if right := heardAnywhere.find(s); right != "" {
			return right
		}
	}
	return typed
}

// Ordinals are the ones that a list or a day is named by; -2 is the last.
var Ordinals = map[string]int{"premier": 1, "premiere": 1, "deuxieme": 2, "second": 2, "seconde": 2, "troisieme": 3, "quatrieme": 4,
	"cinquieme": 5, "sixieme": 6, "dernier": -2, "derniere": -2, "un": 1, "une": 1, "deux": 2, "trois": 3, "quatre": 4, "cinq": 5, "six": 6}
