package bot

import (
	"cmp"
	"fmt"
	"slices"
	"strconv"
	"strings"
	"time"

	"passeur/intents"
)

// Whom a broadcast goes to: gathered from what is known, a page a turn; once before it is shown, and once more before it starts.

// Audience is whom a broadcast goes to, and how far gathering it is.
type Audience struct {
	Of       string         `json:"of"`                 // an option of the form, and a key of audiences
	Typed    string         `json:"typed"`              // which one, as it was typed
	Name     string         `json:"name"`               // which one, for people: "Périers", "mairie de Périers"
	Place    string         `json:"place"`              // "50/50394"
	Owner    string         `json:"owner,omitempty"`    // of a permanence: its counsellor
	Number   string         `json:"number,omitempty"`   // of a workshop
	Where    string         `json:"where,omitempty"`    // of a permanence, when its counsellor holds another in the same commune
	Pass     int            `json:"pass,omitempty"`     // how often it was gathered: a page of another pass is none of ours
	Checking bool           `json:"checking,omitempty"` // it was approved, and starts if it is still what was approved
	Left     map[string]int `json:"left,omitempty"`     // how many were left out, by reason
}

// audienceKind is one sort of audience.
type audienceKind struct {
	find    func(t *Turn, typed string) (a Audience, problem string, args Args) // which one is meant
	sources func(a Audience, since time.Time) []Query                           // the records whose subjects are its people
}

// audiences are the sorts of audiences, by the options of the form. Another sort is a row here, an option in config/forms/diffusion.yaml and the
// text "diffusion.public.<option>".
var audiences = map[string]audienceKind{
	"commune":    {(*Turn).communeAudience, peopleOfCommune},
	"permanence": {(*Turn).permanenceAudience, peopleOfPermanence},
	"atelier":    {(*Turn).workshopAudience, peopleOfWorkshop},
}

// audienceReach is how long ago somebody may have had her last appointment, to be one of those of a place.
const audienceReach = 1 // year

func peopleOfCommune(a Audience, since time.Time) []Query {
	return []Query{{Kind: "subscription", Place: a.Place}, {Kind: "rdv", Place: a.Place, From: since}}
}

func peopleOfPermanence(a Audience, since time.Time) []Query {
	return []Query{{Kind: "rdv", Owner: a.Owner, Place: a.Place, From: since}}
}

func peopleOfWorkshop(a Audience, _ time.Time) []Query {
	return []Query{{Kind: "rsvp", Owner: a.Owner}}
}

// workshopAudience finds a gathering by its number.
func (t *Turn) workshopAudience(typed string) (a Audience, problem string, args Args) {
	g, ok := t.gathering(strings.TrimSpace(typed))
	if !ok {
		return a, "diffusion.pas-d-atelier", Args{"texte": typed}
	}
	return Audience{Name: g.Title, Place: g.Held.Place, Owner: g.Owner, Number: g.id}, "", nil
}

// communeAudience finds a commune by its name, with its postcode or without, or by its INSEE code.
func (t *Turn) communeAudience(typed string) (a Audience, problem string, args Args) {
	found := t.bot.communesCalled(typed)
	switch {
	case len(found) == 0:
		return a, "diffusion.commune-inconnue", Args{"texte": typed}
	case len(found) > 1:
		return a, "diffusion.communes", Args{"texte": typed, "liste": t.communeNames(found[:min(len(found), 6)])}
	}
	return Audience{Name: found[0].Name, Place: found[0].Territory + "/" + found[0].Code}, "", nil
}

// permanenceAudience finds a permanence by its place, and its counsellor where several hold one there.
func (t *Turn) permanenceAudience(typed string) (a Audience, problem string, args Args) {
	d := &Draft{}
	if problem, args := t.takePlace(d, t.readPlace(typed)); problem != "" {
		return a, problem, args
	}
	if !slices.Contains(t.Me.Territories, territory(d.Place)) {
		return Audience{Place: d.Place}, "", nil // which is refused
	}
	there := t.permanencesAt(d.Place)
	found := t.namedPermanences(there, typed)
	switch {
	case len(found) == 0:
		return a, "diffusion.pas-de-permanence", Args{"lieu": d.Where}
	case len(found) > 1:
		lines := make([]string, len(found))
		for i, p := range found {
			owner, _ := load[Person](t, p.Owner)
			lines[i] = "`" + p.Where + ", " + owner.Name + "`"
		}
		return a, "diffusion.permanences", Args{"liste": t.and(lines)}
	}
	a = Audience{Name: found[0].Where, Place: found[0].Place, Owner: found[0].Owner}
	if slices.ContainsFunc(there, func(p Permanence) bool { return p.Owner == a.Owner && plain(p.Where) != plain(a.Name) }) {
		a.Where = a.Name
	}
	return a, "", nil
}

// permanencesAt are the permanences of a commune that have a session to come, those of one counsellor in one place once.
func (t *Turn) permanencesAt(place string) (all []Permanence) {
	for _, rec := range t.findAll(Query{Kind: "permanence", Place: territory(place), State: permanenceOpen}) {
		var p Permanence // not loaded: the turn need not depend on all of them
		if err := decode(rec, &p); err != nil || p.Place != place {
			continue
		}
		if !slices.ContainsFunc(all, func(q Permanence) bool { return q.Owner == p.Owner && plain(q.Where) == plain(p.Where) }) {
			all = append(all, p)
		}
	}
	return all
}

// namedPermanences are those whose place and whose counsellor a text names, as far as it names any.
func (t *Turn) namedPermanences(all []Permanence, text string) []Permanence {
	narrow := func(all []Permanence, name func(Permanence) string) []Permanence {
		named := slices.DeleteFunc(slices.Clone(all), func(p Permanence) bool { return !strings.Contains(plain(text), plain(name(p))) })
		if len(named) > 0 {
			return named
		}
		return all
	}
	all = narrow(all, func(p Permanence) string { return p.Where })
	return narrow(all, func(p Permanence) string {
		owner, _ := load[Person](t, p.Owner)
		return cmp.Or(owner.Name, p.Owner)
	})
}

const audienceIntent intents.Intent = "destinataires"

// clearSize is how many people of the pass before one turn erases.
const clearSize = 500

// collect begins to gather the audience of a broadcast.
func (t *Turn) collect(c campaign) {
	c.State, c.People, c.Names, c.Audience.Left = campaignReading, 0, nil, nil
	c.Audience.Pass++
	t.Drop(c.about())
	t.nextPage(c, Args{"depuis": t.Now.AddDate(-audienceReach, 0, 0).Format(time.RFC3339)})
}

// gatherAgain looks, once the number was typed, whether the audience is still the one that was approved.
func (t *Turn) gatherAgain(c campaign) {
	c.Audience.Checking = true
	t.Chat.close()
	t.collect(c)
	t.Reply("diffusion.verification", nil)
}

// nextPage plans the next page of an audience.
func (t *Turn) nextPage(c campaign, args Args) {
	page, _ := strconv.Atoi(args["page"])
	args.with("page", number(page+1), "passe", number(c.Audience.Pass))
	t.write(Task{Key: fmt.Sprintf("%s/destinataires/%d/%d", c.about(), c.Audience.Pass, page+1), Group: c.about(), Lane: Reminder, At: t.At, Intent: audienceIntent,
		Args: args})
	t.saveCampaign(c)
}

// readAudience takes one page of an audience: first those of the pass before are erased, then one source is read after the other.
func readAudience(t *Turn) {
	c, ok := t.campaignOf(t.About)
	if !ok || c.State != campaignReading || t.Values["passe"] != number(c.Audience.Pass) {
		return
	}
	next := Args{}
	for _, name := range []string{"page", "depuis", "source", "apres", "apres-le"} {
		next[name] = t.Values[name]
	}
	source, _ := strconv.Atoi(next["source"])
	if source == 0 {
		if t.clearAudience(c) == 0 {
			next["source"] = "1"
		}
		t.nextPage(c, next)
		return
	}
	since, _ := time.Parse(time.RFC3339, next["depuis"])
	sources := audiences[c.Audience.Of].sources(c.Audience, since)
	if source > len(sources) {
		t.audienceRead(c)
		return
	}
	q := sources[source-1]
	q.Limit, q.AfterID = tellPage, next["apres"]
	q.AfterAt, _ = time.Parse(time.RFC3339Nano, next["apres-le"])
	page := t.find(q)
	for _, rec := range page {
		t.takeIn(c, sources[:source], rec)
	}
	if len(page) < tellPage {
		t.nextPage(c, next.with("source", number(source+1), "apres", "", "apres-le", ""))
		return
	}
	last := page[len(page)-1]
	t.nextPage(c, next.with("apres", last.ID, "apres-le", last.At.Format(time.RFC3339Nano)))
}

// clearAudience erases people whom a pass before has gathered, and tells how many.
func (t *Turn) clearAudience(c campaign) int {
	gone := t.find(Query{Kind: "invitee", State: c.inviteeState(inviteeSilent), Limit: clearSize})
	for _, rec := range gone {
		t.eraseRecord(rec)
	}
	t.change.Tally = append(t.change.Tally, Count{Kind: campaignTally, Owner: c.id, Dimension: byState, Value: inviteeSilent, N: -int64(len(gone))})
	return len(gone)
}

// takeIn puts the subject of a record among those who will be written to, once, or counts why not. sources are those that were read so far, that
// of the record included.
func (t *Turn) takeIn(c campaign, sources []Query, rec Record) {
	p, ok := load[Person](t, rec.Subject)
	if !ok || !c.Audience.has(rec) { // erased meanwhile; not what the audience is of
		return
	}
	if reason := c.leavesOut(p); reason != "" {
		if t.firstOf(c, sources, rec) {
			if c.Audience.Left == nil {
				c.Audience.Left = map[string]int{}
			}
			c.Audience.Left[reason]++
		}
		return
	}
	id := inviteeID(c.id, p.On("sms"))
	r, there := load[Invitee](t, id)
	if there {
		return
	}
	*r = Invitee{Name: p.Name, Place: rec.Place, Person: rec.Subject, State: inviteeSilent}
	t.saveInvitee(c, invitee{id, r}, t.At.Add(-listSpan+time.Duration(c.People)*time.Millisecond))
	c.People++
	c.Names = countName(c.Names, p.Name)
}

// has tells whether a record that a source found makes its subject one of the audience: an appointment that was cancelled does not, nor an invitation to
// a workshop that she did not take.
func (a Audience) has(rec Record) bool {
	if rec.Kind == "rsvp" {
		var r RSVP
		err := decode(rec, &r)
		return err == nil && r.Number == a.Number && (r.State == isGoing || r.State == isWaiting)
	}
	if rec.Kind != "rdv" {
		return true
	}
	var m Rdv
	err := decode(rec, &m)
	return err == nil && m.State != cancelled && (a.Where == "" || plain(m.Where) == plain(a.Where))
}

// Why somebody is left out: the ends of texts "diffusion.laissees.…".
const (
	leftOpposed   = "stop"
	leftNoNumber  = "sans-numero"
	leftPro       = "pro"
	leftNoConsent = "sans-accord"
)

// leftReasons are all of them, in the order in which they are told.
var leftReasons = []string{leftOpposed, leftNoNumber, leftNoConsent, leftPro}

// leavesOut says why somebody gets no text of a broadcast; "" when she does.
func (c campaign) leavesOut(p *Person) string {
	switch {
	case p.Role.IsPro():
		return leftPro
	case p.On("sms") == "":
		return leftNoNumber
	case !p.listens():
		return leftOpposed
	case c.Basis == ownWish && p.Basis != ownWish:
		return leftNoConsent
	}
	return ""
}

// firstOf tells whether a record is the first that the sources have of its subject: who is left out leaves no other trace, and counts once.
func (t *Turn) firstOf(c campaign, sources []Query, rec Record) bool {
	for _, q := range sources {
		q.Subject = rec.Subject
		for _, other := range t.findAll(q) {
			if c.Audience.has(other) {
				return other.Kind == rec.Kind && other.ID == rec.ID
			}
		}
	}
	return true
}
