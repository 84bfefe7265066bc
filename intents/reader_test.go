package intents

import (
	"slices"
	"strings"
	"testing"

	"passeur/intents/french"
)

// written is an example with the context in which it was written.
type written struct {
	example
	ctx Context
}

// everyExample are the examples of both roles.
func everyExample() (all []written) {
	for _, pro := range []bool{false, true} {
		for _, e := range examplesOf(pro) {
			all = append(all, written{e, Context{Pro: pro, Open: e.open}})
		}
	}
	return all
}

// TestExamples holds what the examples and the held-out lines must be: well formed, enough of each label, and none that is both.
func TestExamples(t *testing.T) {
	for _, role := range []struct {
		pro     bool
		table   string
		heldOut []string
		least   int
	}{
		{false, usagerExamples, []string{"usager.tsv", "usager-surete.tsv"}, 2800},
		{true, proExamples, []string{"pro.tsv"}, 1000},
	} {
		examples, err := parseExamples(role.table, role.pro)
		if err != nil {
			t.Fatalf("professionals %v, %v", role.pro, err)
		}
		if len(examples) < role.least {
			t.Errorf("%d examples", len(examples))
		}
		taught, learnt, count, held := map[string]Intent{}, map[string]bool{}, map[Intent]int{}, map[Intent]int{}
		for _, e := range examples {
			count[e.intent]++
			if was, ok := taught[e.open+"\t"+e.text]; ok && was != e.intent {
				t.Errorf("%q is taught as %s and as %s", e.text, was, e.intent)
			}
			taught[e.open+"\t"+e.text], learnt[e.open+"\t"+french.Folded(e.text)] = e.intent, true
		}
		for _, file := range role.heldOut {
			lines, err := parseExamples(readTestdata(t, "heldout/"+file), role.pro)
			if err != nil {
				t.Fatalf("%s, %v", file, err)
			}
			for _, l := range lines {
				held[l.intent]++
				if learnt[l.open+"\t"+french.Folded(l.text)] && len(french.Tokenize(l.text)) > 4 {
					t.Errorf("%s: %q is learnt", file, l.text)
				}
			}
		}
		for _, l := range Labels(role.pro) {
			if count[l] < 40 || held[l] < 15 {
				t.Errorf("%s: %d examples of 40 at least, %d held-out lines of 15 at least", l, count[l], held[l])
			}
		}
	}
}

func TestParseExamples(t *testing.T) {
	for bad, want := range map[string]string{
		"rdv\tconfirmer\toui":        "ligne 2 : 3 colonnes au lieu de 4",
		"rdv confirmer moi oui":      "ligne 2 : 1 colonnes au lieu de 4",
		"RDV\tconfirmer\tmoi\toui":   "ligne 2 : le contexte « RDV » n'existe pas",
		"rdv\tanuler\tmoi\tnon":      "l'étiquette « anuler » n'existe pas : vouliez-vous dire « annuler » ?",
		"rdv\tconfirmer\t\toui":      "l'auteur ou le texte manque",
		"rdv\tquestion\tmoi\tquoi ?": "l'étiquette « question » n'existe pas",
	} {
		if _, err := parseExamples("# un commentaire\n"+bad, false); err == nil || !strings.Contains(err.Error(), want) {
			t.Errorf("%q: %v, want %q", bad, err, want)
		}
	}
}

// TestClasses holds the form of french/data/classes.tsv: what stands there otherwise would be passed over in silence.
func TestClasses(t *testing.T) {
	seen := map[string]bool{}
	for i, line := range strings.Split(strings.TrimRight(french.ClassesTable, "\n"), "\n") {
		if line == "" || line[0] == '#' {
			continue
		}
		name, words, ok := strings.Cut(line, "\t")
		if !ok || seen[name] {
			t.Errorf("classes.tsv, ligne %d : une tabulation manque, ou la classe %s y est déjà", i+1, name)
		}
		seen[name] = true
		for _, w := range strings.Fields(words) {
			if stem, _ := strings.CutSuffix(w, "*"); french.Folded(stem) != stem {
				t.Errorf("classes.tsv, ligne %d : « %s » s'écrit en minuscules, sans accent ni trait d'union", i+1, w)
			}
		}
	}
}

// TestTrainingIsReproducible trains twice on a part of the examples.
func TestTrainingIsReproducible(t *testing.T) {
	for _, pro := range []bool{false, true} {
		var some []example
		for i, e := range examplesOf(pro) {
			if i%8 == 0 {
				some = append(some, e)
			}
		}
		one, other := learn(some, pro), learn(some, pro)
		if one.unit != other.unit || !slices.Equal(one.weights, other.weights) || !slices.Equal(one.index.slots, other.index.slots) {
			t.Error("the same examples make two models")
		}
	}
}

// Floors of what held-out lines measured, less some points: a change that falls below has broken something. `make eval` prints the figures.
const (
	leastUsager, leastUsagerF1 = 0.90, 0.88
	leastPro, leastProF1       = 0.93, 0.92
	leastActs, leastRight      = 0.60, 0.97
	leastDistress              = 0.93
)

func TestHeldOut(t *testing.T) {
	usagers, pros := understandAll(t, "usager.tsv", false), understandAll(t, "pro.tsv", true)
	if f := figuresOf(usagers); f.accuracy < leastUsager || f.f1 < leastUsagerF1 || f.acts < leastActs || f.actsRight < leastRight {
		t.Errorf("usagers: %+v", f)
	}
	if f := figuresOf(pros); f.accuracy < leastPro || f.f1 < leastProF1 {
		t.Errorf("professionals: %+v", f)
	}
	all := slices.Concat(usagers, understandAll(t, "usager-surete.tsv", false))
	if s := safetyOf(all); s.found < leastDistress || s.inverted > 0 {
		t.Errorf("safety: %+v", s)
	}
}

// TestNothingIsDoneOnBadInput: an answer, never a crash, never an act.
func TestNothingIsDoneOnBadInput(t *testing.T) {
	reader := NewReader()
	for _, text := range []string{"", " ", "\x00\x01", "oui\x07", "\xff\xfe oui", "je viens \xc3", "😀😀😀", "🎉🎊", "…", "?!?!", "привет я приду завтра", "نعم سآتي غدا", "我明天来",
		"je viens завтра", "hello ich möchte annuler mañana por favor thanks", "ok I come tomorrow gracias"} {
		for _, c := range contexts {
			if got := reader.Read(text, c); got.Decision == Act || got.Intent == "" {
				t.Errorf("%q in %+v: %+v", text, c, got)
			}
		}
	}
}
