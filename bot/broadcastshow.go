package bot

import (
	"fmt"
	"strings"
	"time"
)

// What a coordinator approves of a broadcast, and what happens once it was gathered.

// audienceRead: the audience of a broadcast is known. It is shown, or starts if it is what was approved, unless who prepared it coordinates
// there no more: another finds it among her campaigns.
func (t *Turn) audienceRead(c campaign) {
	checking := c.Audience.Checking
	c.Audience.Checking = false
	now := t.bot.estimate(c)
	if t.coordinator(c) != c.Owner || !t.speakTo(c.Owner) {
		c.State = campaignReady
		t.saveCampaign(c)
		return
	}
	switch {
	case c.People == 0:
		c.State = campaignRead
		t.saveCampaign(c)
		t.Reply("diffusion.personne", t.shownArgs(c).with("public", t.audienceText(c), "laissees", t.leftText(c), "numero", number(t.indexOfCampaign(c))))
	case checking && !now.moved(c.Shown):
		c.Shown = now
		t.launch(c)
	case checking:
		c.State = campaignReady
		t.showBroadcast(c, t.say("diffusion.change", Args{"avant": number(c.Shown.People)})+"\n")
	default:
		c.State = campaignReady
		t.showBroadcast(c, "")
	}
}

// speakTo has the rest of a turn that nobody's words began go on as if a professional had just written: she is who is answered and asked. ok is
// false when nothing reaches her.
func (t *Turn) speakTo(person string) (ok bool) {
	t.be(person)
	if t.From = t.Me.first(); t.From == "" {
		return false
	}
	t.line = t.From
	t.Chat, _ = load[Chat](t, string(t.line))
	t.question = t.Chat.Question
	if t.Chat.Topic != "" && t.At.Sub(t.Chat.Asked) > QuestionLife {
		t.Chat.close()
	}
	return true
}

// showBroadcast shows what a broadcast will do, behind what is new, and asks for the number of people, typed; unless another question is open: that
// one comes first.
func (t *Turn) showBroadcast(c campaign, news string) {
	c.Shown = t.bot.estimate(c)
	t.saveCampaign(c)
	n, next := number(t.indexOfCampaign(c)), "diffusion.suite"
	if t.Chat.Topic == "" || t.Chat.Topic == topicCampaign {
		t.Chat.close()
		t.ask(topicCampaign)
		t.Chat.Target, t.Chat.Values = c.id, map[string]string{approved: c.fingerprint()}
	} else {
		next = "diffusion.suite-apres"
	}
	able := t.bot.Abilities["sms"]
	text := able.fold(c.text(0, "Jeanne"))
	args := t.shownArgs(c).with("nouveau", news, "public", t.audienceText(c), "laissees", t.leftText(c), "parties", number(able.parts(text)), "texte", cite(text),
		"sans-prenom", t.namelessText(c), "duree", t.durationText(c), "reponses", "", "suite", t.say(next, Args{"numero": n}))
	if able.Receives {
		args["reponses"] = t.say("diffusion.reponses", Args{"conseiller": c.WithName})
	}
	t.Offer("diffusion.apercu", args, t.shortcut("corriger campagne "+n, "bouton.corriger", nil))
}

// audienceText says whom a broadcast goes to.
func (t *Turn) audienceText(c campaign) string {
	owner, _ := load[Person](t, c.Audience.Owner)
	return t.say("diffusion.public."+c.Audience.Of, Args{"lieu": c.Audience.Name, "conseiller": owner.Name})
}

// leftText says who is left out, a line for each reason.
func (t *Turn) leftText(c campaign) string {
	var out strings.Builder
	for _, reason := range leftReasons {
		if n := c.Audience.Left[reason]; n > 0 {
			fmt.Fprintln(&out, t.say("diffusion.laissees."+reason, Args{"n": number(n)}))
		}
	}
	return out.String()
}

// namelessText is the text as those read it whose first name is not known, if it is another one.
func (t *Turn) namelessText(c campaign) string {
	if len(c.Names) == 0 || c.Names[0] == 0 || !strings.Contains(c.Texts[0], braces[0]) {
		return ""
	}
	return t.say("diffusion.sans-prenom", Args{"n": number(c.Names[0]), "texte": cite(t.bot.Abilities["sms"].fold(c.text(0, "")))}) + "\n"
}

// durationText says how long a broadcast takes to leave, within decent hours; "" where the network has no pace.
func (t *Turn) durationText(c campaign) string {
	pace := t.bot.Abilities["sms"].Pace
	if pace <= 0 {
		return ""
	}
	d := time.Duration(float64(c.Shown.People) / (pace * broadcastShare) * float64(time.Second))
	if d > time.Hour {
		return t.say("diffusion.heures", Args{"n": number(int(d.Hours()) + 1)})
	}
	return t.say("diffusion.minutes", Args{"n": number(int(d.Minutes()) + 1)})
}

// stillLeaving tells whether messages of a broadcast may still wait to be sent: what does not leave in time is written once more. It is asked when
// nobody is left to write to.
func (t *Turn) stillLeaving(c campaign) bool {
	if c.Wrote.Equal(t.At) {
		return true
	}
	if t.err != nil || t.At.Sub(c.Wrote) > messageLife+time.Hour {
		return false
	}
	next, err := t.bot.Store.Due(t.ctx, "sms", Broadcast)
	if err != nil {
		t.err = storeFault{err}
	}
	return !next.IsZero()
}
