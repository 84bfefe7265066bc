// Package lacoop reads our links to the forms of La Coop with the libraries that La Coop itself decodes them with, npm's pako and superjson: what a counsellor
// finds filled in is all that she said, and nothing else.
package lacoop

import (
	"bytes"
	"encoding/json"
	"errors"
	"io"
	"maps"
	"os"
	"path/filepath"
	"slices"
	"strings"
	"testing"

	"github.com/google/go-cmp/cmp"

	"passeur/adapters/lacoop"
	"passeur/bot"
	"passeur/e2e/peers"
	"passeur/intents"
)

var (
	saintLo   = intents.Commune{Code: "50502", Name: "Saint-Lô", Territory: "50", Postcodes: []string{"50000"}, Lat: 49.11, Lon: -1.09}
	cherbourg = intents.Commune{Code: "50129", Name: "Cherbourg-en-Cotentin", Territory: "50", Postcodes: []string{"50100", "50110"}, Lat: 49.63, Lon: -1.62}
)

// object is one of JSON.
type object = map[string]any

// asBAN is how La Coop keeps Saint-Lô and Cherbourg.
var (
	placeBAN = object{"id": "50502", "label": "Saint-Lô 50000", "nom": "Saint-Lô", "commune": "Saint-Lô", "codePostal": "50000", "codeInsee": "50502", "contexte": "50", "latitude": 49.11, "longitude": -1.09}
	homeBAN  = object{"id": "50129", "label": "Cherbourg-en-Cotentin 50100", "nom": "Cherbourg-en-Cotentin", "commune": "Cherbourg-en-Cotentin", "codePostal": "50100", "codeInsee": "50129", "contexte": "50",
		"latitude": 49.63, "longitude": -1.62}
)

// full is what each form says with every field filled in.
var full = map[string]map[string]string{
	"individuel": {"date": "2026-09-14", "duree": "90", "type_lieu": "domicile", "ou": "chez elle", "thematiques": "aide_aux_demarches_administratives,sante", "personnes": "2", "precisions_demarche": "carte « Améli » & <CPAM>",
		"materiel": "telephone", "autonomie": "autonome", "oriente_vers_structure": "oui", "structure_de_redirection": "autre", "deja_accompagne": "non", "commune_residence": "Cherbourg", "genre": "masculin",
		"tranche_age": "douze_dix_huit", "statut_social": "scolarise", "notes": "à rappeler"},
	"collectif": {"date": "2026-09-14", "duree": "200", "type_lieu": "autre", "ou": "salle des fêtes", "thematiques": "aide_aux_demarches_administratives,sante", "participants_total": "40", "participants_deja_accompagnes": "7",
		"participants_genre": "feminin=20", "participants_age": "douze_dix_huit=30", "participants_statut": "scolarise=40", "titre_atelier": "Café IA 🌊", "niveau_atelier": "avance", "materiel": "telephone",
		"precisions_demarche": "carte vitale", "notes": "à rappeler"},
	"animation": {"date": "2026-09-14", "duree": "15", "mediateurs": "8", "structures": "0", "autres_acteurs": "2", "type_animation": "autre", "type_animation_autre": "visite", "initiative": "demande",
		"thematiques_animation": "autre", "thematique_animation_autre": "logiciels libres", "notes": "à rappeler"},
	"evenement": {"date": "2026-09-14", "participants": "80", "nom": "Forum d'automne", "type_evenement": "autre", "type_evenement_autre": "fête", "organisateurs": "autre", "organisateur_autre": "le comité",
		"echelon_territorial": "communal", "notes": "à rappeler"},
	"partenariat": {"date": "2026-09-14", "nom": "Accès aux droits", "nature_partenariat": "autre", "nature_partenariat_autre": "prêt", "echelon_territorial": "communal",
		"structures_partenaires": "hub=Le Hub d'essai\nautre=Le Fournil", "notes": "à rappeler"},
}

// filled is what the form of La Coop then holds.
func filled(form string) object {
	switch form {
	case "individuel":
		return object{"date": "2026-09-14", "duree": object{"duree": "45"}, "typeLieu": "Domicile", "lieuCommuneData": placeBAN, "thematiques": []any{"AideAuxDemarchesAdministratives", "Sante"},
			"precisionsDemarche": "carte « Améli » & <CPAM>", "materiel": []any{"Telephone"}, "autonomie": "Autonome", "orienteVersStructure": "yes", "structureDeRedirection": "Autre",
			"beneficiaire": object{"dejaAccompagne": false, "communeResidence": homeBAN, "genre": "Masculin", "trancheAge": "DouzeDixHuit", "statutSocial": "Scolarise"}}
	case "collectif":
		return object{"date": "2026-09-14", "duree": object{"duree": "personnaliser", "dureePersonnaliseeHeures": 3.0, "dureePersonnaliseeMinutes": 20.0}, "typeLieu": "Autre", "lieuCommuneData": placeBAN,
			"thematiques": []any{"AideAuxDemarchesAdministratives", "Sante"}, "precisionsDemarche": "carte vitale", "materiel": []any{"Telephone"}, "titreAtelier": "Café IA 🌊", "niveau": "Avance",
			"participantsAnonymes": object{"total": 40.0, "dejaAccompagne": 7.0, "genreFeminin": 20.0, "genreMasculin": 0.0, "genreNonCommunique": 20.0,
				"trancheAgeMoinsDeDouze": 0.0, "trancheAgeDouzeDixHuit": 30.0, "trancheAgeDixHuitVingtQuatre": 0.0, "trancheAgeVingtCinqTrenteNeuf": 0.0, "trancheAgeQuaranteCinquanteNeuf": 0.0,
				"trancheAgeSoixanteSoixanteNeuf": 0.0, "trancheAgeSoixanteDixPlus": 0.0, "trancheAgeNonCommunique": 10.0,
				"statutSocialScolarise": 40.0, "statutSocialSansEmploi": 0.0, "statutSocialEnEmploi": 0.0, "statutSocialRetraite": 0.0, "statutSocialNonCommunique": 0.0}}
	case "animation":
		return object{"date": "2026-09-14", "duree": object{"duree": "15"}, "mediateurs": 8.0, "structures": 0.0, "autresActeurs": 2.0, "typeAnimation": "Autre", "typeAnimationAutre": "visite", "initiative": "Demande",
			"thematiquesAnimation": []any{"Autre"}, "thematiqueAnimationAutre": "logiciels libres"}
	case "evenement":
		return object{"date": "2026-09-14", "participants": 80.0, "nom": "Forum d'automne", "typeEvenement": "Autre", "typeEvenementAutre": "fête", "organisateurs": []any{"Autre"}, "organisateurAutre": "le comité",
			"echelonTerritorial": "Communal"}
	}
	return object{"date": "2026-09-14", "nom": "Accès aux droits", "naturePartenariat": []any{"Autre"}, "naturePartenariatAutre": "prêt", "echelonTerritorial": "Communal",
		"structuresPartenaires": []any{object{"nom": "Le Hub d'essai", "type": "Hub"}, object{"nom": "Le Fournil", "type": "Autre"}}}
}

// asked is a field of ours that takes the values of an enumeration, and the key of La Coop's under which they are found.
type asked struct {
	form, field, key string
	list             bool
	words            string // the key that is filled in only with "autre"
}

// fields are those of each enumeration; how the counts of workshops and partners are tested, see questions.
var fields = map[string][]asked{
	"type_lieu":                {{"individuel", "type_lieu", "typeLieu", false, ""}, {"collectif", "type_lieu", "typeLieu", false, ""}},
	"materiel":                 {{"individuel", "materiel", "materiel", true, ""}, {"collectif", "materiel", "materiel", true, ""}},
	"thematique":               {{"individuel", "thematiques", "thematiques", true, ""}, {"collectif", "thematiques", "thematiques", true, ""}},
	"autonomie":                {{"individuel", "autonomie", "autonomie", false, ""}},
	"structure_de_redirection": {{"individuel", "structure_de_redirection", "structureDeRedirection", false, ""}},
	"niveau_atelier":           {{"collectif", "niveau_atelier", "niveau", false, ""}},
	"genre":                    {{"individuel", "genre", "beneficiaire.genre", false, ""}, {"collectif", "participants_genre", "genre", false, ""}},
	"tranche_age":              {{"individuel", "tranche_age", "beneficiaire.trancheAge", false, ""}, {"collectif", "participants_age", "trancheAge", false, ""}},
	"statut_social":            {{"individuel", "statut_social", "beneficiaire.statutSocial", false, ""}, {"collectif", "participants_statut", "statutSocial", false, ""}},
	"type_animation":           {{"animation", "type_animation", "typeAnimation", false, "typeAnimationAutre"}},
	"initiative":               {{"animation", "initiative", "initiative", false, ""}},
	"thematique_animation":     {{"animation", "thematiques_animation", "thematiquesAnimation", true, "thematiqueAnimationAutre"}},
	"type_evenement":           {{"evenement", "type_evenement", "typeEvenement", false, "typeEvenementAutre"}},
	"organisateur":             {{"evenement", "organisateurs", "organisateurs", true, "organisateurAutre"}, {"partenariat", "structures_partenaires", "type", false, ""}},
	"echelon_territorial":      {{"evenement", "echelon_territorial", "echelonTerritorial", false, ""}, {"partenariat", "echelon_territorial", "echelonTerritorial", false, ""}},
	"nature_partenariat":       {{"partenariat", "nature_partenariat", "naturePartenariat", true, "naturePartenariatAutre"}},
}

// question is a report, and what the form of La Coop must hold.
type question struct {
	value  lacoop.Value
	report bot.Report
	want   object
}

// questions are, for each field that a value can be in, a form with every field filled in and that value in this one.
func questions(v lacoop.Value) (all []question) {
	if v.Enum == "type_activite" { // which form it is, not what is in it
		return []question{{v, reportOf(v.Slug), filled(v.Slug)}}
	}
	for _, f := range fields[v.Enum] {
		q := question{v, reportOf(f.form), filled(f.form)}
		q.report.Values[f.field] = v.Slug
		switch {
		case f.form == "collectif" && strings.HasPrefix(f.field, "participants_"):
			q.counted(f)
		case f.field == "structures_partenaires":
			q.partner()
		default:
			q.chosen(f)
		}
		all = append(all, q)
	}
	return all
}

// reportOf is a report with every field of a form filled in.
func reportOf(form string) bot.Report {
	return bot.Report{Form: form, Number: "12", By: "Camille Exemple", Values: maps.Clone(full[form]), Where: "chez elle", Commune: saintLo, Home: cherbourg}
}

// chosen expects the value in its field, and what goes with it.
func (q *question) chosen(f asked) {
	in, key := q.want, f.key
	if first, second, ok := strings.Cut(f.key, "."); ok {
		in, key = q.want[first].(object), second
	}
	in[key] = q.value.Code
	if f.list {
		in[key] = []any{q.value.Code}
	}
	if q.value.Slug != "autre" {
		delete(q.want, f.words)
	}
	switch {
	case q.value.Group == "demarche":
		q.want[key] = []any{"AideAuxDemarchesAdministratives", q.value.Code}
	case q.value.Enum == "thematique" && q.value.Code != "AideAuxDemarchesAdministratives":
		delete(q.want, "precisionsDemarche")
	case q.value.Slug == "lieu_activite" || q.value.Slug == "a_distance":
		delete(q.want, "lieuCommuneData")
	}
}

// counted expects three people of that value, and that the others did not say.
func (q *question) counted(f asked) {
	q.report.Values[f.field] = q.value.Slug + "=3"
	counters := q.want["participantsAnonymes"].(object)
	for key := range counters {
		if strings.HasPrefix(key, f.key) {
			counters[key] = 0.0
		}
	}
	counters[f.key+"NonCommunique"] = 37.0
	counters[f.key+q.value.Code] = 3.0
	if q.value.Slug == "non_communique" {
		counters[f.key+q.value.Code] = 40.0
	}
}

// partner expects a partner of that kind; one's own structure is none.
func (q *question) partner() {
	q.report.Values["structures_partenaires"] = q.value.Slug + "=Essai"
	one := object{"nom": "Essai", "type": q.value.Code}
	if q.value.Slug == "ma_structure" {
		delete(one, "type")
	}
	q.want["structuresPartenaires"] = []any{one}
}

// opened is what La Coop makes of a link.
type opened struct {
	Form, Error string
	State       object
}

// open has links read as La Coop reads them.
func open(t *testing.T, links []string) (all []opened) {
	t.Helper()
	cmd := peers.Node(t, "lacoop.mjs")
	for _, name := range []string{"pako", "superjson"} {
		if _, err := os.Stat(filepath.Join(cmd.Dir, "node_modules", name)); err != nil {
			peers.Missing(t, "%s is not among the packages of e2e/node: run make peers", name)
		}
	}
	cmd.Stdin = strings.NewReader(strings.Join(links, "\n") + "\n")
	out, err := cmd.Output()
	if err != nil {
		t.Fatalf("%v: %s", err, out)
	}
	for dec := json.NewDecoder(bytes.NewReader(out)); ; {
		var o opened
		if err := dec.Decode(&o); errors.Is(err, io.EOF) {
			break
		} else if err != nil {
			t.Fatal(err)
		}
		all = append(all, o)
	}
	if len(all) != len(links) {
		t.Fatalf("%d answers to %d links", len(all), len(links))
	}
	return all
}

// TestEveryValue: each value of each enumeration, and each field of each form, arrives in La Coop's form as La Coop writes it, and nothing else does.
func TestEveryValue(t *testing.T) {
	var all []question
	for _, form := range slices.Sorted(maps.Keys(full)) {
		all = append(all, question{report: reportOf(form), want: filled(form)})
	}
	forms, lost := len(all), map[lacoop.Value]bool{}
	for _, v := range lacoop.Values() {
		of := questions(v)
		if len(of) == 0 {
			t.Errorf("%s is in no form", v.Enum)
			lost[v] = true
		}
		all = append(all, of...)
	}
	to, err := lacoop.NewLinks("", lacoop.Format)
	if err != nil {
		t.Fatal(err)
	}
	links := make([]string, len(all))
	for i, q := range all {
		links[i], _ = to.To(q.report)
	}
	for i, got := range open(t, links) {
		want := opened{Form: "/coop/mes-activites/cra/" + all[i].report.Form, State: all[i].want}
		if diff := cmp.Diff(want, got); diff != "" {
			t.Errorf("%s, %s %s: %s", all[i].report.Form, all[i].value.Enum, all[i].value.Slug, diff)
			lost[all[i].value] = true
		}
	}
	t.Logf("%d forms, %d values, %d links", forms, len(lacoop.Values()), len(links))
	t.Logf("enum_lost %d", len(lost))
	if len(lost) > 0 {
		t.Fail()
	}
}
