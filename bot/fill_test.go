package bot

import (
	"slices"
	"strings"
	"testing"
)

// TestCheckForms: a form without its use, a use without its form, a field that nobody reads and one that is not there are told by name.
func TestCheckForms(t *testing.T) {
	if err := checkForms(everyForm()); err != nil {
		t.Error(err)
	}
	for want, spoil := range map[string]func(map[string]Form){
		"sondage": func(forms map[string]Form) { forms["sondage"] = Form{ID: "sondage"} },
		`form rdv: nothing reads its field "couleur"`: func(forms map[string]Form) {
			f := forms["rdv"]
			f.Fields = append(slices.Clone(f.Fields), Field{Name: "couleur", Type: Line})
			forms["rdv"] = f
		},
		`form repondre: its use reads a field "mots" that it has not`: func(forms map[string]Form) { forms["repondre"] = Form{ID: "repondre"} },
	} {
		forms := everyForm()
		spoil(forms)
		if err := checkForms(forms); err == nil || !strings.Contains(err.Error(), want) {
			t.Errorf("got %v, want %q", err, want)
		}
	}
}
