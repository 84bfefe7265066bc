package mattermost

import (
	"testing"

	"passeur/bot"
)

// TestEachAnswerHasAnEmoji: without buttons, what no emoji says must be typed; and an emoji says one thing.
func TestEachAnswerHasAnEmoji(t *testing.T) {
	for _, words := range bot.AnswerWords {
		if len(emojis[words]) == 0 {
			t.Errorf("no emoji says %q", words)
		}
	}
	said := map[string]string{}
	for words, names := range emojis {
		for _, name := range names {
			if other, twice := said[name]; twice {
				t.Errorf("%s says %q and %q", name, words, other)
			}
			said[name] = words
		}
	}
}
