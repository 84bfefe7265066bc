package intents

import (
	"slices"
	"strings"

	"passeur/intents/french"
)

// What a counsellor says of an appointment that is over.
const (
	Seen      = "seen"
	NoShow    = "noshow"
	Postponed = "postponed"
	Back      = "back" // she is back from a visit
)

// attendanceWords are the words by which attendance is told.
var attendanceWords = map[string]string{
	"venue": Seen, "venu": Seen, "presente": Seen, "present": Seen, "vue": Seen, "vu": Seen,
	"absente": NoShow, "absent": NoShow, "lapin": NoShow,
	"reportee": Postponed,
	"rentree":  Back, "rentre": Back, "bien": Back, "ras": Back, // "tout va bien"
}

// ReadAttendance reads "venue", "absente Jeanne", "Jeanne est venue", "Jeanne n'est pas venue", "elle n'est pas absente"; ok is false for anything else, a sentence
// about oneself among them.
func ReadAttendance(text string) (state, name string, ok bool) {
	words := strings.Fields(strings.NewReplacer("'", " ", "’", " ", ".", " ", "!", " ", ",", " ").Replace(text))
	if len(words) == 0 || len(words) > 6 {
		return "", "", false
	}
	denied := false
	var rest []string
	for _, w := range words {
		plain := french.Folded(w)
		switch {
		case attendanceWords[plain] != "" && state == "":
			state = attendanceWords[plain]
		case plain == "pas":
			denied = true
		case attendanceSmall[plain]:
		case aboutMe[plain]:
			return "", "", false
		default:
			rest = append(rest, w)
		}
	}
	if opposite := map[string]string{Seen: NoShow, NoShow: Seen}[state]; denied && opposite != "" {
		state, denied = opposite, false
	}
	bare := slices.ContainsFunc(rest, func(w string) bool { return !french.Capital(w) })
	if state == "" || bare || len(rest) > 3 || denied {
		return "", "", false
	}
	return state, strings.Join(rest, " "), true
}

var (
	attendanceSmall = french.WordSet("est n ne a ete rdv elle il le la tout va")
	aboutMe         = french.WordSet("je suis serai moi me nous")
)

// ReadDirected is the name behind "orienter", "" when there is none.
func ReadDirected(text string) string {
	_, rest := cutWord(strings.TrimSpace(text))
	return strings.TrimSpace(rest)
}
