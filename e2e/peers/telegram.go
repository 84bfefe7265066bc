package peers

import (
	"bufio"
	"bytes"
	"encoding/json"
	"fmt"
	"net/http"
	"os"
	"strconv"
	"strings"
	"testing"
	"time"
)

// Telegram is an emulator of Telegram's Bot API, by npm's telegram-test-api, with one bot.
type Telegram struct {
	URL   string
	Token string // of the bot
}

// Shown is a message that the bot sent to somebody.
type Shown struct {
	ID      int64
	Text    string
	Buttons map[string]string // what each carries, by its label
}

// StartTelegram starts it; it ends with the test.
func StartTelegram(t testing.TB) *Telegram {
	t.Helper()
	port := FreePort(t)
	cmd := Node(t, "telegram.js", strconv.Itoa(port))
	out, err := cmd.StdoutPipe()
	if err != nil {
		t.Fatal(err)
	}
	Start(t, os.DevNull, cmd)
	listening := make(chan struct{})
	go func() {
		for lines := bufio.NewScanner(out); lines.Scan(); {
			if lines.Text() == "listening" {
				close(listening)
			}
		}
	}()
	select {
	case <-listening:
	case <-time.After(30 * time.Second):
		t.Fatal("the emulator of Telegram does not listen")
	}
	return &Telegram{URL: "http://" + Addr(port), Token: "123456:AAH-essai"}
}

// Write has somebody write to the bot in private.
func (e *Telegram) Write(t testing.TB, chat int64, text string) {
	t.Helper()
	var entities []map[string]any
	if strings.HasPrefix(text, "/") {
		entities = append(entities, map[string]any{"type": "bot_command", "offset": 0, "length": len(strings.Fields(text)[0])})
	}
	e.post(t, "/sendMessage", map[string]any{"botToken": e.Token, "from": e.person(chat), "chat": e.room(chat), "date": time.Now().UnixMilli(), "text": text, "entities": entities}, nil)
}

// Press has somebody press a button of a message.
func (e *Telegram) Press(t testing.TB, chat int64, m Shown, label string) {
	t.Helper()
	data, ok := m.Buttons[label]
	if !ok {
		t.Fatalf("%q has no button %s: %v", m.Text, label, m.Buttons)
	}
	e.post(t, "/sendCallback", map[string]any{"botToken": e.Token, "from": e.person(chat), "data": data,
		"message": map[string]any{"message_id": m.ID, "date": time.Now().UnixMilli(), "text": m.Text, "chat": e.room(chat)}}, nil)
}

// Read waits for a message to somebody that holds some words.
func (e *Telegram) Read(t testing.TB, chat int64, words string) (found Shown) {
	t.Helper()
	Until(t, 30*time.Second, "", func() error {
		for _, m := range e.shown(t, chat) {
			if strings.Contains(m.Text, words) {
				found = m
				return nil
			}
		}
		return fmt.Errorf("nothing in Telegram says %q", words)
	})
	return found
}

// shown are the messages to somebody, the last one first.
func (e *Telegram) shown(t testing.TB, chat int64) (all []Shown) {
	t.Helper()
	var history struct {
		Result []struct {
			MessageID int64 `json:"messageId"`
			Message   struct {
				Chat   json.Number `json:"chat_id"`
				Text   string      `json:"text"`
				Markup struct {
					Rows [][]struct {
						Text string `json:"text"`
						Data string `json:"callback_data"`
					} `json:"inline_keyboard"`
				} `json:"reply_markup"`
			} `json:"message"`
		} `json:"result"`
	}
	e.post(t, "/getUpdatesHistory", map[string]any{"token": e.Token}, &history)
	for _, u := range history.Result {
		if u.Message.Chat.String() != strconv.FormatInt(chat, 10) {
			continue
		}
		m := Shown{ID: u.MessageID, Text: u.Message.Text, Buttons: map[string]string{}}
		for _, row := range u.Message.Markup.Rows {
			for _, b := range row {
				m.Buttons[b.Text] = b.Data
			}
		}
		all = append([]Shown{m}, all...)
	}
	return all
}

func (e *Telegram) person(chat int64) map[string]any {
	return map[string]any{"id": chat, "first_name": "Jeanne", "is_bot": false}
}

func (e *Telegram) room(chat int64) map[string]any {
	return map[string]any{"id": chat, "first_name": "Jeanne", "type": "private"}
}

func (e *Telegram) post(t testing.TB, path string, body, answer any) {
	t.Helper()
	raw, err := json.Marshal(body)
	if err != nil {
		t.Fatal(err)
	}
	resp, err := http.Post(e.URL+path, "application/json", bytes.NewReader(raw))
	if err != nil {
		t.Fatal(err)
	}
	defer resp.Body.Close()
	if resp.StatusCode != http.StatusOK {
		t.Fatalf("the emulator answers %s to %s", resp.Status, path)
	}
	if answer != nil {
		if err := json.NewDecoder(resp.Body).Decode(answer); err != nil {
			t.Fatal(err)
		}
	}
}
