package lacoop

import (
	"slices"
	"strconv"
	"strings"
	"time"

	"passeur/bot"
)

// Export is who has the reports of a table: La Coop gives its own export other columns for either.
type Export int

// The two exports.
const (
	Own           Export = iota // whoever did all of it: her notes, but not her name
	ByCoordinator               // a coordinator: the names of those who did it, but none of their notes
)

// column is one of a table: its title, the only export that has it, and what stands in it.
type column[T any] struct {
	title string
	only  []Export // none: both
	cell  func(T) string
}

// tableOf writes the titles of the columns that an export has, then a row for each thing.
func tableOf[T any](columns []column[T], things []T, e Export) [][]string {
	columns = slices.DeleteFunc(slices.Clone(columns), func(c column[T]) bool { return len(c.only) > 0 && !slices.Contains(c.only, e) })
	titles := make([]string, len(columns))
	for i, c := range columns {
		titles[i] = c.title
	}
	rows := [][]string{titles}
	for _, thing := range things {
		row := make([]string, len(columns))
		for i, c := range columns {
			row[i] = c.cell(thing)
		}
		rows = append(rows, row)
	}
	return rows
}

// accompaniment is one row of La Coop's export: what one person was helped with.
type accompaniment struct {
	bot.Report
	n, of                  int // the how many-th participant of how many; of 0: not known
	first                  bool
	gender, age, situation string // slugs
}

// Table is the individual reports and the workshops among some, in their order, under the titles of La Coop's export of activities in that Export: a row of
// titles, then one for each person who was helped. So a report of three people who were helped one after the other is three rows of a third of its time each,
// and a workshop of nine is nine rows of its whole time, which say "1/9", "2/9" and so on; its counts of genders, ages and situations are run through one by
// one, so that what two of these columns say together of one row means nothing. Notes stand in the first row of their report.
//
// Columns for what is not known here (tags, the address, the number of a Conseiller numérique, who was helped) are there and empty; the name of whoever did it
// stands whole in the column of her last name. Lists within a cell are lines; days are 31/12/2026, hours on the clock of Report.Noted's own zone. Cells are
// what was typed: what writes them keeps a spreadsheet from calculating them (XLSX does, and the CSV of papers/tables). In CSV a spreadsheet takes "2/9" for a
// date, in XLSX it does not.
func Table(reports []bot.Report, e Export) [][]string {
	var rows []accompaniment
	for _, r := range reports {
		switch r.Form {
		case individual:
			rows = append(rows, oneAfterTheOther(r)...)
		case collective:
			rows = append(rows, together(r)...)
		}
	}
	return tableOf(activityColumns, rows, e)
}

// oneAfterTheOther are the rows of an individual report.
func oneAfterTheOther(r bot.Report) (rows []accompaniment) {
	for i := range people(r) {
		rows = append(rows, accompaniment{r, 1, 1, i == 0, r.Values["genre"], r.Values["tranche_age"], r.Values["statut_social"]})
	}
	return rows
}

// together are the rows of a workshop; one whose participants were not counted is one row, which does not say how many.
func together(r bot.Report) (rows []accompaniment) {
	total, ok := participants(r)
	if !ok || total == 0 {
		return []accompaniment{{Report: r, first: true}}
	}
	var told [3][]string
	for i, f := range families {
		for _, c := range family(f.enum, r.Values[f.field], total) {
			told[i] = append(told[i], slices.Repeat([]string{c.Slug}, c.n)...)
		}
	}
	for i := range total {
		rows = append(rows, accompaniment{r, i + 1, total, i == 0, told[0][i], told[1][i], told[2][i]})
	}
	return rows
}

// activityColumns are those of La Coop's export, without the one that tells data of its predecessor.
var activityColumns = []column[accompaniment]{
	{dayTitle, nil, func(a accompaniment) string { return frenchDay(a.Report) }},
	{"Enregistré le", nil, func(a accompaniment) string { return noted(a.Report) }},
	{"Dernière modification le", nil, func(a accompaniment) string { return changed(a.Report) }},
	{"Prénom du médiateur", []Export{ByCoordinator}, nothing},
	{"Nom du médiateur", []Export{ByCoordinator}, func(a accompaniment) string { return a.By }},
	{"Rôle", []Export{ByCoordinator}, nothing},
	{"ID - Conum", []Export{ByCoordinator}, nothing},
	{"Type", nil, func(a accompaniment) string { return Label("type_activite", a.Form) }},
	{"Participants", nil, accompaniment.participant},
	{"Bénéficiaire", []Export{Own}, nothing},
	{"Canaux d’accompagnement", nil, func(a accompaniment) string { return Label("type_lieu", a.Values["type_lieu"]) }},
	{"Nom du lieu", nil, accompaniment.place},
	{"Adresse", nil, nothing},
	{"Commune", nil, func(a accompaniment) string { return a.Commune.Name }},
	{"Code postal", nil, func(a accompaniment) string { return first(a.Commune.Postcodes) }},
	{"Code Insee", nil, func(a accompaniment) string { return a.Commune.Code }},
	{minutesTitle, nil, func(a accompaniment) string { return orNothing(minutes(a.Report)) }},
	{"Nom de l’atelier", nil, func(a accompaniment) string { return clean(a.Values["titre_atelier"]) }},
	{"Matériel numérique utilisé", nil, func(a accompaniment) string { return labels("materiel", several(a.Values["materiel"]), "") }},
	{"Thématique(s) d’accompagnement", nil, func(a accompaniment) string { return labels("thematique", themes(a.Report), "") }},
	{"Tags", nil, nothing},
	{"Nom de la démarche administrative", nil, func(a accompaniment) string { return clean(a.Values["precisions_demarche"]) }},
	{"Niveau d’autonomie (ou de l’atelier)", nil, accompaniment.level},
	{"Bénéficiaire réorienté", nil, func(a accompaniment) string {
		return map[string]string{yes: "Oui", no: "Non"}[a.Values["oriente_vers_structure"]]
	}},
	{"Structure de redirection", nil, accompaniment.redirection},
	{"Commune du bénéficiaire", nil, func(a accompaniment) string { return a.Home.Name }},
	{"Code postal du bénéficiaire", nil, func(a accompaniment) string { return first(a.Home.Postcodes) }},
	{"Code Insee du bénéficiaire", nil, func(a accompaniment) string { return a.Home.Code }},
	{"Genre du bénéficiaire", nil, func(a accompaniment) string { return orNotTold("genre", a.gender) }},
	{"Tranche d’âge du bénéficiaire", nil, func(a accompaniment) string { return orNotTold("tranche_age", a.age) }},
	{"Statut du bénéficiaire", nil, func(a accompaniment) string { return orNotTold("statut_social", a.situation) }},
	{"Notes supplémentaires", []Export{Own}, accompaniment.notes},
	{"ID CRA", nil, func(a accompaniment) string { return ourNumber(a.Report) }},
}

// Titles of columns that a spreadsheet calculates with.
const (
	dayTitle     = "Date"
	minutesTitle = "Durée (min)"
)

// nothing stands in columns for what is not known here.
func nothing(accompaniment) string { return "" }

func (a accompaniment) participant() string {
	switch a.of {
	case 0:
		return ""
	case 1:
		return "1"
	}
	return fraction(a.n, a.of)
}

// place is the name of the place, unless it is somebody's home.
func (a accompaniment) place() string {
	if kind := a.Values["type_lieu"]; kind == "lieu_activite" || kind == other {
		return clean(a.Where)
	}
	return ""
}

func (a accompaniment) level() string {
	if a.Form == collective {
		return stars("niveau_atelier", a.Values["niveau_atelier"])
	}
	return stars("autonomie", a.Values["autonomie"])
}

func (a accompaniment) redirection() string {
	if a.Values["oriente_vers_structure"] != yes {
		return ""
	}
	return Label("structure_de_redirection", a.Values["structure_de_redirection"])
}

func (a accompaniment) notes() string {
	if !a.first {
		return ""
	}
	return clean(a.Values["notes"])
}

// labels are those of several values, one a line; words that go with "autre" stand behind it.
func labels(enum string, slugs []string, words string) string {
	var lines []string
	words = clean(words)
	for _, slug := range slugs {
		label := Label(enum, slug)
		if slug == other && words != "" {
			label += " : " + words
		}
		lines = append(lines, label)
	}
	return strings.Join(lines, "\n")
}

func orNotTold(enum, slug string) string {
	if slug == "" {
		slug = notTold
	}
	return Label(enum, slug)
}

// orNothing is a number, unless it is zero.
func orNothing(n int) string {
	if n == 0 {
		return ""
	}
	return strconv.Itoa(n)
}

const frenchLayout = "02/01/2006"

func frenchDay(r bot.Report) string {
	at, err := time.Parse(time.DateOnly, day(r))
	if err != nil {
		return ""
	}
	return at.Format(frenchLayout)
}

func noted(r bot.Report) string {
	if r.Noted.IsZero() {
		return ""
	}
	return r.Noted.Format(frenchLayout + " à 15:04")
}

// changed is when a report was changed since it was noted.
func changed(r bot.Report) string {
	if r.Changed.IsZero() || r.Changed.Equal(r.Noted) {
		return ""
	}
	return r.Changed.Format(frenchLayout + " à 15:04")
}

// ourNumber is the number of a report, told from those of La Coop.
func ourNumber(r bot.Report) string {
	if r.Number == "" {
		return ""
	}
	return "passeur-" + r.Number
}
