package intents

import (
	_ "embed"
	"fmt"
	"slices"
	"strings"

	"passeur/intents/french"
)

// The examples: what people write, each line with what they want. They are the model: see docs/comprendre.md.
var (
	//go:embed data/usager.tsv
	usagerExamples string
	//go:embed data/pro.tsv
	proExamples string
)

// example is a line of the examples: a text, the question that was open, what it means, and who wrote it.
type example struct {
	open   string // one of OpenQuestions; "" none
	intent Intent // a label
	author string // lines of one author are never both learnt and tested
	text   string
}

// OpenQuestions are the open questions that the examples know, as Context.Open has them. What answers any other teaches nothing.
var OpenQuestions = []string{"rdv", "date", "commune", "ouinon"}

// examplesOf are the embedded examples of a role. A line that is not well formed stops the program with its number: a test of the package
// finds it first.
func examplesOf(pro bool) []example {
	file, table := "usager.tsv", usagerExamples
	if pro {
		file, table = "pro.tsv", proExamples
	}
	all, err := parseExamples(table, pro)
	if err != nil {
		panic("intents/data/" + file + ", " + err.Error())
	}
	return all
}

// parseExamples reads lines of "context<TAB>label<TAB>author<TAB>text"; "-" is no context, "#" begins a comment.
func parseExamples(table string, pro bool) ([]example, error) {
	var out []example
	n := 0
	for line := range strings.Lines(table) {
		n++
		line = strings.TrimRight(line, "\r\n")
		if line == "" || line[0] == '#' {
			continue
		}
		e, err := parseExample(line, pro)
		if err != nil {
			return nil, fmt.Errorf("ligne %d : %w", n, err)
		}
		out = append(out, e)
	}
	return out, nil
}

func parseExample(line string, pro bool) (example, error) {
	f := strings.Split(line, "\t")
	switch {
	case len(f) != 4:
		return example{}, fmt.Errorf("%d colonnes au lieu de 4 : contexte, étiquette, auteur, texte, séparés par des tabulations", len(f))
	case f[0] != "-" && !slices.Contains(OpenQuestions, f[0]):
		return example{}, fmt.Errorf("le contexte « %s » n'existe pas : -, %s", f[0], strings.Join(OpenQuestions, ", "))
	case traitsOf[Intent(f[1])].label(pro) != Intent(f[1]) || f[1] == "":
		return example{}, fmt.Errorf("l'étiquette « %s » n'existe pas%s", f[1], nearestLabel(f[1], pro))
	case f[2] == "" || strings.TrimSpace(f[3]) == "":
		return example{}, fmt.Errorf("l'auteur ou le texte manque")
	}
	return example{strings.Trim(f[0], "-"), Intent(f[1]), f[2], f[3]}, nil
}

// nearestLabel suggests what may have been meant.
func nearestLabel(typed string, pro bool) string {
	for _, l := range Labels(pro) {
		if french.Near(french.Folded(typed), string(l)) {
			return " : vouliez-vous dire « " + string(l) + " » ?"
		}
	}
	return " (la liste est dans intents/labels.go)"
}
