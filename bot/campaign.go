package bot

import (
	"strings"
	"time"
	"unicode/utf8"
)

// Outreach: a campaign goes to the people of a list who will not come by themselves. What a campaign is, and who is on its list.

// Campaign is a few texts to the people of one list, one after the other to those who stay silent.
type Campaign struct {
	V        int       `json:"v"`
	Sort     string    `json:"sort,omitempty"`    // "" outreach, or broadcastSort
	Audience Audience  `json:"audience,omitzero"` // of a broadcast
	File     File      `json:"file,omitzero"`     // the list that is being read
	Title    string    `json:"title,omitempty"`   // for colleagues only
	Owner    string    `json:"owner"`             // the coordinator
	With     string    `json:"with,omitempty"`    // the counsellor who signs and hears the answers
	WithName string    `json:"with_name,omitempty"`
	Where    string    `json:"where,omitempty"`   // "mairie de Périers"
	Place    string    `json:"place,omitempty"`   // "50/50394": whose hours and holidays rule
	Basis    string    `json:"basis,omitempty"`   // publicTask or ownWish; nothing is sent without one
	Notice   string    `json:"notice,omitempty"`  // how and when the people were informed, in the coordinator's words
	Texts    []string  `json:"texts,omitempty"`   // the invitation, and those to the silent; with {prenom}, {conseiller}, {lieu}
	Waits    []int     `json:"waits,omitempty"`   // days behind each text, until the next one or, behind the last, the list of calls
	State    string    `json:"state"`             // one of the states below
	Names    []int     `json:"names,omitempty"`   // how many first names have so many characters: what the texts will cost
	People   int       `json:"people,omitempty"`  // on the list
	Left     int       `json:"left,omitempty"`    // who left it while it was being read
	Shown    Estimate  `json:"shown,omitzero"`    // what the coordinator was shown
	Wave     int       `json:"wave,omitempty"`    // the last one planned: another is none of ours
	Wrote    time.Time `json:"wrote,omitzero"`    // when the last wave did
	Partner  string    `json:"partner,omitempty"` // whose referrals it invites, one after the other: it has no end
	Noted    time.Time `json:"noted"`
	Started  time.Time `json:"started,omitzero"`
	Ended    time.Time `json:"ended,omitzero"`
}

// Estimate is to how many people a campaign goes, and what it costs if all of them stay silent.
type Estimate struct {
	People int     `json:"people"`
	SMS    int     `json:"sms"`
	Euros  float64 `json:"euros"` // 0: no price is set
}

// States of a campaign.
const (
	campaignReading   = "lecture" // its list is being read, or its audience gathered
	campaignRead      = "lue"     // its list was read, and its form not filled in; of a broadcast: there is nobody to write to
	campaignReady     = "prete"   // it was shown, and may start
	campaignRunning   = "en-cours"
	campaignPaused    = "suspendue"
	campaignEnded     = "finie" // nobody is left to write to
	campaignCancelled = "annulee"
)

// liveCampaigns are the states in which a campaign has a list that people may be on.
var liveCampaigns = []string{campaignReading, campaignRead, campaignReady, campaignRunning, campaignPaused, campaignEnded}

// inviting are the ids of the campaigns that write to those of a list, or will: who is on one of them is invited by no other. Who gets a
// broadcast is not being invited.
func (t *Turn) inviting() (ids []string) {
	for _, state := range []string{campaignRunning, campaignPaused, campaignReady, campaignRead} {
		for _, rec := range t.findAll(Query{Kind: "campaign", State: state}) {
			var c Campaign
			if err := decode(rec, &c); err != nil {
				t.err = err
				return nil
			}
			if c.Sort != broadcastSort {
				ids = append(ids, rec.ID)
			}
		}
	}
	return ids
}

// Invitee is somebody on the list of a campaign.
type Invitee struct {
	V      int       `json:"v"`
	Name   string    `json:"name"`
	Phone  string    `json:"phone,omitempty"`  // E.164, until there is a person: then it stands there
	Place  string    `json:"place"`            // her commune, "50/50394"
	Person string    `json:"person,omitempty"` // her record, from the first text on
	Step   int       `json:"step,omitempty"`   // texts written to her
	State  string    `json:"state"`            // one of the states below
	Calls  int       `json:"calls,omitempty"`  // that were tried
	Wrote  time.Time `json:"wrote,omitzero"`   // when the last text was written
	Again  int       `json:"again,omitempty"`  // texts that waited too long and are written once more
}

// States of an invitee, which are also the values of the campaign's figures.
const (
	inviteeSilent    = "silence"     // no text yet, or no answer
	inviteeHadRdv    = "deja-rdv"    // had an appointment when her turn came: the campaign brought none
	inviteeElsewhere = "ailleurs"    // another campaign was writing to her phone when her turn came
	inviteeWritten   = "ecrit"       // got the text of a broadcast, and has not answered
	inviteeAnswered  = "reponse"     // in words, which a person reads
	inviteeDates     = "dates"       // wants an appointment, and was offered dates
	inviteeRdv       = "rendez-vous" // has one
	inviteeCallback  = "rappel"      // wants to be called
	inviteeToCall    = "a-appeler"   // silent to the last
	inviteeNo        = "non"
	inviteeOpposed   = "opposition"  // STOP, before or because of it
	inviteeFailed    = "echec"       // nothing reaches her
	inviteeReached   = "jointe"      // by phone
	inviteeMissed    = "injoignable" // by phone, after several calls
)

// campaign is a Campaign as rules handle it.
type campaign struct {
	id string
	*Campaign
}

func (t *Turn) campaign(id string) (campaign, bool) {
	c, ok := load[Campaign](t, id)
	return campaign{id, c}, ok
}

// campaignOf is the campaign that "campaign/7", or a name of what belongs to it, begins with.
func (t *Turn) campaignOf(about string) (campaign, bool) {
	rest, ok := strings.CutPrefix(about, "campaign/")
	if !ok {
		return campaign{Campaign: &Campaign{}}, false
	}
	id, _, _ := strings.Cut(rest, "/")
	return t.campaign(id)
}

func (t *Turn) saveCampaign(c campaign) {
	c.V = 1
	t.save("campaign", c.id, func(r *Record) { r.Owner, r.Place, r.State, r.At = c.Owner, c.Place, c.State, t.At })
}

// about is the group of its waves.
func (c campaign) about() string { return "campaign/" + c.id }

// batch is what all its messages die with.
func (c campaign) batch() string { return "messages/" + c.id }

// coordinator is who hears how a campaign goes: who noted it, while she coordinates its territory, else another who does; "" nobody.
func (t *Turn) coordinator(c campaign) string { return t.coordinatorOf(c.Owner, c.Place) }

func (c campaign) record() Record {
	return Record{Kind: "campaign", ID: c.id, Owner: c.Owner, Place: c.Place}
}

// inviteeState is the facet by which the people of a campaign are found who are in one state.
func (c campaign) inviteeState(state string) string { return c.id + "/" + state }

// inviteeID is the id in the clear of who is on a list with a number: each number once.
func inviteeID(campaign string, a Address) string { return campaign + ":" + string(a) }

// invitee is an Invitee as rules handle it. Its id may be in the clear or as it is stored.
type invitee struct {
	id string
	*Invitee
}

// about is what messages to her are about, and their group.
func (r invitee) about(c campaign) string { return c.about() + "/" + r.Person }

// saveInvitee notes how she stands; due is when she is looked at again, or when she was last.
func (t *Turn) saveInvitee(c campaign, r invitee, due time.Time) {
	r.V = 1
	t.save("invitee", r.id, func(rec *Record) {
		rec.Owner, rec.Subject, rec.Place, rec.State, rec.At = c.With, r.Person, r.Place, c.inviteeState(r.State), due
	})
}

// tallyInvitee keeps the figures of campaigns: how many people are in each state. They live on when the list is gone.
func tallyInvitee(d *doc) (cells []Count) {
	if d.rec.Kind != "invitee" || d.state == d.rec.State {
		return nil
	}
	for sign, state := range map[int64]string{-1: d.state, 1: d.rec.State} {
		if campaign, value, ok := strings.Cut(state, "/"); ok {
			cells = append(cells, Count{Kind: campaignTally, Owner: campaign, Dimension: byState, Value: value, N: sign})
		}
	}
	return cells
}

// The figures of campaigns: Owner is the campaign's id, and they belong to no month.
const (
	campaignTally = "campaign"
	byState       = "etat"  // Value: a state of invitees
	byText        = "texte" // Value: "1-" and a Fate, or "1-remis" and "1-non-remis" as receipts say
)

// text is what one of a campaign's texts says to somebody; without a name it greets her without one.
func (c campaign) text(step int, name string) string {
	text := c.Texts[step]
	if name == "" {
		text = strings.ReplaceAll(text, " "+braces[0], "")
	}
	return strings.NewReplacer("{prenom}", name, "{conseiller}", c.WithName, "{lieu}", c.Where).Replace(text)
}

// names adds a first name to those whose lengths are counted.
func countName(names []int, name string) []int {
	n := utf8.RuneCountInString(name)
	for len(names) <= n {
		names = append(names, 0)
	}
	names[n]++
	return names
}

// estimate is what the texts cost to so many people as there are now.
func (b *Bot) estimate(c campaign) (e Estimate) {
	able := b.Abilities["sms"]
	e.People = c.People
	for n, count := range c.Names {
		for step := range c.Texts {
			if count > 0 {
				e.SMS += count * able.parts(able.fold(c.text(step, strings.Repeat("n", n))))
			}
		}
	}
	e.Euros = float64(e.SMS) * able.Price
	return e
}

// moved tells whether an estimate is further from another than may be without asking again: 2 % of the people or of the price.
func (e Estimate) moved(from Estimate) bool {
	return beyond(float64(e.People), float64(from.People)) || beyond(float64(e.SMS), float64(from.SMS)) || beyond(e.Euros, from.Euros)
}

func beyond(now, then float64) bool { return now > then*1.02 || now < then*0.98 }
