package bot

import (
	"strings"
	"testing"
	"time"
)

// TestMay crosses all acts, all roles and all ways to stand to a record: "vca" is see, change and answer. It is half past
// midnight of December 24 in Paris, where the installation is, and still the 23rd in UTC. What a role is not listed for it may not.
func TestMay(t *testing.T) {
	leaves := map[string]Leave{
		"away":    {From: "2026-12-24", To: "2026-12-24", Cover: "me"},
		"back":    {From: "2026-12-01", To: "2026-12-23", Cover: "me"},
		"soon":    {From: "2026-12-25", To: "2026-12-31", Cover: "me"},
		"covered": {From: "2026-12-24", To: "2026-12-31", Cover: "paul"},
	}
	for _, test := range []struct {
		name, owner, place, subject string
		may                         map[Role]string
	}{
		{"her own", "me", "50/50147", "jeanne", map[Role]string{Conseiller: "vca", Coordinateur: "vca"}},
		{"her own, elsewhere", "me", "14/14118", "jeanne", map[Role]string{Conseiller: "vca", Coordinateur: "vca"}},
		{"of one whom she covers", "away", "50/50147", "jeanne", map[Role]string{Conseiller: "vca", Coordinateur: "vca"}},
		{"of one whom she covers, elsewhere", "away", "14/14118", "jeanne", map[Role]string{Conseiller: "vca", Coordinateur: "vca"}},
		{"of one whom she covered until yesterday", "back", "50/50147", "jeanne", map[Role]string{Coordinateur: "vc"}},
		{"of one whom she covers from tomorrow", "soon", "14/14118", "jeanne", nil},
		{"of one whom somebody else covers", "covered", "14/14118", "jeanne", nil},
		{"another's", "paul", "50/50147", "jeanne", map[Role]string{Coordinateur: "vc"}},
		{"another's, elsewhere", "paul", "14/14118", "jeanne", nil},
		{"another's, where the number begins alike", "paul", "5/05061", "jeanne", nil},
		{"another's, nowhere", "paul", "", "jeanne", nil},
		{"nobody's", "", "14/14118", "jeanne", nil},
		{"about who writes", "paul", "14/14118", "me", map[Role]string{Usager: "vc"}},
		{"about somebody at the same number", "paul", "14/14118", "sister", map[Role]string{Usager: "vc"}},
	} {
		for _, role := range []Role{Anyone, Usager, Conseiller, Coordinateur, Itself} {
			for do, letter := range map[right]string{toSee: "v", toChange: "c", toAnswer: "a"} {
				got := acting(t, role, leaves).may(do, Record{Owner: test.owner, Subject: test.subject, Place: test.place})
				if want := strings.Contains(test.may[role], letter); got != want {
					t.Errorf("%s, role %q, act %s: %v, want %v", test.name, role, letter, got, want)
				}
			}
		}
	}
}

// acting is a turn of somebody of the Manche, when some have leave.
func acting(t *testing.T, role Role, leaves map[string]Leave) *Turn {
	t.Helper()
	paris, err := time.LoadLocation("Europe/Paris")
	if err != nil {
		t.Fatal(err)
	}
	turn := &Turn{Event: Event{Role: role}, MeID: "me", Me: &Person{Territories: []string{"35", "50"}}, People: []string{"me", "sister"},
		Now: time.Date(2026, 12, 23, 23, 30, 0, 0, time.UTC).In(paris), docs: map[string]*doc{}}
	for _, id := range []string{"", "paul", "away", "back", "soon", "covered"} {
		turn.docs["person/"+id] = &doc{body: &Person{Leave: leaves[id]}}
	}
	return turn
}

// TestMayOfNobody: who has no record of her own may nothing.
func TestMayOfNobody(t *testing.T) {
	turn := acting(t, Coordinateur, map[string]Leave{"paul": {From: "2026-12-24", To: "2026-12-24"}})
	turn.MeID, turn.Me = "", nil
	for _, owner := range []string{"", "paul"} {
		if turn.may(toSee, Record{Owner: owner, Place: "50/50147"}) {
			t.Errorf("sees what is %q's", owner)
		}
	}
}

// TestMayWithWhatIsCommon: a campaign is the coordination's of its territory; that somebody noted it, or covers who did, gives her nothing.
func TestMayWithWhatIsCommon(t *testing.T) {
	leaves := map[string]Leave{"away": {From: "2026-12-24", To: "2026-12-24", Cover: "me"}}
	for _, owner := range []string{"me", "away", "paul"} {
		for _, role := range []Role{Anyone, Usager, Conseiller, Coordinateur, Itself} {
			for _, place := range []string{"50/50147", "14/14118", ""} {
				got := acting(t, role, leaves).may(toChange, Record{Kind: "campaign", Owner: owner, Place: place})
				if want := role == Coordinateur && place == "50/50147"; got != want {
					t.Errorf("noted by %q in %q, role %q: %v, want %v", owner, place, role, got, want)
				}
			}
		}
	}
}
