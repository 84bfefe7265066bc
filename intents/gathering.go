package intents

import (
	"regexp"
	"slices"
	"strconv"
	"strings"
	"time"

	"passeur/intents/dates"
	"passeur/intents/french"
	"passeur/intents/phones"
)

// The kinds of gatherings.
const (
	CafeVisio = "cafe"
	Webinaire = "webinaire"
	Atelier   = "atelier"
	Groupe    = "groupe"
)

// GatheringKinds lists them in the order in which a form offers them.
var GatheringKinds = []string{CafeVisio, Webinaire, Atelier, Groupe}

// gatheringNames are the words by which a gathering is named, folded, and what kind they make it.
var gatheringNames = []struct {
	words []string
	kind  string
}{
	{[]string{"cafe", "visio"}, CafeVisio}, {[]string{"cafevisio"}, CafeVisio}, {[]string{"webinaire"}, Webinaire}, {[]string{"atelier"}, Atelier},
	{[]string{"groupe", "de", "travail"}, Groupe}, {[]string{"rencontre"}, ""},
}

// numberedName are the same words as people write them before a number, for regexp.
const numberedName = `(?:rencontre|caf[ée][ -]?visio|webinaire|atelier|groupe de travail)`

// Gathering is what a professional said of a gathering in one sentence. What was not said is left empty; nothing is guessed.
type Gathering struct {
	Kind      string
	Title     string   // what stood between quotation marks
	Link      string   // an address of the Web
	Names     []string // "~entraide", "@karim": channels and accounts, as typed
	Capacity  string   // digits, how many people it takes, or how many more or fewer, as typed: "-3", "3 de plus"; "" it was not said
	Boundless bool     // "sans limite": it takes all who come
	Open      string   // whose people are invited by SMS, as typed: "Coutances"; "" it was not said
	Communes  []Commune
	Schedule  // when and where
}

var (
	quotedTitle   = regexp.MustCompile(`"([^"]*)"|«\s*([^»]*?)\s*»|“([^”]*)”`)
	webLink       = regexp.MustCompile(`(?i)\bhttps?://[^\s<>"«»]+`)
	namedThing    = regexp.MustCompile(`(?:^|[\s,;(])([~@][\p{L}\p{N}][\p{L}\p{N}._-]*)`)
	placesOffered = regexp.MustCompile(`(?i)((?:^|\s)[-–−+])?(\d+)\s*(?:places?|participants?)\b(\s+(?:de|en)\s+(?:plus|moins)\b)?`)
	boundless     = regexp.MustCompile(`(?i)\b(?:sans limite(?: de places?)?|places? illimit[ée]es?)\b`)
	openTo        = regexp.MustCompile(`(?i)\b(?:ouverte?s?\s+)?aux\s+(?:usagers?|usagères?|personnes|habitants?)\s+(?:de\s+|du\s+|d['’]\s*|à\s+)?([^,;]+)`)
	numbered      = regexp.MustCompile(`(?i)\b` + numberedName + `\s*(?:n°\s*)?(\d{1,6})\b`)
)

// ReadGathering reads « café-visio jeudi 10 décembre 14h-15h "Pix : premiers pas" 12 places https://visio.example.org/abc ~entraide », its parts in any
// order and any of them missing. Days are read as in ReadSchedule. Only the first 2,000 characters are read.
func (g *Gazetteer) ReadGathering(text string, now time.Time, places []Place) Gathering {
	text = french.Opening(text)
	var out Gathering
	take := func(what *regexp.Regexp) (found []string) {
		m := what.FindStringSubmatch(text)
		if m == nil {
			return nil
		}
		text = strings.Replace(text, m[0], " ", 1)
		return m
	}
	if m := take(quotedTitle); m != nil {
		out.Title = strings.TrimSpace(m[1] + m[2] + m[3])
	}
	if m := take(webLink); m != nil {
		out.Link = strings.TrimRight(m[0], ".,;:!?)")
	}
	for m := take(namedThing); m != nil; m = take(namedThing) {
		out.Names = append(out.Names, m[1])
	}
	if m := take(placesOffered); m != nil {
		out.Capacity = strings.TrimSpace(m[1] + m[2] + m[3])
	}
	out.Boundless = take(boundless) != nil
	if m := take(openTo); m != nil {
		out.Open = strings.TrimSpace(m[1])
		out.Communes = g.ReadCommune(out.Open)
	}
	out.Kind, text = cutKind(text)
	out.Schedule = g.ReadSchedule(text, now, places)
	return out
}

// cutKind takes the words of a kind off a text; the first that stand in it count.
func cutKind(text string) (kind, rest string) {
	toks := french.Tokenize(text)
	for i := range toks {
		for _, n := range gatheringNames {
			if end, ok := namesGathering(toks, i, n.words); ok {
				return n.kind, text[:toks[i].Start] + " " + text[toks[end-1].End:]
			}
		}
	}
	return "", text
}

// namesGathering tells whether the words of a kind stand at token i, and where they end.
func namesGathering(toks []french.Token, i int, words []string) (end int, ok bool) {
	for _, w := range words {
		for i < len(toks) && toks[i].Norm == "-" {
			i++
		}
		if i >= len(toks) || toks[i].Norm != w {
			return 0, false
		}
		i++
	}
	return i, true
}

// gatheringAt is the kind whose words begin at a word, and how many they are; 0 for none.
func gatheringAt(words []string, at int) (kind string, n int) {
	for _, name := range gatheringNames {
		if at >= 0 && at+len(name.words) <= len(words) && slices.Equal(words[at:at+len(name.words)], name.words) {
			return name.kind, len(name.words)
		}
	}
	return "", 0
}

// gatheringVerbs are the beginnings of the verbs that say what is to be done with a gathering.
var gatheringVerbs = []struct {
	prefix string
	intent Intent
}{
	{"annul", AnnulerRencontre}, {"supprim", AnnulerRencontre}, {"deplac", ChangerRencontre}, {"decal", ChangerRencontre}, {"report", ChangerRencontre},
	{"chang", ChangerRencontre}, {"modif", ChangerRencontre}, {"arret", ArreterRencontre}, {"termin", ArreterRencontre},
}

// gatheringAct is what a professional wants with a gathering, in exact words; "" when they are others.
func gatheringAct(m message) Intent {
	words := m.letters
	if len(words) == 0 {
		return ""
	}
	for _, read := range []func([]string) Intent{comesAct, listAct, cameAct, inviteAct, changeAct} {
		if act := read(words); act != "" {
			return act
		}
	}
	if declaresGathering(m) {
		return NouvelleRencontre
	}
	return ""
}

// asWord tells a text that is a command among words for somebody else: "tous" is for her.
func asWord(m message) bool {
	act := gatheringAct(m)
	return act != "" && m.letters[0] != "tous" && m.letters[0] != "toutes"
}

// comesAct reads "je viens 3", "je ne viens pas 3", "je m'inscris à l'atelier 3", "me désinscrire de la rencontre 3"; without a number, one comes
// to nothing.
func comesAct(words []string) Intent {
	for at, w := range words {
		act, known := comingWords[w]
		if !known {
			continue
		}
		rest := words[at+1:]
		refused := slices.Contains(words[:at], "ne") || slices.Contains(words[:at], "pas") || slices.Contains(words[:at], "plus")
		if len(rest) > 0 && (rest[0] == "pas" || rest[0] == "plus") {
			rest, refused = rest[1:], true
		}
		if refused {
			act = Desistement
		}
		if allIn(words[:at], beforeComing) && namesOne(rest) {
			return act
		}
		return ""
	}
	return ""
}

// namesOne tells that words are the number of a gathering, behind its name or alone: "à 10" and "le 12" are an hour and a day.
func namesOne(words []string) bool {
	n := len(words)
	return n > 0 && isDigits(words[n-1]) && namesOnly(words) && !allIn(words[:n-1], gatheringSmall) || n == 1 && isDigits(words[0])
}

// comingWords say that who speaks comes or does not, "" only that she does not ("je ne peux pas venir 3"); nothing but beforeComing may stand before one of them.
var (
	comingWords = map[string]Intent{"viens": Inscription, "venir": "", "inscris": Inscription, "inscrire": Inscription, "participe": Inscription,
		"participer": Inscription, "desinscris": Desistement, "desinscrire": Desistement}
	beforeComing = french.WordSet("je j m me ne n peux pourrai veux voudrais souhaite vais pas plus")
)

// namesOnly tells that words are nothing, a number, or the name of a gathering and its number.
func namesOnly(words []string) bool {
	for i := 0; i < len(words); i++ {
		_, n := gatheringAt(words, i)
		switch {
		case n > 0:
			i += n - 1
		case gatheringSmall[words[i]]:
		case i == len(words)-1 && isDigits(words[i]):
		default:
			return false
		}
	}
	return true
}

// gatheringParts are what of a gathering may be said to change.
var gatheringParts = french.WordSet("date dates jour heure heures horaire horaires lieu lien titre nombre places place")

var gatheringSmall = french.WordSet("a la l au le les de des du d ma mes nos")

// numberAt tells whether the word i is the number of a gathering, and not that of a day: "l'atelier du 12 décembre".
func numberAt(words []string, i int) bool {
	return i < len(words) && isDigits(words[i]) && (i+1 == len(words) || dates.MonthOf(words[i+1]) == 0)
}

func isDigits(word string) bool {
	_, err := strconv.Atoi(word)
	return err == nil
}

// listAct reads "rencontres", "mes rencontres", "inscrits 3", "liste des inscrits 3".
func listAct(words []string) Intent {
	if len(words) > 2 && words[0] == "liste" && words[1] == "des" {
		words = words[2:]
	}
	switch last := words[len(words)-1]; {
	case last == "rencontres" && len(words) <= 4 && !slices.ContainsFunc(words[:len(words)-1], func(w string) bool { return !listing[w] && !gatheringSmall[w] }):
		return MesRencontres
	case (words[0] == "inscrits" || words[0] == "inscrites") && namesOnly(words[1:]):
		return Inscrits
	}
	return ""
}

// cameAct reads "présents 1 3 4", "présents tous sauf 2", "tous", "tous sauf 2".
func cameAct(words []string) Intent {
	begins := words[0] == "presents" || words[0] == "presentes" || words[0] == "tous" || words[0] == "toutes"
	if !begins || words[0] != "presents" && words[0] != "presentes" && len(words) > 1 && words[1] != "sauf" {
		return ""
	}
	for _, w := range words[1:] {
		if !isDigits(w) && !cameWords[w] {
			return ""
		}
	}
	return Presents
}

var cameWords = french.WordSet("tous toutes sauf et aucun aucune personne le la les")

// inviteAct reads "inviter 06 39 98 12 34 Jeanne à l'atelier 3", "inscrire 06 39 98 12 34 Jeanne à l'atelier 3".
func inviteAct(words []string) Intent {
	if !strings.HasPrefix(words[0], "invit") && words[0] != "inscrire" && words[0] != "inscris" {
		return ""
	}
	for i := range words {
		if _, n := gatheringAt(words, i); n > 0 && numberAt(words, i+n) {
			return InviterRencontre
		}
	}
	return ""
}

// changeAct reads "annuler rencontre 3", "déplacer l'atelier 3 mardi 14h-15h", "changer la date de l'atelier 3 : mardi 14h". Without a number
// "atelier" is none of ours: a workshop may be an activity.
func changeAct(words []string) Intent {
	for _, v := range gatheringVerbs {
		if !strings.HasPrefix(words[0], v.prefix) {
			continue
		}
		at := 1
		for at < len(words) && (gatheringSmall[words[at]] || gatheringParts[words[at]]) {
			at++
		}
		kind, n := gatheringAt(words, at)
		if n > 0 && (numberAt(words, at+n) || kind != Atelier && (at+n == len(words) || !isDigits(words[at+n]))) {
			return v.intent
		}
	}
	return ""
}

// declaresGathering tells that a text announces a gathering: its first word names one, and it is alone or says what only an announcement
// does: a title, a link, a channel. (What was held is an activity; "rencontre avec le maire mardi" is one too.)
func declaresGathering(m message) bool {
	words := m.letters
	at := 0
	for at < len(words) && at < 3 && (declaring[words[at]] || organising[words[at]] || gatheringSmall[words[at]] || words[at] == "un" || words[at] == "une") {
		at++
	}
	kind, n := gatheringAt(words, at)
	if n == 0 || len(phones.Spans(webLink.ReplaceAllString(m.text, ""))) > 0 || slices.ContainsFunc(words, func(w string) bool { return wasHeld[w] && w != "usagers" }) {
		return false
	}
	said := quotedTitle.MatchString(m.text) || webLink.MatchString(m.text) || strings.Contains(m.text, "~")
	switch {
	case len(words) == at+n: // and nothing else
		return at > 0 || kind != Atelier
	case said:
		return true
	}
	return kind != Atelier && kind != "" && !strings.Contains(m.text, "?") && saysWhen(m) && !slices.ContainsFunc(words, func(w string) bool { return overWords[w] })
}

// overWords tell that something was held already: an activity.
var overWords = french.WordSet("hier fait faite tenu tenue fini finie termine terminee etait reussi super pers participants presents personnes")

var organising = french.WordSet("organise organiser organisons nouvel annonce annoncer programme programmer prevois prevoir")

// GatheringNumber is the number that a text names a gathering by: what follows its name, or the last word if it is a number and of no day; 0
// for none.
func GatheringNumber(text string) int {
	if m := numbered.FindStringSubmatch(text); m != nil {
		n, _ := strconv.Atoi(m[1])
		return n
	}
	words := letters(french.Tokenize(french.Opening(text)))
	if len(words) == 0 || len(dates.Read(text, dates.AnyDay)) > 0 {
		return 0
	}
	n, _ := strconv.Atoi(words[len(words)-1])
	return n
}

// Came is who came to a gathering, by the numbers of a list: those named, or all but those.
type Came struct {
	All     bool
	Numbers []int
}

// ReadCame reads "présents 1 3 4", "présents tous sauf 2", "aucun".
func ReadCame(text string) (c Came) {
	for _, w := range letters(french.Tokenize(french.Opening(text))) {
		if w == "tous" || w == "toutes" {
			c.All = true
		}
		if n, err := strconv.Atoi(w); err == nil && !slices.Contains(c.Numbers, n) {
			c.Numbers = append(c.Numbers, n)
		}
	}
	return c
}

// WithoutGathering is a text without the words that name a gathering and its number: "inviter 06 39 98 12 34 Jeanne à l'atelier 3" is
// "inviter 06 39 98 12 34 Jeanne".
func WithoutGathering(text string) string {
	return strings.TrimSpace(tailOfInvitation.ReplaceAllString(text, " "))
}

var tailOfInvitation = regexp.MustCompile(`(?i)^\s*(?:invit|inscri)\p{L}*\s|(?:\s+(?:à|a|au))?\s+(?:la\s+|le\s+|l['’]\s*)?` + numberedName + `\s*(?:n°\s*)?\d{1,6}`)

// NamedIn are the channels and accounts that a text names, "~entraide", "@karim": at most ten, each once.
func NamedIn(text string) (names []string) {
	if !strings.ContainsAny(text, "~@") {
		return nil
	}
	for _, m := range namedThing.FindAllStringSubmatch(french.Opening(text), -1) {
		if !slices.Contains(names, m[1]) && len(names) < mostNames {
			names = append(names, m[1])
		}
	}
	return names
}

const mostNames = 10
