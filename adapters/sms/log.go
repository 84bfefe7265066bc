package sms

import (
	"context"
	"fmt"
	"io"
	"strings"
	"sync"

	"passeur/bot"
)

// Log is a dry run: a network that writes what would leave and sends nothing. It receives nothing either, and takes
// every number that could receive an SMS, those of fiction included.
type Log struct {
	mu  sync.Mutex
	out io.Writer
}

var (
	_ bot.Network = (*Log)(nil)
	_ bot.Sender  = (*Log)(nil)
)

// NewLog returns a dry run that writes to out, one message after the other. Numbers and texts are written in full,
// because that is what it is for: out is a terminal, never a log file.
func NewLog(out io.Writer) *Log { return &Log{out: out} }

// Name returns "sms".
func (l *Log) Name() string { return "sms" }

// Listen waits for ctx to end: nothing comes in.
func (l *Log) Listen(ctx context.Context, _ bot.Hear) error {
	<-ctx.Done()
	return nil
}

// Abilities tells that no answer comes back.
func (l *Log) Abilities() bot.Abilities {
	return bot.Abilities{Parts: func(text string) int { return Segments(Fold(text)).Parts }, Fold: Fold}
}

// Send writes the text as it would leave, with what it would cost. The id is the task's key.
func (l *Log) Send(_ context.Context, to bot.Address, m bot.Rendered) (string, error) {
	if to.Network() != l.Name() || !isMobile(to.ID()) {
		return "", refused(reasonLine)
	}
	text := Fold(m.Text)
	l.mu.Lock()
	defer l.mu.Unlock()
	_, err := fmt.Fprintf(l.out, "SMS (essai, rien n'est envoyé) pour %s : %s\n  %s\n",
		to.ID(), Segments(text), strings.ReplaceAll(text, "\n", "\n  "))
	return m.Key, err
}

// String says what the text costs, in French: "GSM-7, 2 parties, 12 caractères libres".
func (c Count) String() string {
	return fmt.Sprintf("%s, %s, %s", c.Encoding, plural(c.Parts, "partie", "parties"),
		plural(c.Left, "caractère libre", "caractères libres"))
}

func plural(n int, one, many string) string {
	if n < 2 {
		return fmt.Sprintf("%d %s", n, one)
	}
	return fmt.Sprintf("%d %s", n, many)
}
