package bot

import "testing"

func TestRolesTakes(t *testing.T) {
	takes := map[Role][]Role{
		Anyone:       {Anyone, Usager, Conseiller, Coordinateur},
		Usager:       {Usager},
		Conseiller:   {Conseiller, Coordinateur},
		Coordinateur: {Coordinateur},
		Itself:       {Itself},
	}
	all := []Role{Anyone, Usager, Conseiller, Coordinateur, Itself}
	for rule, wants := range takes {
		for _, who := range all {
			want := false
			for _, w := range wants {
				want = want || w == who
			}
			if got := rule.takes(who); got != want {
				t.Errorf("a rule of %q takes %q: %v", rule, who, got)
			}
		}
	}
}

func TestRolesOrder(t *testing.T) {
	if !Coordinateur.Above(Conseiller) || Conseiller.Above(Coordinateur) || Conseiller.Above(Conseiller) || !Conseiller.Above(Anyone) || Usager.Above(Anyone) {
		t.Error("a coordinator stands above a counsellor, and she above who has no role")
	}
	for _, r := range ProRoles() {
		if !r.IsPro() || r.rank().welcome == "" {
			t.Errorf("%s: %+v", r, r.rank())
		}
	}
	if Usager.IsPro() || Itself.IsPro() || Anyone.IsPro() {
		t.Error("only professionals have a rank")
	}
}
