package main

import (
	"bufio"
	"context"
	"encoding/json"
	"errors"
	"fmt"
	"io"
	"strings"
	"unicode/utf8"
)

// longestLine is how many bytes of a line of the standard input are looked at.
const longestLine = 64 << 10

// eachLine answers each line of the standard input with a line of JSON, at once, until the input ends or the context is done: a read that
// waits cannot be interrupted. Being told to stop is no fault.
func eachLine(ctx context.Context, s streams, answer func(line string) any) error {
	lines := linesOf(ctx, s.in)
	for {
		select {
		case <-ctx.Done():
			return nil
		case l, more := <-lines:
			if !more {
				return nil
			}
			if l.err != nil {
				return fmt.Errorf("l'entrée ne se lit pas : %w", l.err)
			}
			line, err := json.Marshal(answer(l.text))
			if err != nil {
				return err
			}
			if _, err := s.out.Write(append(line, '\n')); err != nil {
				return fmt.Errorf("la sortie ne s'écrit pas : %w", err)
			}
		}
	}
}

// typedLine is a line that was read, or why there are no more.
type typedLine struct {
	text string
	err  error
}

// linesOf yields the lines of a reader until its end, or until the context is done.
func linesOf(ctx context.Context, r io.Reader) <-chan typedLine {
	lines := make(chan typedLine)
	go func() {
		defer close(lines)
		in := bufio.NewReaderSize(r, longestLine)
		for {
			text, err := lineOf(in)
			if errors.Is(err, io.EOF) {
				return
			}
			select {
			case lines <- typedLine{text, err}:
			case <-ctx.Done():
				return
			}
			if err != nil {
				return
			}
		}
	}()
	return lines
}

// lineOf reads one line; of a long one it returns the beginning. The last line may lack its end.
func lineOf(in *bufio.Reader) (string, error) {
	line, err := in.ReadSlice('\n')
	text := string(line)
	if errors.Is(err, bufio.ErrBufferFull) {
		text = wholeRunes(text)
	}
	for errors.Is(err, bufio.ErrBufferFull) {
		_, err = in.ReadSlice('\n')
	}
	if errors.Is(err, io.EOF) && text != "" {
		err = nil
	}
	return strings.TrimPrefix(text, "\ufeff"), err
}

// wholeRunes takes off the last character of a text that was cut, of which there may be a part only.
func wholeRunes(text string) string {
	n := len(text)
	for n > 0 && !utf8.RuneStart(text[n-1]) {
		n--
	}
	return text[:max(0, n-1)]
}
