package bot

import (
	"slices"
	"strings"

	"passeur/intents"
)

// Which rule takes an event, and what goes around each.

// decide reads the event and lets the first rule that fits fill in the turn.
func (b *Bot) decide(t *Turn) error {
	if t.nobody() {
		return nil
	}
	t.understand()
	rule := b.match(t)
	if rule == nil {
		return nil // an intent of another release: nothing to do, and it must not come back
	}
	if b.Trace != nil {
		b.Trace(rule.Name)
	}
	t.keepRejected()
	if t.Read.Urgent && t.Read.Intent != intents.Urgence {
		distress(t)
	}
	rule.Do(t)
	if t.Intent == BlockedIntent {
		return t.err // she said nothing: nothing is renewed
	}
	t.heardBroadcast()
	t.heardInvited()
	t.shareWorry()
	t.endQuestion()
	t.redraw()
	t.saveChat()
	t.keepContact()
	return t.err
}

// nobody tells that a text comes from no person: from a short code or a brand, which answer by themselves.
func (t *Turn) nobody() bool {
	return t.From.Network() == "sms" && !strings.HasPrefix(t.From.ID(), "+")
}

func (b *Bot) match(t *Turn) *Rule {
	for i := range b.rules {
		r := &b.rules[i]
		if r.fits(t) {
			return r
		}
	}
	return nil
}

func (r *Rule) fits(t *Turn) bool {
	if !r.From.takes(t.Role) {
		return false
	}
	if len(r.On) > 0 && !slices.Contains(r.On, t.Read.Intent) {
		return false
	}
	switch r.About {
	case "":
		return true
	case aboutRdv:
		return !t.bareElsewhere() && len(t.rdvs()) > 0
	case aboutStale:
		return t.stale()
	case aboutTalk:
		return t.talking()
	case aboutInvited:
		return !t.toSigner && t.asksInvited()
	case aboutThread:
		return t.subject() != ""
	case aboutOccasion:
		return !t.bareElsewhere() && t.oneOccasion()
	case aboutOccasions:
		return !t.bareElsewhere() && t.severalMeant()
	case aboutInquiry:
		_, meant := t.inquiryMeant()
		return meant
	case aboutInquiryThread:
		_, here := t.inquiryThread()
		return here
	case aboutChosen:
		step := t.Chat.step()
		return t.topic() == topicInquiry && (step == stepAlike || step == stepWhich || step == stepAccept)
	case aboutAny:
		return t.topic() != ""
	default:
		return t.topic() == r.About
	}
}

// bareElsewhere tells that a bare answer belongs to no appointment and no workshop, but to what wrote to her last.
func (t *Turn) bareElsewhere() bool { return t.toCampaign || t.toSigner }

// keepContact renews the retention of who wrote, and of the address that leads to her, at most once a month.
func (t *Turn) keepContact() {
	if t.MeID == "" || t.Role == Itself {
		return
	}
	if t.forgetsSender() {
		t.forgetSoon()
		return
	}
	d := t.docs["person/"+t.MeID]
	if !d.gone && d.rec.Version > 0 && t.At.Sub(d.rec.At) > strangerLife {
		t.savePerson(t.MeID, t.Me)
	}
	if a := t.docs["address/"+string(t.line)]; a != nil && !a.dirty && !a.gone && a.rec.Version > 0 && t.At.Sub(a.rec.At) > strangerLife {
		t.hold(t.line, t.MeID)
	}
}

// RuleNames lists the names of the rules, in the order of the table.
func RuleNames() []string {
	table := rules()
	names := make([]string, len(table))
	for i, r := range table {
		names[i] = r.Name
	}
	return names
}
