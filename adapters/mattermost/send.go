package mattermost

import (
	"cmp"
	"context"
	"crypto/sha256"
	"errors"
	"fmt"
	"net/http"
	"strconv"
	"strings"
	"time"

	"passeur/bot"

	"github.com/mattermost/mattermost/server/public/model"
)

// opened is a direct channel with somebody whose account was active.
type opened struct {
	channel string
	until   time.Time
}

const (
	postRunes  = model.PostMessageMaxRunesV2 // 16,383: the server refuses one more
	lookBack   = 3                           // pages of 200 posts searched for an earlier attempt
	directKept = 10 * time.Minute            // how long an account is believed to be active
)

// Send posts a message to "mattermost:<user id>" (in private) or "mattermost:#<channel id>" and returns the post's id. A
// text longer than a post may be is split; the id is the first part's. Threads and posts to replace that are gone are
// done without.
//
// What goes with it (m.File) is made and uploaded once the channel is there and before anything is posted, unless a post of an earlier
// attempt has it, and stands below the first part of the text. A post that is edited gets no new files in Mattermost: there the file follows in
// a post of its own, without words, in the same thread.
//
// It never returns bot.ErrUncertain. When no answer came the post may stand or not, but Mattermost can be asked, so the error
// is a plain one and the next attempt (m.Attempt above 1) first looks for a post with its key among the bot's last 600
// posts of the channel. Attempts that meet within 30 seconds are also told apart by the server itself, by the pending
// post id made from the key.
//
// Errors: bot.ErrRefused for what the server will never take, with a reason in French; bot.RetryAfter when it limits the
// rate and asks for more patience than one attempt has (a shorter wait is waited here); a plain error when the token is
// refused, since a person will mend that and the message must then leave, and when the file cannot be made. A file above 10 MiB, or
// one that the server refuses, is left out, and the words leave.
func (a *Network) Send(ctx context.Context, to bot.Address, m bot.Rendered) (string, error) {
	if strings.TrimSpace(m.Text) == "" {
		return "", fmt.Errorf("%w: message vide", bot.ErrRefused)
	}
	channel, err := a.channelOf(ctx, to)
	if err != nil {
		return "", err
	}
	made := map[string]*model.Post{}
	if m.Attempt > 1 && m.Key != "" {
		if made, err = a.made(ctx, channel, m.Key); err != nil {
			return "", err
		}
	}
	file, err := a.upload(ctx, channel, to, m, made)
	if errors.Is(err, bot.ErrRefused) && m.Text != "" { // the words count more than what goes with them
		a.log.Warn("mattermost: a file was refused, its words leave alone", "error", err)
		m.File, file, err = "", "", nil
	}
	if err != nil {
		return "", err
	}
	return a.putAll(ctx, draft{channel: channel, to: to.ID(), m: m}, file, made)
}

// putAll makes the posts of a message that were not made yet, and returns the id of the first.
func (a *Network) putAll(ctx context.Context, d draft, file string, made map[string]*model.Post) (first string, err error) {
	for i, text := range split(Neutral(d.m.Text), postRunes) {
		d.key, d.text, d.first, d.file = partKey(d.m.Key, i), text, i == 0, ""
		if p := made[d.key]; p != nil {
			first = cmp.Or(first, p.Id)
			continue
		}
		if d.first && d.m.Replace == "" {
			d.file, file = file, ""
		}
		id, err := a.put(ctx, d)
		if err != nil {
			return "", err
		}
		first = cmp.Or(first, id)
	}
	if file != "" {
		if _, err := a.put(ctx, d.alone(file)); err != nil {
			return "", err
		}
	}
	return first, nil
}

// partKey is the key of one part of a long message.
func partKey(key string, part int) string {
	if part == 0 || key == "" {
		return key
	}
	return key + "#" + strconv.Itoa(part+1)
}

// channelOf returns the channel of an address.
func (a *Network) channelOf(ctx context.Context, to bot.Address) (string, error) {
	id, isChannel := strings.CutPrefix(to.ID(), "#")
	if to.Network() != name || !model.IsValidId(id) {
		return "", fmt.Errorf("%w: adresse Mattermost non valable", bot.ErrRefused)
	}
	if isChannel {
		return id, nil
	}
	a.mu.Lock()
	known := a.direct[id]
	a.mu.Unlock()
	if time.Now().Before(known.until) {
		return known.channel, nil
	}
	return a.open(ctx, id)
}

// open opens the direct channel with somebody whose account is active: Mattermost would take a message that nobody can read.
func (a *Network) open(ctx context.Context, user string) (string, error) {
	me, err := a.myself(ctx)
	if err != nil {
		return "", err
	}
	u, resp, err := a.api.GetUser(ctx, user, "")
	if err != nil {
		return "", refusal(resp, err)
	}
	if u.DeleteAt > 0 {
		return "", fmt.Errorf("%w: compte Mattermost désactivé", bot.ErrRefused)
	}
	c, resp, err := a.api.CreateDirectChannel(ctx, me, user)
	if err != nil && status(resp) >= 400 { // she opened it in the same instant: now it is there
		c, resp, err = a.api.CreateDirectChannel(ctx, me, user)
	}
	if err != nil {
		return "", refusal(resp, err)
	}
	a.mu.Lock()
	defer a.mu.Unlock()
	a.direct[user] = opened{c.Id, time.Now().Add(directKept)}
	return c.Id, nil
}

// draft is one post to make.
type draft struct {
	channel, key, text string
	to                 string // id of the person, for whom the buttons are
	m                  bot.Rendered
	first              bool   // of the message's parts: the one that may replace a post
	file               string // id of the uploaded file that the post gets; "" none
}

// put makes the post, or edits the one to replace.
func (a *Network) put(ctx context.Context, d draft) (string, error) {
	if d.first && d.m.Replace != "" {
		id, err := a.patch(ctx, d)
		if id != "" || err != nil {
			return id, err
		}
	}
	me, err := a.myself(ctx)
	if err != nil {
		return "", err
	}
	id, err := a.create(ctx, d, me, d.m.Thread)
	if d.m.Thread == "" || !errors.Is(err, bot.ErrRefused) {
		return id, err
	}
	root, err := a.rootOf(ctx, d.m.Thread, d.channel)
	if err != nil {
		return "", err
	}
	return a.create(ctx, d, me, root)
}

// patch edits the post to replace: its buttons are those of the message, and what its thread is about stays unless the
// message says otherwise. It returns "" when that post is gone or may no longer be edited.
func (a *Network) patch(ctx context.Context, d draft) (string, error) {
	old, resp, err := a.api.GetPost(ctx, d.m.Replace, "")
	if err != nil {
		return "", unlessGone(resp, err)
	}
	d.m.About = cmp.Or(d.m.About, aboutOf(old))
	props := a.props(d)
	p, resp, err := a.api.PatchPost(ctx, d.m.Replace, &model.PostPatch{Message: &d.text, Props: &props})
	if err != nil {
		return "", unlessGone(resp, err)
	}
	a.withdraw(ctx, old, d.m)
	a.invite(ctx, d, p.Id)
	return p.Id, nil
}

// unlessGone is the error of a request about a post, but for one that is gone or may not be touched.
func unlessGone(resp *model.Response, err error) error {
	if gone(resp) || status(resp) == http.StatusBadRequest {
		return nil
	}
	return refusal(resp, err)
}

// props are a post's properties: its key, what it is about, its buttons.
func (a *Network) props(d draft) model.StringInterface {
	props := model.StringInterface{}
	if d.key != "" {
		props[propKey] = d.key
	}
	if d.m.About != "" {
		props[propAbout] = d.m.About
	}
	if d.file != "" {
		props[propFile] = d.m.File
	}
	if answers := answersByEmoji(d.to, d.m); d.first && len(answers) > 0 {
		props[propChoices] = answers
	}
	if b := a.buttons(d.to, d.m, time.Now()); d.first && b != nil {
		props[model.PostPropsAttachments] = b
	}
	return props
}

func aboutOf(p *model.Post) string {
	about, _ := p.GetProp(propAbout).(string)
	return about
}

// create makes a new post.
func (a *Network) create(ctx context.Context, d draft, me, root string) (string, error) {
	post := &model.Post{ChannelId: d.channel, RootId: root, Message: d.text}
	if d.file != "" {
		post.FileIds = model.StringArray{d.file}
	}
	if d.key != "" {
		post.PendingPostId = fmt.Sprintf("%s:%x", me, sha256.Sum256([]byte(d.channel+" "+root+" "+d.key)))
	}
	post.SetProps(a.props(d))
	p, resp, err := a.api.CreatePost(ctx, post)
	if status(resp) == http.StatusForbidden && model.IsValidId(d.to) {
		// A direct channel that both sides opened in the same instant is closed to them for a moment.
		if p, resp, err = a.postSoon(ctx, post); status(resp) == http.StatusForbidden {
			return "", fmt.Errorf("mattermost: post in a direct channel: %w", err)
		}
	}
	if err != nil {
		return "", refusal(resp, err)
	}
	a.invite(ctx, d, p.Id)
	return p.Id, nil
}

// postSoon makes a post after a moment, and again after a longer one.
func (a *Network) postSoon(ctx context.Context, post *model.Post) (p *model.Post, resp *model.Response, err error) {
	for _, moment := range []time.Duration{100 * time.Millisecond, time.Second} {
		select {
		case <-time.After(moment):
		case <-ctx.Done():
			return nil, nil, ctx.Err()
		}
		if p, resp, err = a.api.CreatePost(ctx, post); status(resp) != http.StatusForbidden {
			break
		}
	}
	return p, resp, err
}

// rootOf returns the first post of the thread that a post stands in, in this channel; "" when it is gone.
func (a *Network) rootOf(ctx context.Context, post, channel string) (string, error) {
	p, resp, err := a.api.GetPost(ctx, post, "")
	switch {
	case err != nil:
		return "", unlessGone(resp, err)
	case p.ChannelId != channel:
		return "", nil
	}
	return p.RootId, nil
}

// made returns the bot's posts that carry a key, or the keys of its parts, by key.
func (a *Network) made(ctx context.Context, channel, key string) (map[string]*model.Post, error) {
	me, err := a.myself(ctx)
	if err != nil {
		return nil, err
	}
	found, before := map[string]*model.Post{}, ""
	for range lookBack {
		list, err := a.page(ctx, channel, before, pageSize)
		if err != nil {
			return nil, err
		}
		posts := ordered(list)
		for _, p := range posts {
			k, _ := p.GetProp(propKey).(string)
			if p.UserId == me && (k == key || strings.HasPrefix(k, key+"#")) {
				found[k] = p
			}
		}
		if len(posts) < pageSize {
			break
		}
		before = afterFirst(posts)
	}
	return found, nil
}

// refusal turns the answer of the server into the errors of a bot.Sender.
func refusal(resp *model.Response, err error) error {
	switch s := status(resp); {
	case s == http.StatusUnauthorized || s == http.StatusRequestTimeout || s < 400 || s >= 500:
		return fmt.Errorf("mattermost: %w", err)
	default:
		return fmt.Errorf("%w: %s", bot.ErrRefused, reason(s, err))
	}
}

// reason says in a few words why the server refuses: the status, and the name that the server gives the error.
func reason(status int, err error) string {
	says := "refusé par Mattermost"
	switch status {
	case http.StatusForbidden:
		says = "le bot n'a pas le droit d'écrire là"
	case http.StatusNotFound:
		says = "compte ou canal inconnu de Mattermost"
	}
	var said *model.AppError
	if errors.As(err, &said) && said.Id != "" {
		return fmt.Sprintf("%s (%d, %s)", says, status, said.Id)
	}
	return fmt.Sprintf("%s (%d)", says, status)
}
