package mattermost

import (
	"cmp"
	"context"
	"errors"
	"fmt"
	"regexp"
	"strconv"
	"time"

	"passeur/bot"

	"github.com/mattermost/mattermost/server/public/model"
)

// Marks. A professional who puts one emoji (Config.AskEmoji) below a post of a channel asks that the post's question be put to
// colleagues. A mark is a reaction like any other: its frame says "look there", and only those channels ring in which the bot is. What
// counts is what the server says of the post, its channel and who marked it.
//
// Marks that were made while the bot was down are looked for after each connection. No channel says that something in it was marked: its
// last_post_at and update_at stay. But a mark changes the post, and the server gives what was changed in a channel since an instant. So each
// channel that the bot is in is asked once, for the last hours.
//
// A mark that is taken off and put again is the same one: the server keeps its first instant (the frame says another), and the bot handles
// an ID once.

// changesMost is how many posts the server gives, at most, of those that were changed since an instant. Which ones, when there are more, is
// its database's choice, and it says nothing of the others.
const changesMost = 1000

// asks says whether an emoji is the one that marks, by whatever of its names and of whatever skin: a client may write "+1" for "thumbsup", and
// writes "raised_hand_dark_skin_tone" for people who chose so.
func (a *Network) asks(emoji string) bool {
	wanted := a.cfg.AskEmoji
	if wanted == "" || emoji == wanted {
		return wanted != ""
	}
	picture := pictureOf(wanted)
	return picture != "" && picture == pictureOf(emoji)
}

// tints are the code points of skins, and the one that asks for colour, which stands where no skin does.
var tints = regexp.MustCompile(`-(1f3f[b-f]|fe0f)`)

// pictureOf is what an emoji shows, whatever its skin: its code points; "" when it is one of the server's own.
func pictureOf(emoji string) string {
	id, _ := model.GetSystemEmojiId(emoji)
	return tints.ReplaceAllString(id, "")
}

// inATeam says whether a channel is one of a team, public or private: direct and group messages are not.
func inATeam(c *model.Channel) bool {
	return c.Type == model.ChannelTypeOpen || c.Type == model.ChannelTypePrivate
}

// marksOf are the marks below what a person wrote, but for old ones: the bot must still know their IDs.
func (a *Network) marksOf(p *model.Post) (marks []*model.Reaction) {
	if p.Metadata == nil || !words(p) {
		return nil
	}
	oldest := time.Now().Add(-bot.QuestionLife).UnixMilli()
	for _, r := range p.Metadata.Reactions {
		if a.asks(r.EmojiName) && r.CreateAt >= oldest {
			marks = append(marks, r)
		}
	}
	return marks
}

// hearMarks tells of the marks below a post of a team's channel. Who may not speak to the bot is not told of; who has no role is.
func (l *listener) hearMarks(ctx context.Context, p *model.Post) error {
	for _, r := range l.marksOf(p) {
		who := &person{listener: l, id: r.UserId}
		if err := who.ask(ctx); err != nil {
			return err
		}
		if !who.speaks {
			continue
		}
		e := mark(p, r)
		who.sign(&e)
		if _, err := l.hear(ctx, e); err != nil {
			return fmt.Errorf("mattermost: the mark below post %s not taken: %w", p.Id, err)
		}
	}
	return nil
}

// mark is the event that a mark tells; whose it is, person.sign says.
func mark(p *model.Post, r *model.Reaction) bot.Event {
	return bot.Event{
		ID:     name + "/mark/" + p.Id + "/" + r.UserId + "/" + strconv.FormatInt(r.CreateAt, 10),
		At:     time.UnixMilli(r.CreateAt).UTC(),
		Text:   p.Message,
		Intent: bot.MarkIntent,
		Values: map[string]string{"post": p.Id, "channel": p.ChannelId, "root": cmp.Or(p.RootId, p.Id)},
	}
}

// catchMarks looks for the marks that were made meanwhile, channel after channel. One that cannot be read, or whose mark is not taken, holds
// no other back; it is looked at again after the next connection.
func (l *listener) catchMarks(ctx context.Context) {
	if l.cfg.AskEmoji == "" {
		return
	}
	since := time.Now().Add(-bot.QuestionLife).UnixMilli()
	channels, err := l.ownChannels(ctx)
	errs := []error{err}
	for _, c := range channels {
		if inATeam(c) && ctx.Err() == nil {
			errs = append(errs, l.missedMarks(ctx, c.Id, since))
		}
	}
	if err := errors.Join(errs...); err != nil && ctx.Err() == nil {
		l.log.Warn("mattermost: the marks made meanwhile could not all be read", "error", err)
	}
}

// missedMarks hears the marks below the posts of a channel that were changed since an instant (ms).
func (l *listener) missedMarks(ctx context.Context, channel string, since int64) error {
	posts, err := l.changed(ctx, channel, since)
	if err != nil {
		return err
	}
	for _, p := range posts {
		if err := l.hearMarks(ctx, p); err != nil {
			return err
		}
	}
	return nil
}

// changed reads what was changed in a channel since an instant (ms). Where that is more than the server gives, all that was written since is among it.
func (l *listener) changed(ctx context.Context, channel string, since int64) ([]*model.Post, error) {
	list, _, err := l.api.GetPostsSince(ctx, channel, since, false)
	if err != nil {
		return nil, fmt.Errorf("mattermost: read what changed in a channel: %w", err)
	}
	h := &history{posts: ordered(list)}
	if len(h.posts) < changesMost {
		return h.posts, nil
	}
	last, err := l.page(ctx, channel, "", newest)
	if err == nil {
		err = l.back(ctx, &conversation{channel: channel}, h, last, func(p *model.Post) bool { return p.CreateAt < since })
	}
	return h.posts, err
}
