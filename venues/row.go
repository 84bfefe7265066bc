package venues

import (
	"slices"
	"strings"
)

// column is a column of the standard that is read; all others are passed over, whoever wrote them.
type column int

const (
	colID column = iota
	colPivot
	colName
	colCommune
	colPostcode
	colInsee
	colAddress
	colComplement
	colLat
	colLon
	colTypes
	colPhone
	colSite
	colHours
	colTravelling
	colUpdated
	colServices
	colPublics
	colCare
	colFees
	colProgrammes
	colLabels
	colOtherLabels
	colAccess
	colBooking
	columns // how many
)

// columnNames are the names of the standard.
var columnNames = [columns]string{"id", "pivot", "nom", "commune", "code_postal", "code_insee", "adresse", "complement_adresse", "latitude", "longitude", "typologie",
	"telephone", "site_web", "horaires", "itinerance", "date_maj", "services", "publics_specifiquement_adresses", "prise_en_charge_specifique", "frais_a_charge",
	"dispositif_programmes_nationaux", "formations_labels", "autres_formations_labels", "modalites_acces", "prise_rdv"}

// mandatory columns must be in a file; the standard has pivot among them, which places of La Coop do not always know, and not services, without which no
// place is kept.
var mandatory = []column{colID, colName, colCommune, colPostcode, colAddress, colUpdated, colServices}

func (c column) String() string { return columnNames[c] }

// columnKeys finds a column by its name, as the standard writes it or folded.
var columnKeys = func() map[string]column {
	keys := map[string]column{}
	for c, name := range columnNames {
		keys[name], keys[fold(name)] = column(c), column(c)
	}
	return keys
}()

// columnOf finds the column that a header means, case, accents and signs aside.
func columnOf(header string) (column, bool) {
	if c, ok := columnKeys[header]; ok {
		return c, true
	}
	c, ok := columnKeys[fold(header)]
	return c, ok
}

// missing names the mandatory columns that are not there.
func missing(there [columns]bool) []string {
	var names []string
	for _, c := range mandatory {
		if !there[c] {
			names = append(names, c.String())
		}
	}
	return names
}

// cell is one value of a row: a text, or a list if JSON says so.
type cell struct {
	text   string
	list   []string
	broken bool // neither text, number nor list of them
}

// row is one place as the file has it.
type row struct {
	line  int
	cells [columns]cell
}

// empty reports whether nothing at all stands in a row.
func (r *row) empty() bool {
	return !slices.ContainsFunc(r.cells[:], func(c cell) bool { return c.broken || c.list != nil || tidy(c.text) != "" })
}

// text returns a value as one line.
func (r *row) text(c column) string {
	if l := r.cells[c].list; l != nil {
		return tidy(strings.Join(l, "|"))
	}
	return tidy(r.cells[c].text)
}

// values returns the values of a list, without empty ones and repetitions. In a text "|" separates them, and ";" where there is no "|".
func (r *row) values(c column) []string {
	parts := r.cells[c].list
	if parts == nil {
		separator := "|"
		if !strings.Contains(r.cells[c].text, "|") {
			separator = ";"
		}
		parts = strings.Split(r.cells[c].text, separator)
	}
	var values []string
	for _, p := range parts {
		if p = tidy(p); p != "" && !slices.Contains(values, p) {
			values = append(values, p)
		}
	}
	return values
}
