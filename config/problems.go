package config

import (
	"cmp"
	"errors"
	"fmt"
	"io/fs"
	"slices"
	"strings"
	"syscall"
)

// Problem is one thing that is wrong with the settings.
type Problem struct {
	Subject      string // the setting, the variable or the wrong key
	Line, Column int    // from 1; 0 when it does not come from a file
	Text         string // what is wrong and how to mend it, in French; never a secret
}

// Error is the whole sentence.
func (p Problem) Error() string {
	var b strings.Builder
	b.WriteString(p.Subject)
	if p.Line > 0 {
		fmt.Fprintf(&b, ", ligne %d, colonne %d", p.Line, p.Column)
	}
	b.WriteString(" : " + p.Text)
	return b.String()
}

// Problems is all that is wrong with the settings, in the order of the file, then by variable.
type Problems []Problem

// Error is one sentence a line.
func (ps Problems) Error() string {
	lines := make([]string, len(ps))
	for i, p := range ps {
		lines[i] = p.Error()
	}
	return strings.Join(lines, "\n")
}

// Unwrap gives the problems one by one to errors.As.
func (ps Problems) Unwrap() []error {
	out := make([]error, len(ps))
	for i, p := range ps {
		out[i] = p
	}
	return out
}

func (ps Problems) sort() {
	slices.SortStableFunc(ps, func(a, b Problem) int {
		return cmp.Or(
			cmp.Compare(orLast(a.Line), orLast(b.Line)),
			cmp.Compare(a.Column, b.Column),
			cmp.Compare(a.Subject, b.Subject))
	})
}

// orLast puts what has no line behind everything that has one.
func orLast(line int) int {
	if line == 0 {
		return int(^uint(0) >> 1)
	}
	return line
}

// fault notes a problem of a setting, where it was set.
func (l *loader) fault(s *setting, format string, args ...any) {
	l.faultAt(s.subject(), s.at, format, args...)
}

func (l *loader) faultAt(subject string, at position, format string, args ...any) {
	l.problems = append(l.problems, Problem{
		Subject: subject, Line: at.line, Column: at.column, Text: fmt.Sprintf(format, args...),
	})
}

func (l *loader) warn(format string, args ...any) {
	l.cfg.Warnings = append(l.cfg.Warnings, fmt.Sprintf(format, args...))
}

// reasons says in French what the system says in English, for the errors that people meet.
var reasons = []struct {
	err  error
	text string
}{
	{fs.ErrNotExist, "il n'existe pas"},
	{fs.ErrPermission, "l'accès est refusé"},
	{syscall.EISDIR, "c'est un dossier"},
}

// spoken is a system error with a French sentence.
type spoken struct {
	err  error
	text string
}

func (e spoken) Error() string { return e.text }
func (e spoken) Unwrap() error { return e.err }

// bare leaves the reason of a file error: the path is told by the caller.
func bare(err error) error {
	for _, r := range reasons {
		if errors.Is(err, r.err) {
			return spoken{err, r.text}
		}
	}
	var path *fs.PathError
	if errors.As(err, &path) {
		return path.Err
	}
	return err
}

// quote shows a value in an error: short, on one line.
func quote(text string) string {
	const most = 60
	clean := strings.Join(strings.Fields(strings.ToValidUTF8(text, "?")), " ")
	if runes := []rune(clean); len(runes) > most {
		clean = string(runes[:most]) + "…"
	}
	return "« " + clean + " »"
}
