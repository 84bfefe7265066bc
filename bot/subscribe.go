package bot

import (
	"cmp"
	"fmt"
	"strings"
	"time"

	"passeur/intents"
)

// Who asked to be told of the permanences of a commune, by a keyword on a poster: RAPPEL PERIERS.

// Subscription is that a person is told of the permanences of a commune the day before.
type Subscription struct {
	V       int    `json:"v"`
	Subject string `json:"subject"`
	Place   string `json:"place"` // "50/50394"
}

func subscriptionID(place, person string) string {
	return strings.ReplaceAll(place, "/", "-") + "-" + person
}

// subscribe: she wants to be told. Asking for it is how she was informed and agrees.
func subscribe(t *Turn) {
	t.known()
	found := t.communesIn(t.Text, true)
	if len(found) != 1 {
		t.Chat.close()
		t.Reply("abonnement.quelle-commune", Args{"liste": t.communeNames(found[:min(len(found), 6)])})
		return
	}
	c := found[0]
	place := c.Territory + "/" + c.Code
	t.keepSubscription(t.MeID, place)
	t.Chat.close()
	t.Chat.Commune = c.Code
	if t.Me.Told == "" {
		t.Me.Told, t.Me.ToldAt, t.Me.Basis = toldBySubscription, t.At, ownWish
		t.savePerson(t.MeID, t.Me)
	}
	args := Args{"commune": c.Name}
	if first := t.firstIn(place); first != nil {
		t.Reply("abonnement.fait", args.with("debut", first.Start.Format(time.RFC3339), "fin", first.End.Format(time.RFC3339), "lieu", first.Where))
		return
	}
	t.Reply("abonnement.fait-sans-date", args)
}

func (t *Turn) keepSubscription(person, place string) {
	id := subscriptionID(place, person)
	s, _ := load[Subscription](t, id)
	*s = Subscription{V: 1, Subject: person, Place: place}
	t.save("subscription", id, func(r *Record) { r.Subject, r.Place, r.At = person, place, t.At })
}

// toldBySubscription is how somebody was told who asked for it herself.
const toldBySubscription = "abonnement"

// ownWish is the legal basis of what somebody asked for herself: consent, RGPD article 6.1.a.
const ownWish = "consentement"

// firstIn is the next session in a commune; nil when none is known.
func (t *Turn) firstIn(place string) *session {
	var first *session
	for _, rec := range t.findAll(Query{Kind: "permanence", Place: place, State: permanenceOpen}) {
		p, ok := t.permanence(rec.ID)
		if !ok {
			continue
		}
		if s, held := t.next(p); held && (first == nil || s.Start.Before(first.Start)) {
			first = &s
		}
	}
	return first
}

// unsubscribe: no longer, of the commune that is named, or of any. Who never asked to be told, and says in her own words that it is too
// much, means our messages.
func unsubscribe(t *Turn) {
	t.known()
	ended, left := 0, 0
	only := t.communesIn(t.Text, true)
	for _, person := range t.People {
		for _, rec := range t.find(Query{Kind: "subscription", Subject: person}) {
			switch {
			case len(only) == 1 && rec.ID != subscriptionID(only[0].Territory+"/"+only[0].Code, person):
				left++
			default:
				load[Subscription](t, rec.ID)
				t.erase("subscription", rec.ID)
				ended++
			}
		}
		if left == 0 {
			t.strangerAgain(person)
		}
	}
	t.Chat.close()
	switch {
	case ended+left == 0 && !strings.HasPrefix(plain(t.Text), "fin "):
		object(t)
	case ended == 0:
		t.Reply("abonnement.aucun", nil)
	case left > 0:
		t.Reply("abonnement.fini-commune", Args{"commune": only[0].Name})
	default:
		t.Reply("abonnement.fini", nil)
	}
}

// strangerAgain: nothing is known any more of somebody without a name who asks for nothing, and she is forgotten as soon as others are.
func (t *Turn) strangerAgain(person string) {
	if p, ok := load[Person](t, person); ok && p.Name == "" && p.Told == toldBySubscription {
		p.Told, p.ToldAt, p.Basis = "", time.Time{}, ""
		t.savePerson(person, p)
	}
}

// subscribers is how many want to be told of a commune's permanences; counted up to a thousand.
func (t *Turn) subscribers(place string) int {
	return len(t.find(Query{Kind: "subscription", Place: place}))
}

// tellPage is how many people one turn tells: what it leaves behind stays small.
const tellPage = 200

const tellIntent intents.Intent = "dire-permanence"

// tellSubscribers tells those who asked for a commune about a session, page after page; nobody twice of one thing.
func (t *Turn) tellSubscribers(p permanence, s session, key string, more ...string) {
	if !t.soon(s) {
		return
	}
	until := s.Start // who reads it later has come
	if !until.After(t.At) {
		until = s.End
	}
	args := p.sessionArgs(s).with(more...)
	delete(args, placeArg)
	args.with("permanence", p.id, "jour", s.Day, "origine", s.Was, "texte", key, "changement", number(p.Changes), "ou", s.Place, "jusqu", until.Format(time.RFC3339))
	t.write(Task{Key: fmt.Sprintf("%s/%s/%d", p.group(s.Day), key, p.Changes), Lane: Reminder, Place: s.Place, At: t.At, NotAfter: until, Intent: tellIntent, Args: args})
}

// tellOfSession writes one page of what subscribers are told.
func tellOfSession(t *Turn) {
	v := t.Values
	q := Query{Kind: "subscription", Place: v["ou"], Limit: tellPage, AfterID: v["apres"]}
	if v["apres-le"] != "" {
		q.AfterAt, _ = time.Parse(time.RFC3339Nano, v["apres-le"])
	}
	until, _ := time.Parse(time.RFC3339, v["jusqu"])
	page := t.find(q)
	p, _ := t.permanence(v["permanence"])
	for _, rec := range page {
		who, ok := load[Person](t, rec.Subject)
		if !ok || who.first() == "" || t.hasRdvIn(rec.Subject, v) {
			continue
		}
		args := Args{placeArg: v["ou"]}
		for _, name := range []string{"debut", "fin", "lieu", "nouveau", "nouvelle-fin", "nouveau-lieu"} {
			if v[name] != "" {
				args[name] = v[name]
			}
		}
		key := fmt.Sprintf("%s/%s/%s/%s", p.group(v["jour"]), v["texte"], v["changement"], rec.Subject)
		if v["texte"] == "permanence.veille" { // one for all who hold it
			key = strings.Join([]string{v["texte"], v["ou"], v["debut"], v["fin"], rec.Subject}, "/")
		}
		t.write(Task{Key: key, Group: p.group(v["origine"]), To: rec.Subject, Network: t.bot.way(who),
			Lane: Broadcast, Purpose: ForPermanence, Place: v["ou"], At: t.At, NotAfter: until, Message: &Message{Key: v["texte"], Args: args}})
	}
	if len(page) < tellPage {
		return
	}
	last := page[len(page)-1]
	next := Args{}
	for name, value := range v {
		next[name] = value
	}
	next["apres"], next["apres-le"] = last.ID, last.At.Format(time.RFC3339Nano)
	t.write(Task{Key: t.ID + "+", Lane: Reminder, Place: v["ou"], At: t.At, NotAfter: until, Intent: tellIntent, Args: next})
}

// hasRdvIn tells that somebody has an appointment in the session, which went with it if it was moved: she is told of that, not of
// both.
func (t *Turn) hasRdvIn(person string, v map[string]string) bool {
	from, _ := time.Parse(time.RFC3339, cmp.Or(v["nouveau"], v["debut"]))
	to, _ := time.Parse(time.RFC3339, cmp.Or(v["nouvelle-fin"], v["fin"]))
	place := cmp.Or(v["nouveau-ou"], v["ou"])
	p, _ := load[Person](t, person)
	for _, id := range p.Rdvs {
		m, ok := t.rdv(id)
		if ok && m.Place == place && (m.State != cancelled || m.Closed != "") && !m.At.Before(from) && m.At.Before(to) {
			return true
		}
	}
	return false
}

// sessionEve: tomorrow a session is held.
func sessionEve(t *Turn) {
	p, ok := t.permanence(t.Values["permanence"])
	if !ok {
		return
	}
	if s, held := t.sessionOf(p, t.Values["jour"]); held {
		t.tellSubscribers(p, s, "permanence.veille")
	}
}
