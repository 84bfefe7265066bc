package main

import (
	"flag"
	"fmt"
	"os"
	"path/filepath"
	"slices"
	"strings"
	"sync"
	"testing"
	"text/tabwriter"

	"passeur/bot"
	"passeur/bot/dialogue"
)

var update = flag.Bool("update", false, "write what the bot says now into the dialogues; refused with CI=true")

// TestDialogues plays every dialogue against the real bot on its real store.
func TestDialogues(t *testing.T) {
	if *update && os.Getenv("CI") == "true" {
		t.Fatal("-update would make any dialogue pass: it is refused with CI=true")
	}
	for _, file := range dialogues(t) {
		t.Run(filepath.Base(file), func(t *testing.T) {
			t.Parallel()
			src, result := played1(t, file)
			results.Store(file, result)
			if result.Text == src {
				return
			}
			if *update {
				if err := os.WriteFile(file, []byte(result.Text), 0o644); err != nil {
					t.Fatal(err)
				}
				return
			}
			t.Errorf("the bot says something else (go test -run TestDialogues . -update writes it):\n%s", differences(src, result.Text))
		})
	}
}

func dialogues(t *testing.T) []string {
	t.Helper()
	files, err := filepath.Glob("bot/testdata/*.txt")
	if err != nil || len(files) == 0 {
		t.Fatalf("no dialogue found: %v", err)
	}
	return files
}

func played1(t *testing.T, file string) (src string, result dialogue.Result) {
	t.Helper()
	raw, err := os.ReadFile(file)
	if err != nil {
		t.Fatal(err)
	}
	result, err = playDialogue(t.Context(), string(raw))
	if err != nil {
		t.Fatal(err)
	}
	return string(raw), result
}

// results is what the dialogues that TestDialogues played came to (dialogue.Result), by file.
var results sync.Map

// resultOf plays a dialogue, unless TestDialogues has.
func resultOf(t *testing.T, file string) dialogue.Result {
	t.Helper()
	if result, ok := results.Load(file); ok {
		return result.(dialogue.Result)
	}
	_, result := played1(t, file)
	return result
}

// leastDialogues is how many different dialogues there must be.
const leastDialogues = 25

// TestRulesAreCovered prints which dialogue passes which rule. Every rule needs a happy and an unhappy dialogue; two
// dialogues that pass the same rules in the same order count once.
func TestRulesAreCovered(t *testing.T) {
	happy, unhappy := map[string][]string{}, map[string][]string{}
	paths := map[string]string{}
	for _, file := range dialogues(t) {
		name, _, _ := strings.Cut(filepath.Base(file), "-")
		result := resultOf(t, file)
		path := strings.Join(result.Rules, " → ")
		if twin := paths[path]; twin != "" {
			t.Logf("%s passes the same rules as %s and counts for nothing", file, twin)
			continue
		}
		paths[path] = file
		into := unhappy
		if result.Happy {
			into = happy
		}
		for _, rule := range result.Rules {
			if !slices.Contains(into[rule], name) {
				into[rule] = append(into[rule], name)
			}
		}
	}
	t.Log("\n" + coverage(happy, unhappy))
	for _, rule := range bot.RuleNames() {
		if len(happy[rule]) == 0 || len(unhappy[rule]) == 0 {
			t.Errorf("rule %q needs a happy and an unhappy dialogue: happy %v, unhappy %v", rule, happy[rule], unhappy[rule])
		}
	}
	if len(paths) < leastDialogues {
		t.Errorf("%d different dialogues, at least %d wanted", len(paths), leastDialogues)
	}
}

func coverage(happy, unhappy map[string][]string) string {
	var out strings.Builder
	w := tabwriter.NewWriter(&out, 0, 0, 2, ' ', 0)
	fmt.Fprintln(w, "RULE\tHAPPY\tUNHAPPY")
	for _, rule := range bot.RuleNames() {
		fmt.Fprintf(w, "%s\t%s\t%s\n", rule, strings.Join(happy[rule], " "), strings.Join(unhappy[rule], " "))
	}
	w.Flush()
	return out.String()
}

// TestNothingHappensBeforeTheFirstHour: what speaks to the bot before there is one is told so, with its line.
func TestNothingHappensBeforeTheFirstHour(t *testing.T) {
	for _, early := range []string{"sms:+33639981234 > bonjour", "reçu sms", "non reçu sms", "redémarrage", "membre @marie conseiller"} {
		src := "malheureux\nconseiller @marie Marie Lecomte\n" + early + "\n@ 2026-12-01 10:00\n"
		_, err := playDialogue(t.Context(), src)
		if err == nil || !strings.HasPrefix(err.Error(), "ligne 3 : il faut d'abord une heure") {
			t.Errorf("%s: %v", early, err)
		}
	}
}
