package sms

import (
	"context"
	"fmt"
	"io"
	"strings"
	"sync"
)

// paper is a dry run: it writes what would leave and sends nothing. It receives nothing either, and takes every number that could
// receive an SMS, those of fiction included. Numbers and texts are written in full, because that is what it is for: out is a
// terminal, never a log file.
type paper struct {
	mu  sync.Mutex
	out io.Writer
}

func newPaper(_ Config, out io.Writer) (way, error) { return &paper{out: out}, nil }

// Can tells that no answer comes back.
func (p *paper) Can() Abilities { return Abilities{Name: "log", Fiction: true, Batch: 1} }

// hand writes the text as it would leave, with what it would cost.
func (p *paper) hand(_ context.Context, t Text) (string, error) {
	p.mu.Lock()
	defer p.mu.Unlock()
	_, err := fmt.Fprintf(p.out, "SMS (essai, rien n'est envoyé) pour %s : %s\n  %s\n",
		t.To, Segments(t.Text), strings.ReplaceAll(t.Text, "\n", "\n  "))
	return "", err
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
