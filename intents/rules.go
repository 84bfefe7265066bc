package intents

import (
	_ "embed"
	"fmt"
	"strings"

	"passeur/intents/french"
)

// The rules: see the first lines of each file.
var (
	//go:embed data/rules-usager.txt
	usagerRules string
	//go:embed data/rules-pro.txt
	proRules string
	//go:embed data/rules-signs.txt
	signRules string
)

// moments are the words of the class "@moment".
const moments = `lundi mardi mercredi jeudi vendredi samedi dimanche demain matin soir aprem apres semaine janvier fevrier mars avril
	juin juillet aout septembre octobre novembre decembre midi prochain prochaine autre`

// lexicon returns the classes of words that rules name with "@".
func lexicon() map[string]string {
	classes := french.ReadClasses(french.LexiconTable)
	classes["moment"] = moments
	return classes
}

// compileIntents makes a book of a table whose groups are intents. A group that is none stops the program with its name, since nothing would
// ever read it: a test of the package finds it first.
func compileIntents(file, table string, classes map[string]string) (*book, []Intent) {
	b, order := compile(table, classes)
	if err := onlyIntents(order); err != nil {
		panic("intents/data/" + file + ", " + err.Error())
	}
	return b, order
}

// onlyIntents refuses a group that is no intent.
func onlyIntents(groups []Intent) error {
	for _, g := range groups {
		if _, ok := traitsOf[g]; !ok {
			return fmt.Errorf("le groupe « [%s] » n'est pas une intention (la liste est dans intents/labels.go)", g)
		}
	}
	return nil
}

// compile makes a book of the groups of a table, and returns the order in which the intents stand.
func compile(table string, classes map[string]string) (*book, []Intent) {
	b := newBook(classes)
	var order []Intent
	var group Intent
	for line := range strings.Lines(table) {
		line = strings.TrimSpace(line)
		switch {
		case line == "" || strings.HasPrefix(line, "#"):
		case line[0] == '[':
			group = Intent(strings.Trim(line, "[]"))
			order = append(order, group)
		default:
			b.add(group, line)
		}
	}
	return b, order
}
