package lacoop

import (
	"bytes"
	"compress/zlib"
	"encoding/base64"
	"encoding/json"
	"io"
	"math/rand/v2"
	"net/url"
	"strings"
	"testing"

	"github.com/google/go-cmp/cmp"

	"passeur/bot"
	"passeur/intents"
)

var (
	saintLo   = intents.Commune{Code: "50502", Name: "Saint-Lô", Territory: "50", Postcodes: []string{"50000"}, Lat: 49.11, Lon: -1.09}
	cherbourg = intents.Commune{Code: "50129", Name: "Cherbourg-en-Cotentin", Territory: "50", Postcodes: []string{"50100", "50110", "50120"}, Lat: 49.63, Lon: -1.62}
)

// report makes one of a form, of "field: value" pairs.
func report(form string, pairs ...string) bot.Report {
	r := bot.Report{Form: form, Number: "12", By: "Camille Exemple", Values: map[string]string{}}
	for i := 0; i < len(pairs); i += 2 {
		r.Values[pairs[i]] = pairs[i+1]
	}
	return r
}

// links are those to La Coop itself.
func links(t testing.TB) Links {
	t.Helper()
	l, err := NewLinks("", "")
	if err != nil {
		t.Fatal(err)
	}
	return l
}

// opened is the form that a link opens, and its state.
func opened(t testing.TB, link string) (form string, state map[string]any) {
	t.Helper()
	outer, err := url.Parse(link)
	if err != nil {
		t.Fatal(err)
	}
	inner, err := url.Parse(outer.Query().Get("suivant"))
	if err != nil {
		t.Fatal(err)
	}
	return strings.TrimPrefix(inner.Path, "/coop/mes-activites/cra/"), inflated(t, inner.Query().Get("v"))
}

// inflated is what a value of v says.
func inflated(t testing.TB, v string) map[string]any {
	t.Helper()
	packed, err := base64.RawURLEncoding.DecodeString(v)
	if err != nil {
		t.Fatal(err)
	}
	z, err := zlib.NewReader(bytes.NewReader(packed))
	if err != nil {
		t.Fatal(err)
	}
	text, err := io.ReadAll(z)
	if err != nil {
		t.Fatal(err)
	}
	return object(t, string(text))["json"].(map[string]any)
}

func object(t testing.TB, text string) map[string]any {
	t.Helper()
	var o map[string]any
	if err := json.Unmarshal([]byte(text), &o); err != nil {
		t.Fatalf("%v: %s", err, text)
	}
	return o
}

// theirs is a value of v that La Coop's own libraries (pako 2.1.0, superjson 2.2.2) have read.
const theirs = "eJyMkcFqmzEQhF8l7FkOv4Nd8H_7qVsIpK2JoZfSw_bX1N4grVxpVRyC36pv0BcrknNob72J2fk0w-4LPZWkNL4QV0uaooBG2nE2QQiIUJuuA5Cjb1B8l1lYMhrj8cTTPKd44oOCRssVjg7QNqb3iKKi5KgYW7V9moUDjfQIyyzWfrTMOh8xHRqwT3JmNWzlvAu10MWRZ2uTu-HuzWLYLJYrcuRrxjX--qDVulmDoL5NMVbFlo2bYU4e91q6aT2shztyXdulYr3JehiGoYudax1Y1BYPv391VQ1nu9Lu5kOv6m4-phxZvbT-4v_6OrCJVQ8aV5vb5dJRSHp4VRbL22HjSFP8J-TiKLIhCwKNX-hT9qJsqJm-OkpZoIbPyGVvuc5W-16fUfpOX5UtHuElYzZpl6RJPKZ63iJyno8ok29nKJbZ5GdH7YjIJj8qSgt9F1kCuf8Ap3yA2n08JSutoD2f8CCoNNI2RZklgC6XPwEAAP__yKHKAw"

// TestVector: the report of which that value tells gives the same state, and the label beside it that La Coop shows.
func TestVector(t *testing.T) {
	r := report("individuel", "date", "2026-09-14", "duree", "45", "type_lieu", "domicile", "thematiques", "email,argent_impots", "materiel", "ordinateur",
		"autonomie", "partiellement_autonome", "oriente_vers_structure", "oui", "structure_de_redirection", "aide_aux_demarches_administratives",
		"genre", "feminin", "tranche_age", "soixante_dix_plus", "statut_social", "retraite", "deja_accompagne", "oui", "notes", "à rappeler", "personnes", "1")
	r.Commune, r.Where = saintLo, "chez elle"
	link, ok := links(t).To(r)
	if !ok || !strings.HasPrefix(link, "https://coop-numerique.anct.gouv.fr/connexion?suivant=%2Fcoop%2Fmes-activites%2Fcra%2Findividuel%3Fv%3D") {
		t.Fatal(link)
	}
	want := inflated(t, theirs)
	place := want["lieuCommuneData"].(map[string]any)
	place["label"], place["contexte"] = "Saint-Lô 50000", "50"
	_, got := opened(t, link)
	if diff := cmp.Diff(want, got); diff != "" {
		t.Error(diff)
	}
}

func TestLink(t *testing.T) {
	cases := []struct {
		name   string
		report bot.Report
		want   string
	}{
		{"nothing said", report("individuel"), `{}`},
		{"a day that is none", report("individuel", "date", "hier"), `{}`},
		{"another duration", report("collectif", "duree", "75"), `{"duree": {"duree": "personnaliser", "dureePersonnaliseeHeures": 1, "dureePersonnaliseeMinutes": 15}}`},
		{"a duration of La Coop's", report("collectif", "duree", "120"), `{"duree": {"duree": "120"}}`},
		{"the longest", report("collectif", "duree", "1439"), `{"duree": {"duree": "personnaliser", "dureePersonnaliseeHeures": 23, "dureePersonnaliseeMinutes": 59}}`},
		{"too long", report("collectif", "duree", "1440"), `{}`},
		{"no time", report("collectif", "duree", "0"), `{}`},
		{"three one after the other", report("individuel", "duree", "100", "personnes", "3"),
			`{"duree": {"duree": "personnaliser", "dureePersonnaliseeHeures": 0, "dureePersonnaliseeMinutes": 33}}`},
		{"many in a minute", report("individuel", "duree", "1", "personnes", "9"),
			`{"duree": {"duree": "personnaliser", "dureePersonnaliseeHeures": 0, "dureePersonnaliseeMinutes": 1}}`},
		{"a procedure", report("individuel", "thematiques", "email,logement,justice"), `{"thematiques": ["Email", "AideAuxDemarchesAdministratives", "Logement", "Justice"]}`},
		{"a procedure and the theme", report("individuel", "thematiques", "logement,aide_aux_demarches_administratives"), `{"thematiques": ["Logement", "AideAuxDemarchesAdministratives"]}`},
		{"words of a procedure", report("individuel", "thematiques", "justice", "precisions_demarche", " plainte en ligne "),
			`{"thematiques": ["AideAuxDemarchesAdministratives", "Justice"], "precisionsDemarche": "plainte en ligne"}`},
		{"words of no procedure", report("individuel", "thematiques", "email", "precisions_demarche", "plainte"), `{"thematiques": ["Email"]}`},
		{"a theme that is none", report("individuel", "thematiques", "jardinage,email,email"), `{"thematiques": ["Email"]}`},
		{"sent nowhere", report("individuel", "oriente_vers_structure", "non", "structure_de_redirection", "autre"), `{"orienteVersStructure": "no"}`},
		{"never here before", report("individuel", "deja_accompagne", "non"), `{"beneficiaire": {"dejaAccompagne": false}}`},
		{"a workshop of none", report("collectif", "participants_total", "0"), counted(0, 0)},
		{"a workshop of which nothing is told", report("collectif", "participants_total", "4", "participants_deja_accompagnes", "9"), counted(4, 0)},
		{"counts of more than came", report("collectif", "participants_total", "4", "participants_genre", "feminin=3,masculin=2"), counted(4, 0)},
		{"a workshop that is too large", report("collectif", "participants_total", "10001"), `{}`},
		{"an animation", report("animation", "mediateurs", "0", "structures", "3", "type_animation", "autre", "type_animation_autre", "visite", "thematique_animation_autre", "rien"),
			`{"mediateurs": 0, "structures": 3, "typeAnimation": "Autre", "typeAnimationAutre": "visite", "thematiquesAnimation": []}`},
		{"words without autre", report("animation", "type_animation", "comite", "type_animation_autre", "visite"), `{"typeAnimation": "Comite", "thematiquesAnimation": []}`},
		{"partners", report("partenariat", "structures_partenaires", "commune=Mairie de Périers\n\nLe Fournil = pain\nma_structure=Nous\nautre=Le Bac=à sable\n"),
			`{"structuresPartenaires": [{"nom": "Mairie de Périers", "type": "Commune"}, {"nom": "Le Fournil = pain"}, {"nom": "Nous"}, {"nom": "Le Bac=à sable", "type": "Autre"}]}`},
		{"an event", report("evenement", "participants", "80", "nom", "Forum <b>\xff", "organisateurs", "hub,autre", "organisateur_autre", "le comité"),
			`{"participants": 80, "nom": "Forum <b>", "organisateurs": ["Hub", "Autre"], "organisateurAutre": "le comité"}`},
	}
	for _, c := range cases {
		link, ok := links(t).To(c.report)
		if !ok {
			t.Errorf("%s: no link", c.name)
			continue
		}
		form, got := opened(t, link)
		if form != c.report.Form {
			t.Errorf("%s: opens %s", c.name, form)
		}
		if diff := cmp.Diff(object(t, c.want), got); diff != "" {
			t.Errorf("%s: %s", c.name, diff)
		}
	}
}

// counted is the state of a workshop of which only the number is told.
func counted(total, before int) string {
	s := state{"total": total, "dejaAccompagne": before}
	for _, f := range families {
		for _, v := range valuesOf(f.enum) {
			s[f.prefix+v.Code] = 0
		}
		s[f.prefix+"NonCommunique"] = total
	}
	text, _ := json.Marshal(map[string]any{"participantsAnonymes": s})
	return string(text)
}

// TestLinkCommunes: La Coop asks for a commune only where no place of hers tells it.
func TestLinkCommunes(t *testing.T) {
	for kind, asked := range map[string]bool{"domicile": true, "autre": true, "lieu_activite": false, "a_distance": false, "": false} {
		r := report("individuel", "type_lieu", kind)
		r.Commune, r.Home = cherbourg, saintLo
		link, _ := links(t).To(r)
		_, got := opened(t, link)
		place, there := got["lieuCommuneData"].(map[string]any)
		if there != asked || there && (place["codePostal"] != "50100" || place["codeInsee"] != "50129") {
			t.Errorf("%q: %v", kind, place)
		}
		home := got["beneficiaire"].(map[string]any)["communeResidence"].(map[string]any)
		if home["commune"] != "Saint-Lô" || home["latitude"] != 49.11 {
			t.Errorf("%q: lives in %v", kind, home)
		}
	}
}

func TestNoLink(t *testing.T) {
	if link, ok := links(t).To(report("diagnostic")); ok {
		t.Errorf("of another form: %s", link)
	}
	if link, ok := (Links{}).To(report("individuel")); ok {
		t.Errorf("of no format: %s", link)
	}
	random, long := rand.New(rand.NewPCG(20, 26)), make([]byte, 12_000)
	for i := range long {
		long[i] = byte('!' + random.IntN(90))
	}
	if link, ok := links(t).To(report("evenement", "nom", string(long))); ok {
		t.Errorf("%d characters", len(link))
	}
}

func TestNewLinks(t *testing.T) {
	for _, base := range []string{"https://coop.example.fr/", "http://localhost:3000", "http://127.0.0.1:3000", "http://[::1]:3000"} {
		l, err := NewLinks(base, Format)
		link, ok := l.To(report("evenement"))
		if err != nil || !ok || !strings.HasPrefix(link, strings.TrimSuffix(base, "/")+"/connexion?suivant=%2F") {
			t.Errorf("%s: %s %v", base, link, err)
		}
	}
	for _, base := range []string{"coop.example.fr", "http://coop.example.fr", "https://", "ftp://coop.example.fr", "https://a:secret@coop.example.fr", "https://coop.example.fr?a", "https://coop.example.fr#a", "\n"} {
		if _, err := NewLinks(base, Format); err == nil || err.Error() != "l'adresse de La Coop s'écrit comme https://coop-numerique.anct.gouv.fr" {
			t.Errorf("%q: %v", base, err)
		}
	}
	if _, err := NewLinks("", "2"); err == nil || err.Error() != `le format de lien "2" est inconnu : mettez "1"` {
		t.Error(err)
	}
}

// FuzzLink: whatever was filled in, a link opens its form, and holds neither the notes, nor who wrote them, nor the place in words.
func FuzzLink(f *testing.F) {
	for _, form := range []string{"individuel", "collectif", "animation", "evenement", "partenariat"} {
		f.Add(form, "duree", "90", "personnes", "3", "à rappeler")
		f.Add(form, "participants_total", "9", "participants_genre", "feminin=3,masculin=99", "Mme Exemple")
		f.Add(form, "structures_partenaires", "autre=\nx=y", "nom", "\x00", "")
		f.Add(form, "oriente_vers_structure", "oui", "structure_de_redirection", "autre", "=")
	}
	f.Fuzz(func(t *testing.T, form, field, value, second, words, secret string) {
		const mark = "\u2603secret\u2603"
		if strings.Contains(value+words, mark) {
			return
		}
		r := report(form, field, value, second, words)
		r.Values["notes"], r.By, r.Where, r.Number = mark+secret, mark+secret, secret+mark, mark
		r.Commune, r.Home = cherbourg, saintLo
		link, ok := links(t).To(r)
		if _, known := fills[form]; !known || !ok {
			if link != "" && !known || known && len(link) <= longestLink {
				t.Fatalf("%v: %d", ok, len(link))
			}
			return
		}
		opens, state := opened(t, link)
		text, err := json.Marshal(state)
		if err != nil || opens != form || strings.Contains(string(text), mark) {
			t.Errorf("%s: %s", opens, text)
		}
		if field != "date" && second != "date" && state["date"] != nil {
			t.Error("a day that nobody said")
		}
	})
}
