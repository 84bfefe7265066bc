package intents

import (
	"slices"
	"strings"
	"time"

	"passeur/intents/dates"
	"passeur/intents/french"
)

// Types of activities, as activity reports name them.
const (
	Individuel = "individuel"
	Collectif  = "collectif"
	Ponctuel   = "ponctuel"
)

// Activity is what a counsellor said in one sentence of work done. What was not said is left empty; only the type is always told.
type Activity struct {
	Type         string    // Individuel, Collectif or Ponctuel
	Participants int       // 0: not said
	Minutes      int       // in all, also when it was said for each person; 0: not said
	Place        string    // as typed, without its preposition: "mairie de Coutances", "Périers", "domicile", "distance", "téléphone"
	PlaceType    string    // "domicile" or "a_distance", the slugs of type_lieu, where the words tell it; else ""
	Themes       []string  // slugs of the mediation themes, in the order of data/themes.txt
	Procedures   []string  // slugs of the administrative procedures, likewise
	Date         time.Time // midnight in now's zone, never after now; zero: not said
}

// ReadActivity reads "Périers mairie 3 pers 1h30 CAF et mails ce matin", its parts in any order and any of them missing; g may be nil.
//
// Conventions: people seen one after the other, and a couple, are Individuel with their number; an atelier or a group is Collectif;
// Ponctuel is what is called so, and a question settled in some minutes at the desk or by telephone. A weekday is the last one before
// today. A procedure brings no theme with it: the general one stands only if the sentence says "démarches" or the like. Only the first
// 2,000 characters are read.
func ReadActivity(text string, now time.Time, g *Gazetteer) Activity {
	r := newActivityReader(text, now, g)
	r.readDay()
	r.readSpans()
	r.readPlace()
	r.readDurations()
	r.readCounts()
	r.readThemes()
	r.Participants, r.Minutes = r.people(), r.minutes()
	r.Type = r.sort()
	return r.Activity
}

// TellsWork reports whether a text holds what an activity is made of: how long it took, what it was about, and where or with how many people.
func TellsWork(text string) bool {
	a := ReadActivity(text, dates.AnyDay, nil)
	return a.Minutes > 0 && len(a.Themes)+len(a.Procedures) > 0 && (a.Participants > 0 || a.Place != "")
}

// activityReader takes the tokens of a sentence one part after the other, as scheduleReader does.
type activityReader struct {
	scheduleReader
	Activity
	spans     []Duration // from hour to hour
	durations []Duration
	counts    []count
	words     []string // for what goes by words: see plain
	origins   []int    // the token from which each word comes
}

func newActivityReader(text string, now time.Time, g *Gazetteer) *activityReader {
	text = french.Opening(text)
	toks := dates.Tokens(text)
	r := &activityReader{scheduleReader: scheduleReader{bookingReader: bookingReader{g: g, text: text, toks: toks, taken: make([]bool, len(toks))},
		p: dates.NewPastParser(toks, now, countedWords)}}
	r.words, r.origins = french.Words(toks, themeBook.known)
	return r
}

// said reports whether one of the words stands in the sentence.
func (r *activityReader) said(words map[string]bool) bool {
	return slices.ContainsFunc(r.toks, func(t french.Token) bool { return words[t.Norm] })
}

// sort tells the type of the activity.
func (r *activityReader) sort() string {
	switch {
	case slices.ContainsFunc(r.toks, func(t french.Token) bool { return strings.HasPrefix(t.Norm, "ponct") }):
		return Ponctuel
	case r.together() && !r.said(aloneWords):
		return Collectif
	case r.Minutes > fewMinutes:
		return Individuel
	case r.said(quickWords) && (r.Minutes > 0 || r.Participants <= 1), r.atDesk() && r.Minutes > 0:
		return Ponctuel
	}
	return Individuel
}

// fewMinutes is how long a question at the desk may take and still be one.
const fewMinutes = 15

var (
	aloneWords = french.WordSet("individuel individuelle individuels individuelles individuellement indiv ind particulier")
	quickWords = french.WordSet("rapide rapidement express vite renseignement renseignements")
	deskWords  = french.WordSet("accueil guichet comptoir")
	callWords  = french.WordSet("telephonique tel fil appel appels")
	groupWords = french.WordSet(`atelier ateliers collectif collective collectifs collectives groupe groupes conference webinaire atelie attelier ateler
		atelliers apero hackathon`)
	gatherWords = french.WordSet(`initiation session sessions formation forme animation cours ensemble seance seances reunion sensibilisation sensibilise sensibilises sensibiliser intervention decouverte presentation classe
		classes soiree gouter debat quiz`)
	afterWords = french.WordSet("apres suite avant inscrire inscription inscrit inscrite prochain")
)

// atDesk reports whether somebody came to the desk or called; "appel vidéo" is a theme, "accueil d'une dame" a visit like others.
func (r *activityReader) atDesk() bool {
	for i, t := range r.toks {
		switch {
		case t.Norm == "tel" && i > 0:
		case callWords[t.Norm] && (i+1 == len(r.toks) || !strings.HasPrefix(r.toks[i+1].Norm, "vi")), deskWords[t.Norm] && (r.locativeBefore(i) || i+1 < len(r.toks) && sureKinds[r.toks[i+1].Norm]):
			return true
		}
	}
	return r.PlaceType == "a_distance"
}

// together reports whether people were taught as a group; "après l'atelier" and "pour l'inscrire à l'atelier" are of another one.
func (r *activityReader) together() bool {
	for i, t := range r.toks {
		switch {
		case t.Norm == "cafe" && i+1 < len(r.toks) && cafeOf[r.toks[i+1].Norm]:
			return true
		case (t.Norm == "participants" || t.Norm == "participantes") && r.numbered(i):
			return true
		case !groupWords[t.Norm] && !gatherWords[t.Norm]:
		case gatherWords[t.Norm] && r.Participants < leastGathering:
		case slices.ContainsFunc(r.toks[max(i-3, 0):i], func(t french.Token) bool { return afterWords[t.Norm] }):
		default:
			return true
		}
	}
	return false
}

// numbered reports whether a number stands before token i: "8 participants", not "participants : 3".
func (r *activityReader) numbered(i int) bool {
	for i > 0 && (adjectives[r.toks[i-1].Norm] || r.toks[i-1].Norm == "de") {
		i--
	}
	_, n := r.p.Count(i - 1)
	return n > 0 || i > 0 && dozens[r.toks[i-1].Norm] > 0
}

// cafeOf make a gathering of the café before them.
var cafeOf = french.WordSet("ia numerique numeriques connecte informatique debat parents senior seniors tablette smartphone web internet")

// leastGathering is how many people make a group of what may also be told of one.
const leastGathering = 3
