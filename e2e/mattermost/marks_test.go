package mattermost_test

import (
	"context"
	"fmt"
	"strings"
	"testing"
	"time"

	"passeur/bot"
	"passeur/e2e/peers"

	"github.com/mattermost/mattermost/server/public/model"
)

// marked is what was heard of the marks of somebody.
func (l *listening) marked(u *peers.User) []bot.Event {
	return l.which(func(e bot.Event) bool { return e.From == address(u) && e.Intent == bot.MarkIntent })
}

// untilMarked waits for the last mark of somebody, which is the n-th, and returns them all.
func (l *listening) untilMarked(t *testing.T, u *peers.User, n int) []bot.Event {
	t.Helper()
	peers.Until(t, limit, "", func() error {
		if got := len(l.marked(u)); got < n {
			return fmt.Errorf("%d of %d marks heard", got, n)
		}
		return nil
	})
	events := l.marked(u)
	if len(events) > n {
		t.Fatalf("%d marks heard, want %d", len(events), n)
	}
	return events
}

// asking is a house in which 🆘 asks.
func asking(t *testing.T, s *peers.Mattermost) *house {
	t.Helper()
	h := newHouse(t, s)
	h.cfg.AskEmoji = "sos"
	return h
}

// marks: in a public and in a private channel, below a root and a reply, at once and meanwhile. The question may be anybody's.
func marks(t *testing.T, s *peers.Mattermost) {
	h := asking(t, s)
	marie, zoe := person(t, s), person(t, s)
	enter(t, s, h.counsellors, marie.Id)
	enter(t, s, h.manche, marie.Id, zoe.Id)
	l := listen(t, h.cfg, nil)
	l.untilTold(t, marie, "conseiller|50|")
	question := s.PostIn(t, zoe, h.manche.Id, "", "Qui a déjà fait une carte grise pour un camping-car ?")
	react(t, marie, question.Id, "sos")
	e := l.untilMarked(t, marie, 1)[0]
	put := reactionsBy(t, s, question.Id, marie.Id)[0]
	want := bot.Event{
		ID: fmt.Sprintf("mattermost/mark/%s/%s/%d", question.Id, marie.Id, put.CreateAt), At: time.UnixMilli(put.CreateAt).UTC(), From: address(marie), Role: bot.Conseiller,
		Intent: bot.MarkIntent, Text: question.Message,
		Values: map[string]string{"post": question.Id, "channel": h.manche.Id, "root": question.Id, "name": marie.FirstName + " Exemple", "locale": "fr"},
	}
	if fmt.Sprint(e) != fmt.Sprint(want) {
		t.Errorf("heard\n%v\nwant\n%v", e, want)
	}
	react(t, zoe, question.Id, "sos")
	if e := l.untilMarked(t, zoe, 1)[0]; e.Role != bot.Anyone {
		t.Errorf("heard as %q", e.Role)
	}
	l.stop()

	long := s.PostIn(t, marie, h.counsellors.Id, "", "Au sujet d'Aidants Connect")
	reply := s.PostIn(t, marie, h.counsellors.Id, long.Id, "Peut-on signer à distance ?")
	react(t, marie, reply.Id, "sos")
	again := listen(t, h.cfg, l.cursors)
	events := again.untilMarked(t, marie, 2) // the one that was heard before is told again, as the same
	byID := map[string]bot.Event{events[0].ID: events[0], events[1].ID: events[1]}
	if _, same := byID[want.ID]; !same {
		t.Errorf("told under another ID: %v", byID)
	}
	delete(byID, want.ID)
	for _, e := range byID {
		if e.Text != reply.Message || e.Values["post"] != reply.Id || e.Values["root"] != long.Id || e.Values["channel"] != h.counsellors.Id {
			t.Errorf("heard %v", e)
		}
	}
}

// reactionsBy are somebody's reactions to a post.
func reactionsBy(t *testing.T, s *peers.Mattermost, post, user string) (own []*model.Reaction) {
	t.Helper()
	all, _, err := s.Admin.GetReactions(context.Background(), post)
	if err != nil {
		t.Fatal(err)
	}
	for _, r := range all {
		if r.UserId == user {
			own = append(own, r)
		}
	}
	if len(own) == 0 {
		t.Fatalf("%s did not react to %s", user, post)
	}
	return own
}

// marksElsewhere: what is no mark is heard neither at once nor after the next connection.
func marksElsewhere(t *testing.T, s *peers.Mattermost) {
	h := asking(t, s)
	marie, paul := person(t, s), person(t, s)
	enter(t, s, h.counsellors, marie.Id, paul.Id)
	l := listen(t, h.cfg, nil)
	l.untilTold(t, marie, "conseiller||")
	in := h.counsellors.Id
	direct := s.Post(t, marie, "Dans un message direct")
	group, _, err := marie.API.CreateGroupChannel(t.Context(), []string{marie.Id, paul.Id, s.BotID})
	if err != nil {
		t.Fatal(err)
	}
	without := room(t, s, model.ChannelTypePrivate) // and soon without the bot
	enter(t, s, without, marie.Id)
	leave(t, s, without, s.BotID)
	gone := s.PostIn(t, marie, in, "", "Une question que j'efface")
	off := s.PostIn(t, marie, in, "", "Une question sans marque")
	hook := &model.Post{ChannelId: in, Message: "D'un programme"}
	hook.AddProp(model.PostPropsFromWebhook, "true")
	if hook, _, err = paul.API.CreatePost(t.Context(), hook); err != nil {
		t.Fatal(err)
	}
	own := sent(t, l.Network, bot.Address("mattermost:#"+in), bot.Rendered{Key: "k1", Text: "Du robot"})
	grouped, unseen := s.PostIn(t, paul, group.Id, "", "Dans un groupe"), s.PostIn(t, marie, without.Id, "", "Sans le robot")
	for _, id := range []string{direct.Id, grouped.Id, unseen.Id, hook.Id, own, joined(t, s, in)} {
		react(t, marie, id, "sos")
	}
	react(t, marie, s.PostIn(t, paul, in, "", "Avec un autre emoji").Id, "+1")
	l.mu.Lock()
	l.refuse = func(e bot.Event) bool { return e.Text == gone.Message || e.Text == off.Message } // the bot takes neither while they stand
	l.mu.Unlock()
	react(t, marie, gone.Id, "sos")
	react(t, marie, off.Id, "sos")
	if _, err := marie.API.DeletePost(t.Context(), gone.Id); err != nil {
		t.Fatal(err)
	}
	if _, err := marie.API.DeleteReaction(t.Context(), &model.Reaction{UserId: marie.Id, PostId: off.Id, EmojiName: "sos"}); err != nil {
		t.Fatal(err)
	}
	last := s.PostIn(t, paul, in, "", "La dernière")
	react(t, marie, last.Id, "sos")
	for _, l := range []*listening{l, listen(t, h.cfg, nil)} {
		if e := l.untilMarked(t, marie, 1)[0]; e.Text != last.Message {
			t.Errorf("heard %v", e)
		}
	}
}

// joined is a notice that stands in a channel.
func joined(t *testing.T, s *peers.Mattermost, channel string) string {
	t.Helper()
	list, _, err := s.Admin.GetPostsForChannel(context.Background(), channel, 0, 60, "", false, false)
	if err != nil {
		t.Fatal(err)
	}
	for _, p := range list.Posts {
		if strings.HasPrefix(p.Type, model.PostSystemMessagePrefix) {
			return p.Id
		}
	}
	t.Fatal("no notice stands there")
	return ""
}

// marksNotTaken: a mark that could not be kept is told again after the next connection; the others were not held back.
func marksNotTaken(t *testing.T, s *peers.Mattermost) {
	h := asking(t, s)
	marie := person(t, s)
	enter(t, s, h.counsellors, marie.Id)
	relay := peers.StartRelay(t, s.URL)
	h.cfg.URL = relay.URL
	l := listen(t, h.cfg, nil)
	l.untilTold(t, marie, "conseiller||")
	refuse := func(f func(bot.Event) bool) {
		l.mu.Lock()
		defer l.mu.Unlock()
		l.refuse = f
	}
	first := s.PostIn(t, marie, h.counsellors.Id, "", "La première")
	tried := make(chan struct{}, 1)
	refuse(func(e bot.Event) bool {
		if e.Text != first.Message {
			return false
		}
		select {
		case tried <- struct{}{}:
		default:
		}
		return true
	})
	react(t, marie, first.Id, "sos")
	<-tried
	react(t, marie, s.PostIn(t, marie, h.counsellors.Id, "", "La seconde").Id, "sos")
	l.untilMarked(t, marie, 1)
	refuse(nil)
	relay.Cut()
	if got := texts(l.untilMarked(t, marie, 2)); got != "La seconde|La première" {
		t.Errorf("heard %s", got)
	}
}

// marksOfACrowd: where more was changed than the server tells of, the marks below what was written since are found all the same.
func marksOfACrowd(t *testing.T, s *peers.Mattermost) {
	h := asking(t, s)
	marie := person(t, s)
	enter(t, s, h.counsellors, marie.Id)
	wanted := map[string]bool{}
	for i := range 1200 {
		p := s.PostIn(t, marie, h.counsellors.Id, "", fmt.Sprint(i))
		if i%200 == 100 {
			react(t, marie, p.Id, "sos")
			wanted[p.Message] = true
		}
	}
	for _, e := range listen(t, h.cfg, nil).untilMarked(t, marie, len(wanted)) {
		delete(wanted, e.Text)
	}
	if len(wanted) > 0 {
		t.Errorf("not heard: %v", wanted)
	}
}

// checkMarks: an emoji that nobody can put is worth a word, and one of the server's own is none.
func checkMarks(t *testing.T, s *peers.Mattermost) {
	h := asking(t, s)
	for emoji, says := range map[string]string{"sos": "est vu dans les canaux dont le bot est membre", "entraide-inconnue": "n'existe pas sur ce serveur", "": ""} {
		h.cfg.AskEmoji = emoji
		var said []string
		for _, f := range sender(h.cfg).Check(t.Context()) {
			if strings.Contains(f.Text, "marqu") {
				said = append(said, f.Text)
				if f.Mind != (emoji != "sos") || !f.OK {
					t.Errorf("%q: %+v", emoji, f)
				}
			}
		}
		if text := strings.Join(said, "\n"); (says == "") != (text == "") || !strings.Contains(text, says) || len(said) > 1 {
			t.Errorf("%q: check says %q", emoji, text)
		}
	}
}
