package bot

import (
	"os"
	"regexp"
	"slices"
	"testing"

	"passeur/intents"
)

// examplesOfHelp are what the help has one type, by its key: the first of a line is its rule's own.
func examplesOfHelp(t *testing.T) map[string][]string {
	t.Helper()
	raw, err := os.ReadFile("../config/texts/fr.yaml")
	if err != nil {
		t.Fatal(err)
	}
	all := map[string][]string{}
	for _, m := range regexp.MustCompile(`(?m)^(aide\.[a-z-]+): (.*)$`).FindAllStringSubmatch(string(raw), -1) {
		for _, example := range regexp.MustCompile("`([^`]+)`").FindAllStringSubmatch(m[2], -1) {
			all[m[1]] = append(all[m[1]], example[1])
		}
	}
	return all
}

// TestHelpIsUnderstood: what the help has one type is a command, in the thread of an usager too, and is read as what its rule is for, or is
// taught by the line of another rule.
func TestHelpIsUnderstood(t *testing.T) {
	reader, examples := intents.NewReader(), examplesOfHelp(t)
	var taught []string
	for _, r := range rules() {
		if r.Help != "" && len(examples[r.Help]) == 0 {
			t.Errorf("%s: the text %q shows nothing to type", r.Name, r.Help)
		} else if r.Help != "" {
			taught = append(taught, examples[r.Help][0])
		}
	}
	for _, r := range rules() {
		if r.Help == "" {
			continue
		}
		for i, example := range examples[r.Help] {
			if !intents.Command(example) {
				t.Errorf("%s: %q is no command: in the thread of an usager it would be words for her", r.Name, example)
			}
			got := reader.Read(example, intents.Context{Pro: true})
			if !slices.Contains(r.On, got.Intent) && (i == 0 || !slices.Contains(taught, example)) || got.Decision != intents.Act {
				t.Errorf("%s: %q is read as %s (%s, %s)", r.Name, example, got.Intent, got.Decision, got.Why)
			}
		}
	}
	for _, words := range []string{"Très bien", "Bien Madame", "bonjour Jeanne, appelez-moi", "oui"} {
		if intents.Command(words) {
			t.Errorf("%q is a command: words for an usager would be taken for one", words)
		}
	}
}
