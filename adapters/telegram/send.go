package telegram

import (
	"cmp"
	"context"
	"errors"
	"fmt"
	"slices"
	"strconv"
	"strings"
	"time"
	"unicode/utf16"

	tg "github.com/go-telegram/bot"
	"github.com/go-telegram/bot/models"

	"passeur/bot"
)

// What one chat takes: a private one a message a second, a group 20 a minute.
var (
	chatRate  = bot.Rate{PerSecond: 1, Burst: 1}
	groupRate = bot.Rate{PerSecond: 18.0 / 60, Burst: 1}
)

const mostText = 4096 // UTF-16 units of a text

// Send hands one message over and returns its id, which edits and buttons name it by. A message to a chat that had one less than a second ago waits for
// its turn; one that does not come in time was not sent. A post that is edited is the message itself.
func (n *Network) Send(ctx context.Context, to bot.Address, m bot.Rendered) (string, error) {
	chat, err := strconv.ParseInt(to.ID(), 10, 64)
	switch {
	case err != nil || to.Network() != name:
		return "", refused("adresse")
	case strings.TrimSpace(m.Text) == "":
		return "", refused("vide")
	case len(utf16.Encode([]rune(m.Text))) > mostText:
		return "", refused("trop-long")
	}
	if err := n.turnOf(ctx, chat); err != nil {
		return "", err
	}
	once, cancel := context.WithTimeout(ctx, sendTimeout)
	defer cancel()
	m.Text = strings.ToValidUTF8(m.Text, "\ufffd")
	if old, ok := strings.CutPrefix(m.Replace, to.ID()+"/"); ok {
		if ref, err := n.edit(once, chat, old, m); !errors.Is(err, errGone) {
			return ref, err
		}
	}
	if m.Redraws {
		return "", refused("disparu")
	}
	var t taken
	_, err = n.api.SendMessage(context.WithValue(once, takenKey{}, &t), &tg.SendMessageParams{ChatID: chat, Text: m.Text, ReplyMarkup: markup(m), LinkPreviewOptions: noPreview})
	if !t.OK || t.Result.ID == 0 {
		return "", meaning(cmp.Or(err, errors.New("no message")))
	}
	return refOf(chat, t.Result.ID), nil
}

func refused(reason string) error { return fmt.Errorf("%w: %s", bot.ErrRefused, reason) }

var noPreview = &models.LinkPreviewOptions{IsDisabled: tg.True()}

// turnOf waits until a chat may have another message.
func (n *Network) turnOf(ctx context.Context, chat int64) error {
	rate := chatRate
	if chat < 0 {
		rate = groupRate
	}
	for {
		granted, wait, err := n.cfg.Take(ctx, name+"/"+strconv.FormatInt(chat, 10), rate, 1, time.Now())
		if err != nil || granted > 0 {
			return err
		}
		n.sleep(ctx, wait)
		if ctx.Err() != nil {
			return fmt.Errorf("telegram : %w en attendant son tour", ctx.Err())
		}
	}
}

// errGone: the message to edit is there no more.
var errGone = errors.New("gone")

// edit writes a message anew. One that says the same already is as it should be.
func (n *Network) edit(ctx context.Context, chat int64, old string, m bot.Rendered) (string, error) {
	id, err := strconv.Atoi(old)
	if err != nil || asksNumber(m) {
		return "", errGone
	}
	params := &tg.EditMessageTextParams{ChatID: chat, MessageID: id, Text: m.Text, LinkPreviewOptions: noPreview}
	if buttons := buttonsOf(m); len(buttons) > 0 {
		params.ReplyMarkup = &models.InlineKeyboardMarkup{InlineKeyboard: buttons}
	}
	var t taken
	switch _, err := n.api.EditMessageText(context.WithValue(ctx, takenKey{}, &t), params); {
	case err == nil, t.OK, errors.Is(err, tg.ErrorBadRequest) && strings.Contains(err.Error(), "not modified"):
		return m.Replace, nil
	case errors.Is(err, tg.ErrorBadRequest) && !nobody(err):
		return "", errGone
	default:
		return "", meaning(err)
	}
}

func asksNumber(m bot.Rendered) bool {
	return slices.ContainsFunc(m.Choices, func(c bot.Choice) bool { return c.Number })
}

// markup are the buttons of a message: one that shows her number takes the place of the keyboard, all others stand below the text; nil for none.
func markup(m bot.Rendered) models.ReplyMarkup {
	if i := slices.IndexFunc(m.Choices, func(c bot.Choice) bool { return c.Number }); i >= 0 {
		return &models.ReplyKeyboardMarkup{Keyboard: [][]models.KeyboardButton{{{Text: m.Choices[i].Label, RequestContact: true}}}, ResizeKeyboard: true,
			OneTimeKeyboard: true}
	}
	if buttons := buttonsOf(m); len(buttons) > 0 {
		return &models.InlineKeyboardMarkup{InlineKeyboard: buttons}
	}
	return nil
}

// longestInRow is how many characters the labels of one row have together, at most: a phone is narrow.
const longestInRow = 24

// buttonsOf are the rows of buttons below a text. A choice that does not fit into one is left out: its words can always be written.
func buttonsOf(m bot.Rendered) (rows [][]models.InlineKeyboardButton) {
	wide := longestInRow + 1
	for _, c := range m.Choices {
		data := dataOf(c, m.About)
		if data == "" || c.Label == "" {
			continue
		}
		button := models.InlineKeyboardButton{Text: c.Label, CallbackData: data}
		if wide += len([]rune(c.Label)); wide > longestInRow || len(rows) == 0 {
			rows, wide = append(rows, nil), len([]rune(c.Label))
		}
		rows[len(rows)-1] = append(rows[len(rows)-1], button)
	}
	return rows
}
