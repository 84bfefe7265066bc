package main

import (
	"context"
	"fmt"
	"regexp"
	"strings"
	"time"

	"passeur/bot"
)

// All cards as a file: a table for spreadsheets, or a text in Markdown for whoever reads them or puts them on a wiki.

// cardForms are the forms in which cards leave, by the names that a message and the command call them.
var cardForms = map[string]func(all []bot.ExportedCard, at time.Time) (bot.Attachment, error){
	"csv": func(all []bot.ExportedCard, at time.Time) (bot.Attachment, error) {
		return csvOf("fiches.csv", cardRows(all, at.Location()))
	},
	"md": func(all []bot.ExportedCard, at time.Time) (bot.Attachment, error) {
		return bot.Attachment{Name: "fiches.md", Type: "text/markdown; charset=utf-8", Data: []byte(cardText(all, at))}, nil
	},
}

// cardFile makes "fiches.csv" and "fiches.md" of all cards, be there none: who asked sees that there is none.
func (h *house) cardFile(ctx context.Context, name string, now time.Time) (bot.Attachment, error) {
	write := cardForms[strings.TrimPrefix(name, "fiches.")]
	if write == nil {
		return bot.Attachment{}, nil
	}
	all, err := h.bot.ExportCards(ctx, now)
	if err != nil {
		return bot.Attachment{}, err
	}
	return write(all, now.In(h.bot.Zone("")))
}

// cardDay is how files write a day: as spreadsheets read it.
const cardDay = "02/01/2006"

// cardRows are cards as a table, their days those of a zone.
func cardRows(all []bot.ExportedCard, zone *time.Location) [][]string {
	rows := [][]string{{"fiche", "question", "réponse", "thèmes", "auteur", "vérifiée le", "expire le", "à vérifier"}}
	for _, c := range all {
		doubt := ""
		if c.Expired {
			doubt = "oui"
		}
		rows = append(rows, []string{c.Number, c.Question, c.Answer, strings.Join(c.ThemeNames, " ; "), c.Name, c.Verified.In(zone).Format(cardDay),
			c.Until.In(zone).Format(cardDay), doubt})
	}
	return rows
}

// cardText is cards in Markdown, in the order of their numbers: a card has several themes, and would stand several times if they were grouped by them.
func cardText(all []bot.ExportedCard, at time.Time) string {
	var b strings.Builder
	fmt.Fprintf(&b, "# Fiches\n\nÉtat du %s : %d fiche(s).\n", at.Format(cardDay), len(all))
	for _, c := range all {
		fmt.Fprintf(&b, "\n## Fiche n° %s : %s\n\n", c.Number, markdownLine(c.Question))
		if c.Expired {
			b.WriteString("⚠️ **À vérifier** : personne n'a confirmé que cette fiche est toujours vraie.\n\n")
		}
		fmt.Fprintf(&b, "%s\n\n%s\n", markdownText(c.Answer), cardFoot(c, at.Location()))
	}
	return b.String()
}

// cardFoot says where a card comes from, on one line.
func cardFoot(c bot.ExportedCard, zone *time.Location) string {
	expires := "expire"
	if c.Expired {
		expires = "a expiré"
	}
	var parts []string
	if len(c.ThemeNames) > 0 {
		parts = append(parts, "Thèmes : "+strings.Join(c.ThemeNames, " ; "))
	}
	if c.Name != "" {
		parts = append(parts, "Auteur : "+markdownLine(c.Name))
	}
	parts = append(parts, fmt.Sprintf("Vérifiée le %s, %s le %s", c.Verified.In(zone).Format(cardDay), expires, c.Until.In(zone).Format(cardDay)))
	return strings.Join(parts, " · ")
}

// markdownText is what somebody typed, in Markdown: its lines and lists stay, and nothing in it is a heading, a quote, a rule, a table, a link or HTML.
func markdownText(text string) string {
	var b strings.Builder
	gap := "" // before the next line
	for line := range strings.Lines(strings.TrimSpace(text)) {
		words := markdownLine(line)
		if words == "" {
			gap = "\n\n"
			continue
		}
		b.WriteString(gap + words)
		gap = "  \n" // a line that ends here ends on the page too
	}
	return b.String()
}

var (
	listMark = regexp.MustCompile(`^([-+]|\d{1,9}[.)])$`)
	webLink  = regexp.MustCompile("^https?://[^\\\\`*\\[\\]<>|~]+$")
	marks    = strings.NewReplacer(`\`, `\\`, "`", "\\`", "*", `\*`, "_", `\_`, "[", `\[`, "]", `\]`, "<", `\<`, "|", `\|`, "~", `\~`)
)

// markdownLine is one line of that. Links can still be followed.
func markdownLine(line string) string {
	words := strings.Fields(line)
	head := true // no text yet: marks of lists at most
	for i, w := range words {
		if head && listMark.MatchString(w) {
			continue
		}
		if !webLink.MatchString(w) {
			words[i] = marks.Replace(w)
		}
		if w[0] == '#' || head && w[0] == '>' {
			words[i] = `\` + words[i]
		}
		head = false
	}
	line = strings.Join(words, " ")
	if line != "" && strings.Trim(line, "-=+: ") == "" { // it would underline a heading or the titles of a table, or be a rule
		return `\` + line
	}
	return line
}
