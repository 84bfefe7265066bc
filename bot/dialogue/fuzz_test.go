package dialogue

import (
	"os"
	"path/filepath"
	"strings"
	"testing"
	"time"
)

// FuzzDialogue: whatever a file holds, it is read or refused with the line's number; and what was read, written again
// as the player writes it, is read as the same.
func FuzzDialogue(f *testing.F) {
	zone, err := time.LoadLocation("Europe/Paris")
	if err != nil {
		f.Fatal(err)
	}
	files, err := filepath.Glob("../testdata/*.txt")
	if err != nil || len(files) == 0 {
		f.Fatalf("no dialogue found: %v", err)
	}
	for _, file := range files {
		src, err := os.ReadFile(file)
		if err != nil {
			f.Fatal(err)
		}
		f.Add(string(src))
	}
	for _, src := range []string{"", "\n", "  ", "@ 2026-03-29 02:30", "@ 2026-10-25 02:30:01", "@ x", "a: > b\n  c\n  ", "a: <\n", "a > b", "rien à voir", "panne sms\n  suite"} {
		f.Add(src)
	}
	f.Fuzz(func(t *testing.T, src string) {
		lines, err := parse(src, zone)
		if err != nil {
			if !strings.HasPrefix(err.Error(), "ligne ") {
				t.Fatalf("refused without a line's number: %v", err)
			}
			return
		}
		if kept := asRead(lines); strings.TrimSuffix(kept, "\n") != strings.TrimSuffix(src, "\n") {
			t.Fatalf("read %q and kept %q", src, kept)
		}
		written := asWritten(lines)
		again, err := parse(written, zone)
		if err != nil {
			t.Fatalf("%q was written as %q: %v", src, written, err)
		}
		same(t, lines, again)
	})
}

// asRead puts the lines back together as they stood in the file.
func asRead(lines []line) string {
	raw := make([]string, len(lines))
	for i, l := range lines {
		raw[i] = l.raw
	}
	return strings.Join(raw, "\n") + "\n"
}

// asWritten writes clocks and messages in the player's own hand, the rest as it stood.
func asWritten(lines []line) string {
	var out []string
	for _, l := range lines {
		switch l.kind {
		case clock:
			out = append(out, writeClock(l.at))
		case gets, seesEdited:
			out = append(out, writeGets(message{l.kind, l.who, l.text}))
		default:
			out = append(out, l.raw)
		}
	}
	return strings.Join(out, "\n") + "\n"
}

func same(t *testing.T, want, got []line) {
	t.Helper()
	if len(want) != len(got) {
		t.Fatalf("%d lines became %d", len(want), len(got))
	}
	for i := range want {
		w, g := want[i], got[i]
		if w.kind != g.kind || w.directive != g.directive || w.who != g.who || w.text != g.text || w.number != g.number || !w.at.Equal(g.at) {
			t.Fatalf("%+v became %+v", w, g)
		}
	}
}
