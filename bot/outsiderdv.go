package bot

import (
	"crypto/sha256"
	"encoding/hex"
	"encoding/json"
	"fmt"
	"regexp"
	"slices"
	"strings"
	"time"
)

// Appointments that another tool keeps. The tool is right: what it says last holds, in whatever order it is heard and however often.
// Nobody is told of what it says but by the reminders: it has messages of its own.

// Outside is what is known of an appointment of another tool.
type Outside struct {
	V       int               `json:"v"`
	Written time.Time         `json:"written"`          // of the last word that counted
	Tie     string            `json:"tie"`              // which of two words written in the same second counts
	Rdvs    map[string]string `json:"rdvs,omitempty"`   // ours, by participation
	Nobody  bool              `json:"nobody,omitempty"` // of a counsellor or a calendar: nobody has that name, and the desk was told
	Empty   bool              `json:"empty,omitempty"`  // of a calendar: it held nothing when it was last read, and its counsellor was told
	Feed    string            `json:"feed,omitempty"`   // the calendar it came from
	UID     string            `json:"uid,omitempty"`    // its name there
}

// Attendance and cancellation, as RDV Service Public writes them.
const (
	outsideUnknown = "unknown"
	outsideSeen    = "seen"
	outsideExcused = "excused" // by the usager
	outsideRevoked = "revoked" // by the service
	outsideNoShow  = "noshow"
)

// outsideRdv takes in what another tool says of an appointment.
func outsideRdv(t *Turn) {
	var b OutsideRdv
	if err := json.Unmarshal([]byte(t.Values[OutsideValue]), &b); err != nil {
		t.err = fmt.Errorf("outside appointment: %w", err)
		return
	}
	b.AtHome = b.AtHome || isHome(b.Where)
	if b.Event == "destroyed" && b.Reason == "rgpd" {
		return // its retention ended; what we know goes by our own, and what is still on its way counts
	}
	o, _ := load[Outside](t, b.Source+"-"+b.ID)
	tie := b.tie()
	if b.Written.Before(o.Written) || b.Written.Equal(o.Written) && tie <= o.Tie {
		return
	}
	o.V, o.Written, o.Tie = 1, b.Written, tie
	if o.Rdvs == nil {
		o.Rdvs = map[string]string{}
	}
	t.save("outside", b.Source+"-"+b.ID, func(r *Record) { r.At = t.At })
	if b.Event == "destroyed" {
		t.withdraw(&b, o, nil)
		return
	}
	if !b.history(t.At) || len(o.Rdvs) > 0 {
		t.takeOutside(&b, o)
	}
}

// history tells that an appointment is over, and for more than a day. A tool that is told where to call tells all that it ever kept: whoever
// was there, or was not, a year ago is not asked about it, and is nobody whom we have to know.
func (b *OutsideRdv) history(now time.Time) bool {
	return b.Event != "destroyed" && now.Sub(b.Start) > day
}

// tie orders words that were written in the same second: erasing after changing after making, a final state after none. Where that
// decides nothing any order does, as long as it is the same whichever is heard first: that of all they say.
func (b *OutsideRdv) tie() string {
	rank := map[string]string{"created": "1", "updated": "2", "destroyed": "3"}[b.Event]
	states := []string{b.Status, b.Start.UTC().Format(time.RFC3339)}
	for _, p := range b.Participants {
		states = append(states, p.ID+"="+finality(p.Status)+p.Status)
	}
	all, err := json.Marshal(b)
	if err != nil {
		all = nil // a date out of range: it came as JSON, so there is none
	}
	return rank + finality(b.Status) + strings.Join(states, ",") + "," + shortHash(string(all))
}

func finality(status string) string {
	if status == outsideUnknown || status == "" {
		return "0"
	}
	return "1"
}

// takeOutside brings our appointments to what the tool says; those of participants who are no longer in it are withdrawn, and so are all
// when it is with nobody whom we know any more.
func (t *Turn) takeOutside(b *OutsideRdv, o *Outside) {
	owner := t.counsellorNamed(b.Agents)
	if owner == "" {
		t.withdraw(b, o, nil)
		t.tellOfStrangers(b)
		return
	}
	var still []string
	for _, p := range b.Participants {
		if p.Phone == "" {
			continue
		}
		still = append(still, p.ID)
		t.takeParticipant(b, p, owner, o)
	}
	t.withdraw(b, o, still)
}

// tellOfStrangers tells the desk, once for each of them, that the tool's counsellor is nobody whom we know.
func (t *Turn) tellOfStrangers(b *OutsideRdv) {
	names := strings.Join(b.Agents, ", ")
	id := "strangers-" + shortHash(names)
	if o, known := load[Outside](t, id); !known {
		o.V, o.Nobody = 1, true
		t.save("outside", id, func(r *Record) { r.At = t.At })
		t.tellDesk("", "nouvelle.rdv-externe-sans-conseiller", Args{"rdv": b.Start.Format(time.RFC3339), "noms": names})
	}
}

// withdraw ends our appointments with those who do not take part any more: cancelled, unless the tool's word still says whether she
// came. What the counsellor said here of that stands.
func (t *Turn) withdraw(b *OutsideRdv, o *Outside, still []string) {
	for participation, id := range o.Rdvs {
		m, ok := t.rdv(id)
		if !ok || slices.Contains(still, participation) || m.attended() && m.By != byTool {
			continue
		}
		state := b.attendance(participation)
		if state == "" {
			state = cancelled
		}
		if m.State == state {
			continue
		}
		t.end(m, state, byTool)
	}
}

// attendance is whether a participant came, seen or missed, as the word itself says; "" when it does not.
func (b *OutsideRdv) attendance(participation string) string {
	for _, p := range b.Participants {
		if status := b.statusOf(p); p.ID == participation && (status == outsideSeen || status == outsideNoShow) {
			return status
		}
	}
	return ""
}

// statusOf is that of a participation, or of the whole where it has none.
func (b *OutsideRdv) statusOf(p OutsideUsager) string {
	if p.Status == "" || p.Status == outsideUnknown && b.Status != "" {
		return b.Status
	}
	return p.Status
}

// outsideID is our name for a participation: the same whenever it is heard.
func outsideID(source, id, participation string) string {
	sum := sha256.Sum256([]byte(source + "\x00" + id + "\x00" + participation))
	return "x" + hex.EncodeToString(sum[:6])
}

// takeParticipant writes or changes our appointment with one participant.
func (t *Turn) takeParticipant(b *OutsideRdv, p OutsideUsager, owner string, o *Outside) {
	id := outsideID(b.Source, b.ID, p.ID)
	m, known := t.rdv(id)
	if o.Rdvs[p.ID] == id && !known {
		return // it was erased here, as she asked
	}
	p.Name = shortName(clean(p.Name))
	who := t.keepOutside(p)
	where, place := t.placeOfOutside(b)
	counsellor, _ := load[Person](t, owner)
	was := *m.Rdv
	m.Owner, m.Subject, m.Name, m.With, m.Where, m.Place = owner, who, p.Name, counsellor.Name, where, place
	m.At, m.Lasts = b.Start.In(t.bot.Zone(place)), max(0, int(b.End.Sub(b.Start).Minutes()))
	m.Home, m.Outside, m.NoReminders = b.AtHome, strings.Join([]string{b.Source, b.ID, p.ID}, "/"), p.Silent
	if !known {
		m.NotedAt, m.State = t.At, silent
	}
	o.Rdvs[p.ID] = id
	if known && !was.At.Equal(m.At) && (m.State == confirmed || m.State == cancelled && m.By == "usager") {
		m.State, m.By = silent, "" // an answer about another hour
	}
	t.followStatus(m, was, b.statusOf(p))
	ended := was.State == cancelled || (rdv{id, &was}).attended() // its reminders died, or were of another hour
	moved := !known || !was.At.Equal(m.At) || was.NoReminders != m.NoReminders || ended && m.State != was.State
	switch {
	case m.State == cancelled:
		t.end(m, cancelled, m.By)
	case moved && !m.attended():
		t.plan(m)
	}
	t.keepRdv(m)
	t.saveRdv(m)
}

// keepOutside makes or finds the person of a participation; how she was told before stays.
func (t *Turn) keepOutside(p OutsideUsager) string {
	d := &Draft{Phone: p.Phone, Name: p.Name}
	if known, ok := t.personOf(d); !ok || known.Told == "" {
		d.Told = toldByTool
	}
	return t.keepPerson(d)
}

// toldByTool is how somebody was told who booked with another tool: its own notice.
const toldByTool = "outil"

// followStatus takes the tool's word on whether she comes, came or not; "unknown" takes back nothing that we know better.
func (t *Turn) followStatus(m rdv, was Rdv, status string) {
	switch status {
	case outsideSeen, outsideNoShow:
		if was.State != status {
			m.By = byTool
			t.setAttendance(m, status)
		}
	case outsideExcused, outsideRevoked:
		m.State, m.By = cancelled, byTool
	default:
		if m.By == byTool { // what somebody said here stands
			m.State, m.By = silent, ""
		}
	}
}

// byTool marks a state that came from the tool.
const byTool = "outil"

// counsellorNamed is the professional whom the tool names; "" when there is none, or several.
func (t *Turn) counsellorNamed(names []string) string {
	for _, name := range names {
		if id, problem, _ := t.readColleague(Field{}, name); problem == "" {
			return id
		}
	}
	return ""
}

// placeOfOutside is where it is, as people are told: at home and by telephone no place is named.
func (t *Turn) placeOfOutside(b *OutsideRdv) (where, place string) {
	place = t.bot.Settings.Territories[0]
	for _, c := range t.bot.Gazetteer.ReadCommune(b.Commune) {
		if b.Postcode == "" || slices.Contains(c.Postcodes, b.Postcode) {
			place = c.Territory + "/" + c.Code
			break
		}
	}
	commune := t.communeOf(place)
	switch {
	case b.AtHome && commune == "":
		return t.sayIn(French, "lieu.chez-vous", nil), place
	case b.AtHome:
		return t.sayIn(French, "lieu.a-domicile", Args{"commune": commune}), place
	case b.Remote:
		return t.sayIn(French, "lieu.a-distance", nil), place
	}
	if where = placeName(b.Where); shames(where) {
		where = ""
	}
	switch {
	case where == "" && commune == "":
		return t.sayIn(French, "lieu.inconnu", nil), place
	case where == "":
		return commune, place
	case commune != "" && !strings.Contains(plain(where), plain(commune)):
		where += ", " + commune
	}
	if r := []rune(where); len(r) > longestPlace {
		where = string(r[:longestPlace])
	}
	return where, place
}

// placeName is the name of a place as another tool writes it, without what stands in no message: an address, a link, a reason. "" when
// nothing else is in it.
func placeName(text string) string {
	text = clean(text)
	if i := strings.IndexAny(text, ",;(|/"); i >= 0 {
		text = text[:i]
	}
	text, _, _ = strings.Cut(text, " pour ")
	if text = strings.TrimSpace(text); addressLike.MatchString(plain(text)) {
		return ""
	}
	return text
}

// addressLike finds an address, a postcode, a telephone number or the beginning of a link.
var addressLike = regexp.MustCompile(`\d ?(bis|ter)? ?(rue|avenue|av|boulevard|bd|impasse|place|allee|chemin|route|quai|cours|square|residence|lotissement)\b|^(rue|avenue|impasse|allee|chemin|lotissement|residence)\b|\d{4}|\d\d .*\d\d |:|www\.|@`)

// report tells the other tool what became of one of its appointments, if the operator wants that.
func (t *Turn) report(m rdv, status string) {
	f := strings.Split(m.Outside, "/")
	if !t.bot.Settings.ReportBack || len(f) != 3 || f[0] != "rsp" {
		return
	}
	t.write(Task{Key: fmt.Sprintf("%s/v%d/%s/%s", m.about(), m.PlanVersion, status, t.ID), Subject: m.Subject, To: "rdv:" + f[2], Network: "rdv", Lane: Reply, Purpose: ForNews, At: t.At,
		Message: &Message{Text: status}})
}

// isOutside says that another tool keeps an appointment, and where it is to be changed; false when it is ours.
func (t *Turn) isOutside(m rdv) bool {
	if m.Outside == "" {
		return false
	}
	key := "rdv.externe"
	switch tool, _, _ := strings.Cut(m.Outside, "/"); tool {
	case "ical":
		key = "rdv.externe-agenda"
	case SourceCSV:
		key = "rdv.externe-fichier"
	}
	t.Reply(key, m.args())
	return true
}
