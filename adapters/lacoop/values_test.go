package lacoop

import (
	"regexp"
	"testing"
)

// TestValues: the table is whole, and names nothing twice.
func TestValues(t *testing.T) {
	of := map[string]int{}
	slugs, codes := map[[2]string]bool{}, map[[2]string]bool{}
	slug, camel := regexp.MustCompile(`^[a-z]+(_[a-z]+)*$`), regexp.MustCompile(`^[A-Z][A-Za-z]*$`)
	for _, v := range Values() {
		of[v.Enum]++
		if !slug.MatchString(v.Enum) || !slug.MatchString(v.Slug) || !camel.MatchString(v.Code) || v.Label == "" {
			t.Errorf("%+v", v)
		}
		if slugs[[2]string{v.Enum, v.Slug}] || codes[[2]string{v.Enum, v.Code}] {
			t.Errorf("%+v stands there twice", v)
		}
		slugs[[2]string{v.Enum, v.Slug}], codes[[2]string{v.Enum, v.Code}] = true, true
		if (v.Enum == "thematique") != (v.Group == "mediation" || v.Group == procedures) {
			t.Errorf("%+v: group", v)
		}
	}
	for enum, n := range map[string]int{"type_activite": 2, "type_lieu": 4, "materiel": 5, "thematique": 30, "autonomie": 3, "structure_de_redirection": 7, "niveau_atelier": 3, "genre": 3,
		"tranche_age": 8, "statut_social": 5, "type_animation": 7, "initiative": 2, "thematique_animation": 6, "type_evenement": 5, "organisateur": 11, "echelon_territorial": 5, "nature_partenariat": 5} {
		if of[enum] != n {
			t.Errorf("%s has %d values, not %d", enum, of[enum], n)
		}
		delete(of, enum)
	}
	for enum := range of {
		t.Errorf("nobody knows of %s", enum)
	}
	for _, f := range families {
		if code(f.enum, notTold) != "NonCommunique" {
			t.Errorf("%s has no value for who did not say", f.enum)
		}
	}
}

func TestLabel(t *testing.T) {
	for _, c := range []struct{ enum, slug, want string }{
		{"thematique", "email", "E-mail"}, {"type_lieu", "autre", "Autre lieu"}, {"materiel", "autre", "Autre"}, {"statut_social", "non_communique", "Non communiqué ou hétérogène"},
		{"thematique", "jardinage", "jardinage"}, {"jardin", "email", "email"}, {"thematique", "", ""},
	} {
		if got := Label(c.enum, c.slug); got != c.want {
			t.Errorf("%s %s: %q", c.enum, c.slug, got)
		}
	}
}
