package bot

import (
	"os"
	"regexp"
	"testing"
)

// TestTopics: for every question that may be open it is written how its answer is read, and a rule takes it.
func TestTopics(t *testing.T) {
	source, err := os.ReadFile("question.go")
	if err != nil {
		t.Fatal(err)
	}
	taken := map[string]bool{}
	for _, r := range rules() {
		taken[r.About] = true
	}
	found := regexp.MustCompile(`(?m)^\ttopic[A-Z]\w+ += "(.+?)"`).FindAllSubmatch(source, -1)
	for _, m := range found {
		if topic := string(m[1]); topics[topic] == "" || !taken[topic] {
			t.Errorf("the question %q: read as %q, taken by a rule: %v", topic, topics[topic], taken[topic])
		}
	}
	if len(found) != len(topics) {
		t.Errorf("%d questions, %d in the list", len(found), len(topics))
	}
}
