package main

import (
	"context"
	"crypto/sha256"
	"encoding/hex"
	"errors"
	"fmt"
	"io"
	"net/url"
	"os"
	"strings"
	"unicode/utf8"

	"passeur/bot"
	"passeur/intents/french"
	"passeur/papers/tables"
)

type importResourcesCmd struct {
	File   string `arg:"" name:"FICHIER" type:"path" help:"CSV ou classeur Excel (.xlsx), avec les colonnes titre et lien ; description, thèmes et id sont facultatives."`
	Source string `default:"La Base" placeholder:"NOM" help:"Qui tient ces ressources : c'est dit sous chacune (sans cela : La Base)."`
}

// Run imports shared resources as answered questions with their link. A file with a row that is wrong changes nothing.
func (c *importResourcesCmd) Run(ctx context.Context, s streams, load settings) error {
	read, err := newResourceReader(c.Source)
	if err != nil {
		return err
	}
	f, err := openImport(c.File)
	if err != nil {
		return err
	}
	defer f.Close()
	if err := read.file(f); err != nil {
		return fmt.Errorf("%s : %w, rien n'a été importé", c.File, err)
	}
	if len(read.faults) > 0 {
		printFaults(s, read.faults)
		return fmt.Errorf("%s : %d faute(s) à corriger, rien n'a été importé", c.File, len(read.faults))
	}
	n, err := sendImport(ctx, s, load, answersOrder, read.answers)
	if err != nil {
		return err
	}
	tellAnswers(s, "ressource(s)", n, len(read.answers))
	return nil
}

// resourceColumns are those of a file of resources, in the order in which they are read.
var resourceColumns = []tables.Column{
	{Name: "titre", Titles: []string{"titre", "title", "nom"}, Needed: true}, {Name: "lien", Titles: []string{"lien", "url", "adresse"}, Needed: true},
	{Name: "description", Titles: []string{"description", "résumé", "contenu"}}, {Name: "thèmes", Titles: []string{"thèmes", "thématiques", "tags"}},
	{Name: "id", Titles: []string{"id"}},
}

const (
	resourceTitle = iota
	resourceLink
	resourceText
	resourceThemes
	resourceID
)

// resourceReader reads rows, and says of each one that is wrong where and why.
type resourceReader struct {
	source string
	prefix string         // of the ids: two sources may number theirs alike
	lines  map[string]int // where each id was met: they are one whatever their case
	size   int            // of all texts, in bytes

	answers []bot.KnownAnswer
	faults  []string
}

func newResourceReader(source string) (*resourceReader, error) {
	source = strings.Join(strings.Fields(source), " ")
	name := strings.ReplaceAll(french.Folded(source), " ", "")
	if name == "" || utf8.RuneCountInString(source) > bot.LongestSource || strings.ContainsFunc(source, invisible) {
		return nil, fmt.Errorf("--source : donnez un nom de %d caractères au plus, comme « La Base »", bot.LongestSource)
	}
	return &resourceReader{source: source, prefix: name + "/", lines: map[string]int{}}, nil
}

// file reads all rows; what is wrong with them is in r.faults, what is wrong with the whole file is the error.
func (r *resourceReader) file(f *os.File) error {
	info, err := f.Stat()
	if err != nil {
		return cause(err)
	}
	table, err := tables.Open(f, info.Size(), resourceColumns)
	if err != nil {
		return err
	}
	for n := 0; ; n++ {
		row, err := table.Next()
		switch {
		case err == io.EOF && n == 0:
			return errors.New("ce fichier ne contient aucune ressource")
		case err == io.EOF:
			return nil
		case err != nil:
			return err
		case n == bot.MostAnswers || r.size > longestAnswers:
			return fmt.Errorf("plus de %d ressources, ou de %d Mio de texte : est-ce le bon fichier ?", bot.MostAnswers, longestAnswers>>20)
		}
		r.row(row)
	}
}

// row takes one row.
func (r *resourceReader) row(row tables.Row) {
	if row.Fault != "" {
		r.faults = append(r.faults, fmt.Sprintf("ligne %d : %s", row.Number, row.Fault))
		return
	}
	cell := func(i int) string { return row.Cells[i].Text }
	a := bot.KnownAnswer{V: 1, Question: cell(resourceTitle), Answer: cell(resourceText), Link: cell(resourceLink), Source: r.source}
	if a.Answer == "" {
		a.Answer = a.Question
	}
	for theme := range strings.FieldsFuncSeq(cell(resourceThemes), func(c rune) bool { return strings.ContainsRune(",;|", c) }) {
		if theme = strings.TrimSpace(theme); theme != "" {
			a.Themes = append(a.Themes, theme)
		}
	}
	a.ID = r.idOf(a.Link, cell(resourceID))
	if !r.check(a, row) {
		return
	}
	r.answers = append(r.answers, a)
	for _, c := range row.Cells {
		r.size += len(c.Text)
	}
}

// idOf is the id of a resource: that of its source, or one made of its link.
func (r *resourceReader) idOf(link, id string) string {
	if id == "" {
		sum := sha256.Sum256([]byte(link))
		id = hex.EncodeToString(sum[:8])
	}
	return r.prefix + id
}

// check finds all that is wrong with a row, and tells whether that is nothing.
func (r *resourceReader) check(a bot.KnownAnswer, row tables.Row) bool {
	before := len(r.faults)
	fault := func(column int, format string, args ...any) {
		at := fmt.Sprintf("ligne %d, colonne %s (%s) : ", row.Number, row.Cells[column].Column, resourceColumns[column].Name)
		r.faults = append(r.faults, at+fmt.Sprintf(format, args...))
	}
	if a.Question == "" {
		fault(resourceTitle, "vide : donnez un titre")
	}
	if why := notALink(a.Link); why != "" {
		fault(resourceLink, "%s", why)
	}
	for column, most := range []int{resourceTitle: bot.LongestQuestion, resourceLink: bot.LongestLink, resourceText: bot.LongestAnswer,
		resourceThemes: bot.LongestAnswer, resourceID: bot.LongestAnswerID - utf8.RuneCountInString(r.prefix)} {
		if n := utf8.RuneCountInString(row.Cells[column].Text); n > most {
			fault(column, "%d caractères, plus de %d : raccourcissez", n, most)
		}
	}
	named, id := row.Cells[resourceID].Text, strings.ToLower(a.ID)
	at, twice := r.lines[id]
	switch {
	case named == "" && a.Link == "": // that is said already
	case !twice:
		r.lines[id] = row.Number
	case named != "":
		fault(resourceID, "l'id « %s » est déjà à la ligne %d : gardez une des deux", named, at)
	default:
		fault(resourceLink, "ce lien est déjà à la ligne %d : gardez une des deux lignes, ou donnez à chacune un id", at)
	}
	return len(r.faults) == before
}

// notALink says in French why a text is not the address of a page; "" when it is.
func notALink(text string) string {
	u, err := url.Parse(text)
	switch {
	case text == "":
		return "vide : donnez l'adresse de la page"
	case strings.Contains(text, " "):
		return "il y a plusieurs mots : gardez l'adresse seule, sans espace"
	case err != nil || u.Scheme != "http" && u.Scheme != "https" || u.Hostname() == "":
		return "ce n'est pas l'adresse d'une page : écrivez-la en entier, comme https://exemple.fr/page"
	case strings.ContainsAny(text, "[]<>`*|\\\"") || u.User != nil:
		return "cette adresse contient un signe qui n'a rien à y faire : copiez-la depuis la page"
	}
	return ""
}
