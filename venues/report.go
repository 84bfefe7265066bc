package venues

import (
	"fmt"
	"strings"
)

// Report says what became of the rows of a file: Read = Kept + Outside + Closed + Duplicates + Refused().
type Report struct {
	JSON       bool      // places are numbered: Problem.Line is the place's number; else it is the line in the file
	Read       int       // rows, but for empty ones
	Kept       int       // places returned
	Outside    int       // of communes that the gazetteer does not know
	Closed     int       // open to nobody, or without any service
	Duplicates int       // older rows of an id that came again
	Problems   []Problem // why rows were refused; a row may have several
	Warnings   []Problem // what was mended or dropped in rows that count
}

// Problem is what is wrong with one column of one row, said in French.
type Problem struct {
	Line   int    // counted from 1; for JSON the number of the place
	Column string // the column's name in the standard; "" the whole row
	Reason string
}

// Refused is how many rows were left out because of an error.
func (r Report) Refused() int {
	return r.Read - r.Kept - r.Outside - r.Closed - r.Duplicates
}

// listed is how many problems are told one by one.
const listed = 20

// String says it in French, over several lines: the figures, then at most 20 problems and 20 warnings.
func (r Report) String() string {
	var b strings.Builder
	fmt.Fprintf(&b, "%s : %s, %d hors territoire, %d sans accueil du public ou sans service, %s, %s.\n",
		count(r.Read, "lieu lu", "lieux lus"), count(r.Kept, "gardé", "gardés"), r.Outside, r.Closed,
		count(r.Duplicates, "doublon", "doublons"), count(r.Refused(), "refusé", "refusés"))
	r.list(&b, "Refusés, à corriger dans le fichier :", r.Problems)
	r.list(&b, "Gardés, mais à vérifier :", r.Warnings)
	return b.String()
}

func (r Report) list(b *strings.Builder, title string, problems []Problem) {
	if len(problems) == 0 {
		return
	}
	b.WriteString(title + "\n")
	for _, p := range problems[:min(listed, len(problems))] {
		b.WriteString("- " + r.where(p) + " : " + p.Reason + "\n")
	}
	if more := len(problems) - listed; more > 0 {
		b.WriteString("- et " + count(more, "autre", "autres") + ".\n")
	}
}

func (r Report) where(p Problem) string {
	place := fmt.Sprintf("ligne %d", p.Line)
	if r.JSON {
		place = fmt.Sprintf("lieu n° %d", p.Line)
	}
	if p.Column != "" {
		place += ", " + p.Column
	}
	return place
}

// count says how many there are; in French none is singular.
func count(n int, one, many string) string {
	if n < 2 {
		return fmt.Sprintf("%d %s", n, one)
	}
	return fmt.Sprintf("%d %s", n, many)
}
