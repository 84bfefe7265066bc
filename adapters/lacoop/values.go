package lacoop

import (
	_ "embed"
	"slices"
	"strings"
)

//go:embed values.tsv
var valuesTSV string

// Value is one that a field of La Coop may have.
type Value struct {
	Enum  string // the list it belongs to: "thematique"
	Slug  string // as La Coop's API and our forms write it: "argent_impots"
	Code  string // as La Coop's forms write it: "ArgentImpots"
	Group string // of themes "mediation" or "demarche"; else ""
	Label string // as La Coop shows it, in French
}

// The groups of the themes, and the theme without which La Coop refuses those of procedures.
const (
	procedures     = "demarche"
	procedureTheme = "aide_aux_demarches_administratives"
)

// notTold is the value of whoever did not say; three enumerations have it.
const notTold = "non_communique"

var (
	values  = readValues(valuesTSV)
	valueOf = indexed(values)
)

func readValues(table string) (all []Value) {
	for i, line := range strings.Split(strings.TrimSpace(table), "\n") {
		if f := strings.Split(line, "\t"); i > 0 {
			all = append(all, Value{f[0], f[1], f[2], f[3], f[4]})
		}
	}
	return all
}

// indexed are values by their enumeration and slug.
func indexed(all []Value) map[[2]string]Value {
	by := map[[2]string]Value{}
	for _, v := range all {
		by[[2]string{v.Enum, v.Slug}] = v
	}
	return by
}

// Values are all values of all enumerations, each enumeration in the order in which La Coop shows it. The caller may keep them.
func Values() []Value { return slices.Clone(values) }

// valuesOf are those of one enumeration, in order.
func valuesOf(enum string) (of []Value) {
	for _, v := range values {
		if v.Enum == enum {
			of = append(of, v)
		}
	}
	return of
}

// code is how La Coop's forms write a value; "" if it knows none of that slug.
func code(enum, slug string) string { return valueOf[[2]string{enum, slug}].Code }

// Label is how La Coop shows a value, in French; a slug that it does not know comes back as it is, so that nothing is lost in a table.
func Label(enum, slug string) string {
	if v, ok := valueOf[[2]string{enum, slug}]; ok {
		return v.Label
	}
	return slug
}

// stars is a degree as La Coop's export shows it: "2/3"; "" if there is no such value.
func stars(enum, slug string) string {
	all := valuesOf(enum)
	i := slices.IndexFunc(all, func(v Value) bool { return v.Slug == slug })
	if i < 0 {
		return ""
	}
	return fraction(i+1, len(all))
}
