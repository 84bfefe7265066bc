package search

import (
	"slices"
	"strings"

	"passeur/intents/french"
)

// numbers gives names numbers from 0 on, which are places in lists. A number that is free again goes to the next new name.
type numbers struct {
	of     map[string]int32
	names  []string
	unused []int32
}

func newNumbers() numbers { return numbers{of: map[string]int32{}} }

// give is the number of a name.
func (n *numbers) give(name string) int32 {
	if i, ok := n.of[name]; ok {
		return i
	}
	i := int32(len(n.names))
	if last := len(n.unused) - 1; last >= 0 {
		i, n.unused = n.unused[last], n.unused[:last]
	}
	name = strings.Clone(name) // it may be a part of a text, all of which would stay in memory
	n.names = reach(n.names, i)
	n.names[i], n.of[name] = name, i
	return i
}

// free takes a number from its name.
func (n *numbers) free(i int32) {
	delete(n.of, n.names[i])
	n.names[i], n.unused = "", append(n.unused, i)
}

// reach is a list that has a place for a number.
func reach[T any](list []T, number int32) []T {
	if int(number) == len(list) {
		var none T
		list = append(list, none)
	}
	return list
}

// vocabulary knows the words of answers and of the table of synonyms.
type vocabulary struct {
	numbers
	words []word
	alike map[shape][]int32
}

// word is what is known of one, by its number.
type word struct {
	stem  string
	times int // it stands in so many places
}

// shape is what a word shares with those that it may be a slip of.
type shape struct {
	first  byte
	length int
}

func newVocabulary() vocabulary {
	return vocabulary{numbers: newNumbers(), alike: map[shape][]int32{}}
}

// telling are the words of a text that say something, SMS spellings undone.
func telling(text string) []string {
	words, _ := french.Words(french.Tokenize(french.Opening(text)), func(string) bool { return true })
	return slices.DeleteFunc(words, func(w string) bool {
		return french.EmptyWords[w] || len(w) < 2 || w[0] < '0' || w[0] >= 0x80
	})
}

// hold takes in the words of a text that say something.
func (v *vocabulary) hold(text string) []int32 {
	told := telling(text)
	held := make([]int32, len(told))
	for i, w := range told {
		n := v.give(w)
		v.words = reach(v.words, n)
		if v.words[n].times == 0 {
			v.words[n].stem = strings.Clone(french.Stem(w))
			s := shapeOf(w)
			v.alike[s] = append(v.alike[s], n)
		}
		v.words[n].times++
		held[i] = n
	}
	return held
}

// release lets go of a word once.
func (v *vocabulary) release(n int32) {
	if v.words[n].times--; v.words[n].times > 0 {
		return
	}
	s := shapeOf(v.names[n])
	v.alike[s] = slices.DeleteFunc(v.alike[s], func(o int32) bool { return o == n })
	v.words[n].stem = ""
	v.free(n)
}

func shapeOf(w string) shape { return shape{w[0], len(w)} }

// stem is that of a word, known or not.
func (v *vocabulary) stem(w string) string {
	if n, ok := v.of[w]; ok {
		return v.words[n].stem
	}
	return french.Stem(w)
}

// stems are those of words that are held.
func (v *vocabulary) stems(held []int32) []string {
	stems := make([]string, len(held))
	for i, n := range held {
		stems[i] = v.words[n].stem
	}
	return stems
}

// knows tells a word that is no slip: one of an answer, of the table of synonyms or of grammar.
func (v *vocabulary) knows(w string) bool {
	_, ok := v.of[w]
	return ok || french.EmptyWords[w]
}

// near calls see with the words that differ from w by one letter, not the first, and with their stems.
func (v *vocabulary) near(w string, see func(other, stem string)) {
	for length := len(w) - 1; length <= len(w)+1; length++ {
		for _, n := range v.alike[shape{w[0], length}] {
			if other := v.names[n]; french.Near(w, other) {
				see(other, v.words[n].stem)
			}
		}
	}
}
