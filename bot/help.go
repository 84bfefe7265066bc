package bot

import (
	"cmp"
	"slices"
	"strings"
)

// help lists what a professional may say, off the rules table: all of it, or the parts that she names.
func help(t *Turn) {
	t.known()
	parts := t.helpParts()
	if named := slices.DeleteFunc(slices.Clone(parts), func(part []string) bool { return !teaches(part, t.Text) }); len(named) > 0 {
		parts = named
	}
	t.Reply("aide", Args{"liste": strings.Join(slices.Concat(parts...), "\n")})
}

// helpParts are the lines of the help for somebody, by part: each begins with its title.
func (t *Turn) helpParts() (parts [][]string) {
	title := ""
	for _, r := range t.bot.rules {
		title = cmp.Or(r.Title, title)
		if r.Help == "" || r.From == Anyone || !r.From.takes(t.Role) {
			continue
		}
		if title != "" {
			parts, title = append(parts, []string{t.say(title, nil)}), ""
		}
		last := len(parts) - 1
		parts[last] = append(parts[last], t.say(r.Help, nil))
	}
	return parts
}

// teaches tells whether a part of the help is what a text asks for: "aide questions", "aide fiches". It is, if a word of it is in the title, or begins a command.
func teaches(part []string, text string) bool {
	names := singular(wordsIn(part[0]))
	for _, line := range part[1:] {
		for i, piece := range strings.Split(line, "`") {
			if words := singular(wordsIn(piece)); i%2 == 1 && len(words) > 0 {
				names = append(names, words[0])
			}
		}
	}
	return slices.ContainsFunc(singular(wordsIn(text)), func(word string) bool { return word != "aide" && len(word) > 2 && slices.Contains(names, word) })
}

// singular takes the "s" off the end of words.
func singular(words []string) []string {
	for i, w := range words {
		words[i] = strings.TrimSuffix(w, "s")
	}
	return words
}
