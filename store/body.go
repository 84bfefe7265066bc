package store

import (
	"encoding/binary"
	"maps"
	"slices"
	"time"

	"passeur/bot"
	"passeur/intents"
)

// What a task says, and what SQL never asks about, is one sealed body: fields, each a tag, a length and its bytes.
// That takes half the time of JSON or less, which counts here alone, where every message passes twice. A tag keeps its
// meaning for ever; unknown ones are skipped, so that a release reads what the next one writes. A text added to
// bot.Message needs a line in messageTexts: the test of this file fails until it has one.
const (
	tagPurpose  = 1
	tagPlace    = 2
	tagNotAfter = 3
	tagIntent   = 4
	tagArg      = 5 // a name and a value
	tagMessage  = 6 // a body of its own: messageTexts, tagWord, tagChoice, tagBeside, tagNumber, tagAsks and tagRedraws
	tagWord     = 1 // of Message.Args: a name and a value
	tagChoice   = 8 // of Message.Choices: the words and the label
	tagBeside   = 9 // the same, of a shortcut
	tagAsks     = 11
	tagRedraws  = 13
	tagNumber   = 12 // of Message.Choices: a shortcut that shows a number
)

type textField struct {
	tag  byte
	text *string
}

// messageTexts lists the texts of a message, by tag.
func messageTexts(m *bot.Message) [7]textField {
	return [...]textField{
		{2, &m.Key}, {3, &m.Text}, {4, &m.Thread}, {5, &m.Replaces}, {6, &m.ReplyTo}, {7, &m.About}, {10, &m.File},
	}
}

func appendField(b []byte, tag byte, value string) []byte {
	if value == "" {
		return b
	}
	return appendSized(append(b, tag), value)
}

// appendPairs writes a map in the order of its names, so that the same task is the same bytes.
func appendPairs(b []byte, tag byte, pairs map[string]string) []byte {
	for _, name := range slices.Sorted(maps.Keys(pairs)) {
		b = appendPair(b, tag, name, pairs[name])
	}
	return b
}

func appendPair(b []byte, tag byte, name, value string) []byte {
	b = binary.AppendUvarint(append(b, tag), uint64(sizedLen(name)+len(value)))
	return append(appendSized(b, name), value...)
}

// appendSized writes a length and so many bytes, which is what cutSized takes off.
func appendSized[T string | []byte](b []byte, value T) []byte {
	return append(binary.AppendUvarint(b, uint64(len(value))), value...)
}

func sizedLen(value string) int {
	n := 1 + len(value)
	for rest := len(value) >> 7; rest > 0; rest >>= 7 {
		n++
	}
	return n
}

func encodeTask(t *bot.Task) []byte {
	b := make([]byte, 0, 256)
	b = appendField(b, tagPurpose, string(t.Purpose))
	b = appendField(b, tagPlace, t.Place)
	b = appendField(b, tagIntent, string(t.Intent))
	if !t.NotAfter.IsZero() {
		b = appendField(b, tagNotAfter, string(binary.AppendVarint(nil, ms(t.NotAfter))))
	}
	b = appendPairs(b, tagArg, t.Args)
	if t.Message != nil {
		b = appendSized(append(b, tagMessage), encodeMessage(t.Message))
	}
	return b
}

func encodeMessage(m *bot.Message) []byte {
	b := make([]byte, 0, 192)
	for _, f := range messageTexts(m) {
		b = appendField(b, f.tag, *f.text)
	}
	for _, c := range m.Choices {
		tag := byte(tagChoice)
		switch {
		case c.Number:
			tag = tagNumber
		case c.Beside:
			tag = tagBeside
		}
		b = appendPair(b, tag, c.Words, c.Label)
	}
	if m.Asks {
		b = appendField(b, tagAsks, "1")
	}
	if m.Redraws {
		b = appendField(b, tagRedraws, "1")
	}
	return appendPairs(b, tagWord, m.Args)
}

// eachField calls f for every field. It is false when the bytes are no body, or f says so.
func eachField(b []byte, f func(tag byte, value []byte) bool) bool {
	for len(b) > 0 {
		tag := b[0]
		value, rest, ok := cutSized(b[1:])
		if !ok || !f(tag, value) {
			return false
		}
		b = rest
	}
	return true
}

// cutSized takes a length and so many bytes off the front.
func cutSized(b []byte) (value, rest []byte, ok bool) {
	size, n := binary.Uvarint(b)
	if n <= 0 || size > uint64(len(b)-n) {
		return nil, nil, false
	}
	end := n + int(size)
	return b[n:end], b[end:], true
}

func addPair(pairs *map[string]string, b []byte) bool {
	name, value, ok := cutSized(b)
	if !ok {
		return false
	}
	if *pairs == nil {
		*pairs = make(map[string]string, 4)
	}
	(*pairs)[string(name)] = string(value)
	return true
}

func decodeTask(b []byte, t *bot.Task) bool {
	return eachField(b, func(tag byte, value []byte) bool {
		switch tag {
		case tagPurpose:
			t.Purpose = bot.Purpose(value)
		case tagPlace:
			t.Place = string(value)
		case tagIntent:
			t.Intent = intents.Intent(value)
		case tagNotAfter:
			return decodeTime(value, &t.NotAfter)
		case tagArg:
			return addPair(&t.Args, value)
		case tagMessage:
			t.Message = new(bot.Message)
			return decodeMessage(value, t.Message)
		}
		return true
	})
}

func decodeTime(b []byte, t *time.Time) bool {
	number, n := binary.Varint(b)
	if n > 0 {
		*t = at(number)
	}
	return n > 0
}

func decodeMessage(b []byte, m *bot.Message) bool {
	texts := messageTexts(m)
	return eachField(b, func(tag byte, value []byte) bool {
		switch tag {
		case tagWord:
			return addPair(&m.Args, value)
		case tagChoice, tagBeside, tagNumber:
			words, label, ok := cutSized(value)
			m.Choices = append(m.Choices, bot.Choice{Words: string(words), Label: string(label), Beside: tag != tagChoice, Number: tag == tagNumber})
			return ok
		case tagAsks:
			m.Asks = true
			return true
		case tagRedraws:
			m.Redraws = true
			return true
		}
		for _, f := range texts {
			if f.tag == tag {
				*f.text = string(value)
			}
		}
		return true
	})
}
