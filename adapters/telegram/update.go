package telegram

import (
	"context"
	"encoding/json"
	"fmt"
	"strconv"
	"strings"
	"time"

	"passeur/bot"
)

// heard are the kinds of updates that are asked for.
var heard = []string{"message", "callback_query", "my_chat_member"}

// update is what is read of one. The types of the library hold all there is, and refuse what Telegram adds later.
type update struct {
	ID      int64    `json:"update_id"`
	Message *message `json:"message"`
	Press   *press   `json:"callback_query"`
	Member  *member  `json:"my_chat_member"`
}

type message struct {
	ID      int64    `json:"message_id"`
	Date    int64    `json:"date"` // seconds since 1970
	Chat    chat     `json:"chat"`
	From    user     `json:"from"`
	Text    string   `json:"text"`
	Caption string   `json:"caption"`
	Contact *contact `json:"contact"`
}

type chat struct {
	ID   int64  `json:"id"`
	Type string `json:"type"`
}

type user struct {
	ID    int64 `json:"id"`
	IsBot bool  `json:"is_bot"`
}

type contact struct {
	Phone string `json:"phone_number"`
	User  int64  `json:"user_id"`
}

type press struct {
	ID      string   `json:"id"`
	From    user     `json:"from"`
	Message *message `json:"message"`
	Data    string   `json:"data"`
}

type member struct {
	Chat chat `json:"chat"`
	Now  struct {
		Status string `json:"status"`
	} `json:"new_chat_member"`
}

// readUpdate reads one; what cannot be read, or has no id, is an error.
func readUpdate(raw []byte) (u update, err error) {
	if err = json.Unmarshal(raw, &u); err == nil && u.ID <= 0 {
		err = fmt.Errorf("an update without an id")
	}
	return u, err
}

// who is the private chat that an update is of; 0 for any other, which nobody hears.
func (u *update) who() int64 {
	switch {
	case u.Message != nil && !u.Message.From.IsBot:
		return u.Message.Chat.private(u.Message.From)
	case u.Press != nil && u.Press.Message != nil:
		return u.Press.Message.Chat.private(u.Press.From)
	case u.Member != nil && u.Member.Chat.Type == "private":
		return u.Member.Chat.ID
	}
	return 0
}

// private is the id of a chat that somebody has alone with the bot.
func (c chat) private(from user) int64 {
	if c.Type != "private" || c.ID != from.ID || c.ID <= 0 {
		return 0
	}
	return c.ID
}

// event is what an update says; false when it says nothing to the bot.
func (n *Network) event(ctx context.Context, u *update, now time.Time) (e bot.Event, ok bool, err error) {
	who := u.who()
	if who == 0 {
		return e, false, nil
	}
	e = bot.Event{ID: name + "/" + strconv.FormatInt(u.ID, 10), At: now.UTC(), From: addressOf(who), Role: bot.Usager}
	switch {
	case u.Press != nil:
		err = n.pressed(ctx, &e, u.Press)
		return e, err == nil && e.Text != "", err
	case u.Member != nil:
		e.Intent = bot.BlockedIntent
		return e, u.Member.Now.Status == "kicked", nil
	}
	n.written(&e, u.Message)
	return e, true, nil
}

// written is what somebody wrote or showed.
func (n *Network) written(e *bot.Event, m *message) {
	if at := time.Unix(m.Date, 0).UTC(); m.Date > 0 && at.Before(e.At) {
		e.At = at
	}
	switch {
	case m.Contact != nil:
		e.Intent, e.Values = bot.ContactIntent, map[string]string{}
		if m.Contact.User == m.From.ID {
			e.Values["number"] = "+" + strings.TrimLeft(m.Contact.Phone, "+")
		} else {
			n.forged.Add(1)
		}
	case m.Text != "" || m.Caption != "":
		e.Text = m.Text + m.Caption // one of them is empty
	default:
		e.Intent = bot.WordlessIntent
	}
}

// What begins the data of a button.
const (
	besideMark   = "b" // the words, a line break and what the message is about
	questionMark = "q" // the words of an answer to the question of that message
	mostData     = 64  // bytes that Telegram lets a button carry
)

// dataOf is what a button carries; "" when that does not fit.
func dataOf(c bot.Choice, about string) string {
	data := questionMark + c.Words
	if c.Beside {
		data = besideMark + c.Words + "\n" + about
	}
	if c.Words == "" || len(data) > mostData {
		return ""
	}
	return data
}

// pressed reads a button. What it carries is no more than what she could write: the bot looks whose it is about.
func (n *Network) pressed(ctx context.Context, e *bot.Event, p *press) (err error) {
	if rest, beside := strings.CutPrefix(p.Data, besideMark); beside {
		e.Text, e.About, _ = strings.Cut(rest, "\n")
		return nil
	}
	rest, asked := strings.CutPrefix(p.Data, questionMark)
	if !asked {
		return nil
	}
	e.Text = rest
	e.Pressed, err = n.cfg.KeyOf(ctx, refOf(p.Message.Chat.ID, p.Message.ID))
	if e.Pressed == "" {
		e.Pressed = "unknown" // of a message that is forgotten: its question is open no more
	}
	return err
}

func addressOf(chat int64) bot.Address { return bot.Address(name + ":" + strconv.FormatInt(chat, 10)) }

// refOf is the id of a message, which Telegram counts in each chat.
func refOf(chat, message int64) string {
	return strconv.FormatInt(chat, 10) + "/" + strconv.FormatInt(message, 10)
}
