package bot

import (
	"slices"
	"strings"
	"time"

	"passeur/intents"
)

// Visits at home. No message shows where: to the person it is "chez vous". A counsellor who wants it is asked for a sign afterwards, and
// her coordinators are told when none comes.

// homeWords say that an appointment is at the person's home.
var homeWords = []string{"domicile", "chez elle", "chez lui", "chez eux", "chez la personne", "chez l'usager"}

// isHome tells whether words name the person's home as the place.
func isHome(words string) bool {
	words = plain(strings.ReplaceAll(words, "’", "'"))
	return slices.ContainsFunc(homeWords, func(w string) bool { return strings.Contains(words, w) })
}

// homeArg marks arguments of an appointment at home: who reads them as its usager reads "chez vous".
const homeArg = "domicile"

// atHome writes the place for an usager.
func (t *Turn) atHome(language string, args Args) {
	if args[homeArg] != "" {
		args["lieu"] = t.sayIn(language, "lieu.chez-vous", nil)
	}
}

// visited is the twin of a text for an appointment at home: it is the counsellor who comes.
func (t *Turn) visited(m rdv, key, twin string) string {
	if m.Home {
		return twin
	}
	return key
}

// signAfter is how long after the end of a visit a sign is waited for.
const signAfter = 45 * time.Minute

// signIntent is the wake-up after a visit.
const signIntent intents.Intent = "signe"

// planSign wakes the bot after a visit of a counsellor who wants to be looked after.
func (t *Turn) planSign(m rdv) {
	owner, _ := load[Person](t, m.Owner)
	if !m.Home || !owner.CheckIn {
		return
	}
	t.write(Task{Key: m.about() + "/v" + number(m.PlanVersion) + "/signe", Group: m.about(), Subject: m.Subject, Lane: Reply, Place: m.Place, At: m.At.Add(m.lasts() + signAfter), Intent: signIntent})
}

// noSign: nobody heard of a counsellor since the end of her visit. Her coordinators and the desk are told.
func noSign(t *Turn) {
	m, ok := t.rdvOf(t.About)
	if !ok || m.State == cancelled || m.attended() && m.By != byTool || m.Back {
		return
	}
	t.tellOfVisit(m, "nouvelle.urgence-visite")
}

// tellOfVisit tells the coordinators of the place and the desk.
func (t *Turn) tellOfVisit(m rdv, key string) {
	args := m.args().with("fin", m.At.Add(m.lasts()).Format(time.RFC3339))
	for _, id := range t.coordinatorsOf(territory(m.Place)) {
		if id != m.Owner {
			t.Tell(id, "", key, args)
		}
	}
	t.tellDesk("", key, args)
}

// coordinatorsOf are the coordinators of a territory.
func (t *Turn) coordinatorsOf(territory string) []string {
	var out []string
	for _, rec := range t.findAll(Query{Kind: "person", State: string(Coordinateur)}) {
		var p Person // not loaded: the turn must not depend on what she does meanwhile
		if decode(rec, &p) == nil && slices.Contains(p.Territories, territory) {
			out = append(out, rec.ID)
		}
	}
	return out
}

// coordinatorOf is who answers for what a coordinator noted somewhere: herself while she coordinates there, else another who does; "" nobody.
// What is nowhere yet stays hers.
func (t *Turn) coordinatorOf(owner, place string) string {
	all := t.coordinatorsOf(territory(place))
	if place == "" || slices.Contains(all, owner) {
		return owner
	}
	if len(all) == 0 {
		return ""
	}
	return all[0]
}

// isBack: the counsellor is back from her visit.
func (t *Turn) isBack(m rdv) {
	late := t.At.After(m.At.Add(m.lasts() + signAfter))
	if late && !m.Back && !m.attended() {
		t.tellOfVisit(m, "nouvelle.signe-donne")
	}
	m.Back = true
	t.saveRdv(m)
	t.Reply("presence.rentree", m.args())
}
