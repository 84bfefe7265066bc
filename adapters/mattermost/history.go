package mattermost

import (
	"cmp"
	"context"
	"fmt"
	"net/http"
	"slices"
	"time"

	"passeur/bot"

	"github.com/mattermost/mattermost/server/public/model"
)

// history is what was read of a channel.
type history struct {
	posts  []*model.Post          // in the channel's order, the oldest first
	all    map[string]*model.Post // and the posts that begin their threads, as far as the server gave them
	newest int64                  // create_at of the channel's newest post
}

const (
	newest   = 40  // posts of the first look. Not 30 or 60: those pages come from a cache that lags on a cluster
	pageSize = 200 // the most the server gives
	overlap  = 5 * time.Second
	horizon  = bot.KeepEnded - 5*24*time.Hour // the bot forgets IDs after that: nothing older may be heard without a cursor
)

// keep adds a page.
func (h *history) keep(list *model.PostList) {
	if h.all == nil {
		h.all = map[string]*model.Post{}
	}
	for id, p := range list.Posts {
		h.all[id] = p
	}
}

// unread returns the posts of a channel that may be unheard: everything newer than the place reached, and some
// posts around it.
func (l *listener) unread(ctx context.Context, c *conversation) (*history, error) {
	h := &history{}
	tail, err := l.page(ctx, c.channel, "", newest)
	if err != nil {
		return nil, err
	}
	h.keep(tail)
	last := ordered(tail)
	if len(last) > 0 {
		h.newest = last[len(last)-1].CreateAt
	}
	at := tail.Posts[c.at.id]
	switch {
	case c.at.id == "":
		err = l.firstContact(ctx, c, h, tail)
	case at != nil && slices.Contains(tail.Order, at.Id):
		c.reached(at)
		h.posts = since(last, at.CreateAt-overlap.Milliseconds())
	default:
		if err = l.after(ctx, c, h); err == nil && len(h.posts) == 0 {
			err = l.forgotten(ctx, c, h, tail)
		}
	}
	return h, err
}

// reached notes the time of the place, known from now on; the post itself was heard.
func (c *conversation) reached(p *model.Post) {
	c.at.time = p.CreateAt
	if !c.seen.has(p.Id) {
		c.seen.add(p.Id)
	}
}

// after reads everything behind the place, page after page.
func (l *listener) after(ctx context.Context, c *conversation, h *history) error {
	for anchor := c.at.id; ; {
		list, resp, err := l.api.GetPostsAfter(ctx, c.channel, anchor, 0, pageSize, "", false, false)
		if status(resp) == http.StatusBadRequest {
			return nil // the stored cursor is no post id
		}
		if err != nil {
			return fmt.Errorf("mattermost: read a channel: %w", err)
		}
		h.keep(list)
		page := ordered(list)
		h.posts = merge(h.posts, page)
		if len(page) < pageSize {
			return nil
		}
		anchor = beforeLast(page)
	}
}

// beforeLast returns from where the next page begins: the last post that is older than the page's end, since the
// server leaves out all posts of the anchor's own millisecond.
func beforeLast(page []*model.Post) string {
	end := page[len(page)-1]
	for _, p := range slices.Backward(page) {
		if p.CreateAt < end.CreateAt {
			return p.Id
		}
	}
	return end.Id
}

// forgotten reads the last 30 days when the server no longer knows the place at all. A place that was only
// deleted still has posts before it, or the channel has none; then there is nothing to read.
func (l *listener) forgotten(ctx context.Context, c *conversation, h *history, tail *model.PostList) error {
	if len(tail.Order) == 0 {
		return nil
	}
	if model.IsValidId(c.at.id) {
		before, err := l.page(ctx, c.channel, c.at.id, 1)
		if err != nil || len(before.Order) > 0 {
			return err
		}
	}
	return l.back(ctx, c, h, tail, func(*model.Post) bool { return false })
}

// firstContact reads what people wrote since the bot last spoke there in an earlier life; see the package comment.
func (l *listener) firstContact(ctx context.Context, c *conversation, h *history, tail *model.PostList) error {
	return l.back(ctx, c, h, tail, func(p *model.Post) bool { return p.UserId != c.other && p.CreateAt < l.began })
}

// back reads from the newest post back to the one where stop holds, or to the horizon, or to the channel's beginning.
func (l *listener) back(ctx context.Context, c *conversation, h *history, page *model.PostList, stop func(*model.Post) bool) error {
	oldest := time.Now().Add(-horizon).UnixMilli()
	for size := newest; ; size = pageSize {
		posts := ordered(page)
		for i, p := range slices.Backward(posts) {
			if p.CreateAt < oldest || stop(p) {
				h.posts = merge(posts[i+1:], h.posts)
				return nil
			}
		}
		h.posts = merge(posts, h.posts)
		if len(posts) < size {
			return nil
		}
		var err error
		if page, err = l.page(ctx, c.channel, afterFirst(posts), pageSize); err != nil {
			return err
		}
		h.keep(page)
	}
}

// afterFirst is beforeLast the other way round.
func afterFirst(page []*model.Post) string {
	for _, p := range page {
		if p.CreateAt > page[0].CreateAt {
			return p.Id
		}
	}
	return page[0].Id
}

// page reads the posts just before one, or the newest ones when before is "".
func (a *Network) page(ctx context.Context, channel, before string, size int) (*model.PostList, error) {
	var list *model.PostList
	var err error
	if before == "" {
		list, _, err = a.api.GetPostsForChannel(ctx, channel, 0, size, "", false, false)
	} else {
		list, _, err = a.api.GetPostsBefore(ctx, channel, before, 0, size, "", false, false)
	}
	if err != nil {
		return nil, fmt.Errorf("mattermost: read a channel: %w", err)
	}
	return list, nil
}

// ordered returns the posts of a page, the oldest first.
func ordered(list *model.PostList) []*model.Post {
	posts := make([]*model.Post, 0, len(list.Order))
	for _, id := range list.Order {
		if p := list.Posts[id]; p != nil {
			posts = append(posts, p)
		}
	}
	slices.SortStableFunc(posts, inOrder)
	return posts
}

func inOrder(x, y *model.Post) int {
	return cmp.Or(cmp.Compare(x.CreateAt, y.CreateAt), cmp.Compare(x.Id, y.Id))
}

// since leaves out the posts before a time.
func since(posts []*model.Post, ms int64) []*model.Post {
	i := slices.IndexFunc(posts, func(p *model.Post) bool { return p.CreateAt >= ms })
	if i < 0 {
		return nil
	}
	return posts[i:]
}

// merge joins two pages that may overlap.
func merge(older, newer []*model.Post) []*model.Post {
	all := slices.Concat(older, newer)
	slices.SortStableFunc(all, inOrder)
	return slices.CompactFunc(all, func(x, y *model.Post) bool { return x.Id == y.Id })
}
