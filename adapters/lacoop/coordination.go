package lacoop

import (
	"slices"
	"strings"

	"passeur/bot"
)

// Coordination is the reports of coordinators among some (animations, events, partnerships), in their order: a row of titles, then one for each. As La Coop
// does, it says of all three in the same columns; what a form does not ask stays empty. The two Exports differ as in Table, and cells are written as there.
func Coordination(reports []bot.Report, e Export) [][]string {
	kept := slices.DeleteFunc(slices.Clone(reports), func(r bot.Report) bool { return coordinated[r.Form] == "" })
	return tableOf(coordinationColumns, kept, e)
}

// coordinated are the forms of coordinators, as people read them.
var coordinated = map[string]string{animation: "Animation", event: "Évènement", partnership: "Partenariat"}

var coordinationColumns = []column[bot.Report]{
	{dayTitle, nil, frenchDay},
	{"Enregistré le", nil, noted},
	{"Dernière modification le", nil, changed},
	{"Coordinateur", []Export{ByCoordinator}, func(r bot.Report) string { return r.By }},
	{"Type", nil, func(r bot.Report) string { return coordinated[r.Form] }},
	{"Nom", nil, func(r bot.Report) string { return clean(r.Values["nom"]) }},
	{"Nature", nil, nature},
	{minutesTitle, nil, func(r bot.Report) string { return orNothing(minutes(r)) }},
	{"Participants", nil, number("participants")},
	{"Médiateurs", nil, number("mediateurs")},
	{"Structures", nil, number("structures")},
	{"Autres acteurs", nil, number("autres_acteurs")},
	{"Initiative", nil, func(r bot.Report) string { return Label("initiative", r.Values["initiative"]) }},
	{"Thématiques", nil, func(r bot.Report) string {
		return labels("thematique_animation", several(r.Values["thematiques_animation"]), r.Values["thematique_animation_autre"])
	}},
	{"Organisateurs", nil, func(r bot.Report) string {
		return labels("organisateur", several(r.Values["organisateurs"]), r.Values["organisateur_autre"])
	}},
	{"Structures partenaires", nil, partnerLines},
	{"Échelon territorial", nil, func(r bot.Report) string { return Label("echelon_territorial", r.Values["echelon_territorial"]) }},
	{"Notes", []Export{Own}, func(r bot.Report) string { return clean(r.Values["notes"]) }},
	{"ID CRA", nil, ourNumber},
}

// coordinationNumbers are the titles of columns of numbers.
var coordinationNumbers = []string{minutesTitle, "Participants", "Médiateurs", "Structures", "Autres acteurs"}

// number is a number as it was said, zero as well.
func number(field string) func(bot.Report) string {
	return func(r bot.Report) string {
		if _, ok := whole(r.Values[field]); !ok {
			return ""
		}
		return strings.TrimSpace(r.Values[field])
	}
}

// nature is what kind of animation, event or partnership it was.
func nature(r bot.Report) string {
	field := map[string]string{animation: "type_animation", event: "type_evenement", partnership: "nature_partenariat"}[r.Form]
	return labels(field, several(r.Values[field]), r.Values[field+"_autre"])
}

// partnerLines are the partners, one a line, with what each is.
func partnerLines(r bot.Report) string {
	var lines []string
	for _, p := range partners(r.Values["structures_partenaires"]) {
		if p.kind != "" {
			p.name += " (" + Label("organisateur", p.kind) + ")"
		}
		lines = append(lines, p.name)
	}
	return strings.Join(lines, "\n")
}

// Sheets are Table and Coordination as sheets of a workbook; each is left out that has no row, but there is always one.
func Sheets(reports []bot.Report, e Export) []Sheet {
	activities := Sheet{Name: "Activités", Rows: Table(reports, e), Days: []string{dayTitle}, Numbers: []string{minutesTitle}}
	coordination := Sheet{Name: "Coordination", Rows: Coordination(reports, e), Days: []string{dayTitle}, Numbers: coordinationNumbers}
	switch {
	case len(coordination.Rows) == 1:
		return []Sheet{activities}
	case len(activities.Rows) == 1:
		return []Sheet{coordination}
	}
	return []Sheet{activities, coordination}
}
