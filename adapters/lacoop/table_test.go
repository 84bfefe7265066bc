package lacoop

import (
	"slices"
	"strings"
	"testing"
	"time"

	"github.com/google/go-cmp/cmp"

	"passeur/bot"
)

// cells are what stands under some titles, row by row.
func cells(t *testing.T, table [][]string, titles ...string) (rows []string) {
	t.Helper()
	for _, row := range table[1:] {
		var of []string
		for _, title := range titles {
			i := slices.Index(table[0], title)
			if i < 0 {
				t.Fatalf("there is no column %q", title)
			}
			of = append(of, row[i])
		}
		rows = append(rows, strings.Join(of, "|"))
	}
	return rows
}

var noon = time.Date(2026, 12, 4, 12, 30, 0, 0, time.UTC)

// seen is an individual report that says all there is to say, of two people.
func seen() bot.Report {
	r := report("individuel", "date", "2026-12-04", "duree", "75", "personnes", "2", "type_lieu", "lieu_activite", "thematiques", "email,logement", "precisions_demarche", "dossier APL", "materiel", "ordinateur,autre",
		"autonomie", "partiellement_autonome", "oriente_vers_structure", "oui", "structure_de_redirection", "administration", "genre", "feminin", "tranche_age", "soixante_dix_plus", "statut_social", "retraite",
		"notes", "à rappeler")
	r.Noted, r.Changed, r.Where, r.Commune, r.Home = noon, noon.Add(time.Hour), "mairie de Saint-Lô", saintLo, cherbourg
	return r
}

// workshop is one of four people.
func workshop() bot.Report {
	r := report("collectif", "date", "2026-12-03", "duree", "90", "type_lieu", "autre", "thematiques", "intelligence_artificielle", "participants_total", "4", "participants_genre", "masculin=1,feminin=2",
		"participants_age", "soixante_dix_plus=3,moins_de_douze=1", "titre_atelier", "Café IA", "niveau_atelier", "debutant", "notes", "salle trop petite")
	r.Number, r.Where, r.Noted, r.Changed = "9", "salle des fêtes", noon, noon
	return r
}

func TestTable(t *testing.T) {
	table := Table([]bot.Report{seen(), report("animation"), workshop()}, Own)
	for i, row := range table {
		if len(row) != len(table[0]) {
			t.Errorf("row %d has %d cells, not %d", i, len(row), len(table[0]))
		}
	}
	for _, c := range []struct {
		titles string
		want   []string
	}{
		{"Date|Enregistré le|Dernière modification le|ID CRA", []string{"04/12/2026|04/12/2026 à 12:30|04/12/2026 à 13:30|passeur-12", "", "03/12/2026|04/12/2026 à 12:30||passeur-9", "", "", ""}},
		{"Type|Participants|Durée (min)", []string{"Accompagnement individuel|1|38", "", "Atelier collectif|1/4|90", "Atelier collectif|2/4|90", "Atelier collectif|3/4|90", "Atelier collectif|4/4|90"}},
		{"Canaux d’accompagnement|Nom du lieu|Adresse|Commune|Code postal|Code Insee", []string{"Lieu d’activité|mairie de Saint-Lô||Saint-Lô|50000|50502", "", "Autre lieu|salle des fêtes||||", "", "", ""}},
		{"Nom de l’atelier|Matériel numérique utilisé|Tags", []string{"|Ordinateur\nAutre|", "", "Café IA||", "", "", ""}},
		{"Thématique(s) d’accompagnement|Nom de la démarche administrative", []string{"E-mail\nAide aux démarches administratives\nLogement|dossier APL", "", "Intelligence artificielle (IA)|", "", "", ""}},
		{"Niveau d’autonomie (ou de l’atelier)|Bénéficiaire réorienté|Structure de redirection", []string{"2/3|Oui|Administration (mairie, préfecture…)", "", "1/3||", "", "", ""}},
		{"Commune du bénéficiaire|Code postal du bénéficiaire|Code Insee du bénéficiaire", []string{"Cherbourg-en-Cotentin|50100|50129", "", "||", "", "", ""}},
		{"Genre du bénéficiaire|Tranche d’âge du bénéficiaire|Statut du bénéficiaire", []string{"Féminin|70 ans et plus|Retraité", "", "Féminin|Moins de 12 ans|Non communiqué ou hétérogène",
			"Féminin|70 ans et plus|Non communiqué ou hétérogène", "Masculin|70 ans et plus|Non communiqué ou hétérogène", "Non communiqué|70 ans et plus|Non communiqué ou hétérogène"}},
		{"Notes supplémentaires|Bénéficiaire", []string{"à rappeler|", "|", "salle trop petite|", "|", "|", "|"}},
	} {
		got := cells(t, table, strings.Split(c.titles, "|")...)
		for i := range c.want {
			if c.want[i] == "" { // as the row before
				c.want[i] = c.want[i-1]
			}
		}
		if diff := cmp.Diff(c.want, got); diff != "" {
			t.Errorf("%s: %s", c.titles, diff)
		}
	}
}

// TestTitles: they are those of La Coop's two exports, in its order.
func TestTitles(t *testing.T) {
	all := []string{"Date", "Enregistré le", "Dernière modification le", "Prénom du médiateur*", "Nom du médiateur*", "Rôle*", "ID - Conum*", "Type", "Participants", "Bénéficiaire**", "Canaux d’accompagnement",
		"Nom du lieu", "Adresse", "Commune", "Code postal", "Code Insee", "Durée (min)", "Nom de l’atelier", "Matériel numérique utilisé", "Thématique(s) d’accompagnement", "Tags",
		"Nom de la démarche administrative", "Niveau d’autonomie (ou de l’atelier)", "Bénéficiaire réorienté", "Structure de redirection", "Commune du bénéficiaire", "Code postal du bénéficiaire",
		"Code Insee du bénéficiaire", "Genre du bénéficiaire", "Tranche d’âge du bénéficiaire", "Statut du bénéficiaire", "Notes supplémentaires**", "ID CRA"}
	for e, not := range map[Export]func(string) bool{
		Own:           func(title string) bool { return strings.HasSuffix(title, "*") && !strings.HasSuffix(title, "**") },
		ByCoordinator: func(title string) bool { return strings.HasSuffix(title, "**") },
	} {
		want := slices.DeleteFunc(slices.Clone(all), not)
		for i := range want {
			want[i] = strings.TrimRight(want[i], "*")
		}
		if diff := cmp.Diff([][]string{want}, Table(nil, e)); diff != "" {
			t.Error(diff)
		}
	}
}

// TestByCoordinator: she gets the names of those who did it, and none of their notes.
func TestByCoordinator(t *testing.T) {
	reports := []bot.Report{seen(), workshop(), report("animation", "notes", "salle trop petite")}
	for _, table := range [][][]string{Table(reports, ByCoordinator), Coordination(reports, ByCoordinator)} {
		for _, row := range table {
			if slices.Contains(row, "à rappeler") || slices.Contains(row, "salle trop petite") {
				t.Errorf("notes: %q", row)
			}
		}
	}
	if got := cells(t, Table(reports[:1], ByCoordinator), "Prénom du médiateur", "Nom du médiateur", "Rôle", "ID - Conum"); got[0] != "|Camille Exemple||" {
		t.Error(got)
	}
	for _, row := range Table(reports, Own) {
		if slices.Contains(row, "Camille Exemple") {
			t.Errorf("her own name: %q", row)
		}
	}
}

// TestSmallTables: what is missing stays empty, and somebody's home is not told.
func TestSmallTables(t *testing.T) {
	home := report("individuel", "type_lieu", "domicile", "personnes", "mille", "oriente_vers_structure", "non", "structure_de_redirection", "autre")
	home.Where = "3 rue des Lilas"
	empty := report("collectif")
	empty.Number = ""
	got := cells(t, Table([]bot.Report{home, empty}, Own), "Date", "Enregistré le", "Participants", "Nom du lieu", "Durée (min)", "Bénéficiaire réorienté", "Structure de redirection", "Genre du bénéficiaire", "ID CRA")
	if diff := cmp.Diff([]string{"||1|||Non||Non communiqué|passeur-12", "|||||||Non communiqué|"}, got); diff != "" {
		t.Error(diff)
	}
}

func TestCoordination(t *testing.T) {
	reports := []bot.Report{
		seen(),
		report("animation", "date", "2026-12-01", "duree", "120", "mediateurs", "8", "structures", "0", "type_animation", "autre", "type_animation_autre", "visite", "initiative", "demande",
			"thematiques_animation", "reseau,autre", "thematique_animation_autre", "logiciels libres"),
		report("evenement", "date", "2026-12-02", "participants", "80", "nom", "Forum", "type_evenement", "grand_public", "organisateurs", "ma_structure,hub", "echelon_territorial", "departemental", "notes", "à refaire"),
		report("partenariat", "nom", "Accès aux droits", "nature_partenariat", "subvention,autre", "nature_partenariat_autre", "prêt", "structures_partenaires", "commune=Mairie de Périers\nLe Fournil"),
	}
	want := []string{
		"01/12/2026|Animation||Autre : visite|120||8|0||Réponse à un besoin/une problématique|Maillage territorial - faire réseau / créer du lien\nAutre thématique : logiciels libres|||||passeur-12",
		"02/12/2026|Évènement|Forum|Évènement grand public||80||||||Ma structure (moi - même)\nUn Hub||Départemental|à refaire|passeur-12",
		"|Partenariat|Accès aux droits|Recherche de subvention\nAutre : prêt|||||||||Mairie de Périers (Une commune)\nLe Fournil|||passeur-12",
	}
	got := cells(t, Coordination(reports, Own), "Date", "Type", "Nom", "Nature", "Durée (min)", "Participants", "Médiateurs", "Structures", "Autres acteurs", "Initiative", "Thématiques", "Organisateurs",
		"Structures partenaires", "Échelon territorial", "Notes", "ID CRA")
	if diff := cmp.Diff(want, got); diff != "" {
		t.Error(diff)
	}
	if got := cells(t, Coordination(reports[1:2], ByCoordinator), "Coordinateur"); got[0] != "Camille Exemple" {
		t.Error(got)
	}
}
