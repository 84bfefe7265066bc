package mattermost

import (
	"context"
	"encoding/json"
	"fmt"
	"strconv"
	"time"

	"passeur/bot"

	"github.com/mattermost/mattermost/server/public/model"
)

// Reactions. A question can also be answered by an emoji below it: without an address that the server can call that is all there
// is beside words, and the bot puts the emojis there to be pressed. As with posts, a frame only says "look there": what counts is
// what the server says of the post, who reacted and whose channel it is. Reactions made while the bot was down are looked for on
// the questions of the last hours. Only a question's answers count, and marks (marks.go); any other reaction is nothing.

// propChoices is the property of a question's post: its answers' words, by emoji.
const propChoices = "passeur_choices"

// emojis are the reactions that say some words; the first is the one shown.
var emojis = map[string][]string{
	"oui": {"white_check_mark", "heavy_check_mark", "+1", "thumbsup", "ok_hand"},
	"non": {"x", "-1", "thumbsdown", "no_entry_sign"},
	"1":   {"one"}, "2": {"two"}, "3": {"three"}, "4": {"four"}, "5": {"five"}, "6": {"six"}, "7": {"seven"}, "8": {"eight"}, "9": {"nine"},
	"telle quelle": {"memo", "pencil"},
	"compléter":    {"heavy_plus_sign"},
	"passer":       {"fast_forward", "black_right_pointing_double_triangle"},
}

// saysSomething are the emojis that can be an answer.
var saysSomething = func() map[string]bool {
	all := map[string]bool{}
	for _, names := range emojis {
		for _, name := range names {
			all[name] = true
		}
	}
	return all
}()

// answersByEmoji are the answers of a message to one person, as its post keeps them.
func answersByEmoji(to string, m bot.Rendered) map[string]any {
	out := map[string]any{}
	for _, c := range m.Choices {
		if c.Beside || !model.IsValidId(to) {
			continue
		}
		for _, name := range emojis[c.Words] {
			out[name] = c.Words
		}
	}
	return out
}

// invite puts the answers' emojis below a question that has no buttons, so that one tap is enough. What fails is left out: words do
// the same.
func (a *Network) invite(ctx context.Context, d draft, post string) {
	if !d.first || a.cfg.PublicURL != "" || !model.IsValidId(d.to) {
		return
	}
	me, err := a.myself(ctx)
	if err != nil {
		return
	}
	for _, c := range d.m.Choices {
		if names := emojis[c.Words]; len(names) > 0 && !c.Beside {
			_, _, _ = a.api.SaveReaction(ctx, &model.Reaction{UserId: me, PostId: post, EmojiName: names[0]})
		}
	}
}

// withdraw takes the emojis off a question that is open no more.
func (a *Network) withdraw(ctx context.Context, old *model.Post, m bot.Rendered) {
	if a.cfg.PublicURL != "" || len(m.Choices) > 0 || old.GetProp(propChoices) == nil || old.Metadata == nil {
		return
	}
	for _, r := range old.Metadata.Reactions {
		if r.UserId == old.UserId {
			_, _ = a.api.DeleteReaction(ctx, r)
		}
	}
}

// reactionOf looks at an event: does it announce a reaction of somebody else?
func reactionOf(e *model.WebSocketEvent, me string) (r model.Reaction, ok bool) {
	if e == nil || e.EventType() != model.WebsocketEventReactionAdded {
		return r, false
	}
	text, _ := e.GetData()["reaction"].(string)
	if json.Unmarshal([]byte(text), &r) != nil || r.UserId == me || !model.IsValidId(r.PostId) {
		return model.Reaction{}, false
	}
	return r, true
}

// look hears what the reactions to a post say, if the post is still there.
func (l *listener) look(ctx context.Context, post string) {
	select {
	case l.slots <- struct{}{}:
		defer func() { <-l.slots }()
	case <-ctx.Done():
		return
	}
	p, resp, err := l.api.GetPost(ctx, post, "")
	if gone(resp) {
		return
	}
	if err == nil {
		err = l.lookBelow(ctx, p)
	}
	if err != nil && ctx.Err() == nil {
		l.log.Warn("mattermost: a reaction could not be read", "error", err)
	}
}

// lookBelow tells marks below a post of a team's channel from answers below a question of the bot's to one person; other posts are nothing.
func (l *listener) lookBelow(ctx context.Context, p *model.Post) error {
	if p.GetProp(propChoices) == nil && len(l.marksOf(p)) == 0 {
		return nil
	}
	c, _, err := l.api.GetChannel(ctx, p.ChannelId)
	switch {
	case err != nil:
		return err
	case inATeam(c):
		return l.hearMarks(ctx, p)
	}
	return l.reactions(ctx, p, c)
}

// reactions hears those that the other person of a direct channel made below one of the bot's questions.
func (l *listener) reactions(ctx context.Context, p *model.Post, c *model.Channel) error {
	me, err := l.myself(ctx)
	if err != nil {
		return err
	}
	other := otherOf(c, me)
	answers, _ := p.GetProp(propChoices).(map[string]any)
	key, _ := p.GetProp(propKey).(string)
	if other == "" || p.UserId != me || key == "" || p.Metadata == nil {
		return nil
	}
	for _, r := range p.Metadata.Reactions {
		words, _ := answers[r.EmojiName].(string)
		if r.UserId != other || words == "" || r.CreateAt < p.EditAt { // older than the edit that asks this: it answered another question
			continue
		}
		id := name + "/reaction/" + r.PostId + "/" + r.EmojiName + "/" + strconv.FormatInt(r.CreateAt, 10)
		if _, err := l.tell(ctx, other, bot.Event{ID: id, At: time.UnixMilli(r.CreateAt).UTC(), Pressed: key, Text: words}); err != nil {
			return err
		}
	}
	return nil
}

// missedReactions looks at the last posts of a channel in which the bot may have asked something lately.
func (l *listener) missedReactions(ctx context.Context, c *model.Channel) error {
	page, err := l.page(ctx, c.Id, "", newest)
	if err != nil {
		return err
	}
	for _, p := range ordered(page) {
		if p.GetProp(propChoices) == nil {
			continue
		}
		if err := l.reactions(ctx, p, c); err != nil {
			return fmt.Errorf("mattermost: read the reactions: %w", err)
		}
	}
	return nil
}
