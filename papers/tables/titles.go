package tables

import (
	"cmp"
	"fmt"
	"io"
	"slices"
	"strings"
)

// header is the title row of a table, and what it was taken for.
type header struct {
	number   int      // of its row in the file
	rows     int      // records until the end of it, those above included
	width    int      // columns
	titles   []string // by column, "" where there is none
	at       []int    // the column of each thing that is looked for, -1 nowhere
	letters  []string // of these columns
	matched  int
	complete bool     // all needed ones are there
	tie      error    // which columns could be the same thing
	others   []string // sheets of the workbook that are not read
}

// layout is what is to be read below a title row.
func (h header) layout() layout {
	wanted := make([]bool, len(h.titles))
	for _, at := range h.at {
		if at >= 0 {
			wanted[at] = true
		}
	}
	return layout{width: h.width, wanted: wanted}
}

// MissingError says that no row has the titles that are needed.
type MissingError struct {
	Missing []Column // which of them are not there
	Seen    []string // titles of the row that comes nearest; empty if nothing is there
	Row     int      // its number
	Sheet   string   // of a workbook of several sheets; else ""

	hidden  bool   // there are sheets that are not read
	garbled string // a row among the first that cannot be read, and why
}

// Error says in French what is missing, how it may be titled, and what was seen.
func (e *MissingError) Error() string {
	var names, titles []string
	for _, c := range e.Missing {
		names = append(names, c.Name)
		titles = append(titles, slices.Concat(c.Titles, []string{c.Name})[0])
	}
	column, them := "la colonne", "titrez-la"
	if len(e.Missing) > 1 {
		column, them = "les colonnes", "titrez-les"
	}
	s := fmt.Sprintf("il manque %s %s : %s %s", column, join(names), them, join(quoted(titles)))
	if e.Sheet != "" {
		s += fmt.Sprintf(" dans la feuille « %s »", e.Sheet)
	}
	if len(e.Seen) > 0 {
		s += fmt.Sprintf(" (titres vus, ligne %d : %s)", e.Row, strings.Join(quoted(e.Seen), ", "))
	}
	if e.garbled != "" {
		s += ". " + e.garbled
	}
	if e.hidden {
		s += ". Les feuilles masquées ne sont pas lues"
	}
	return s
}

// heads reads the rows that may hold the titles.
func heads(rows source) ([]record, error) {
	var all []record
	for len(all) < titleRows {
		rec, err := rows.next()
		if err == io.EOF {
			break
		}
		if err != nil {
			return nil, err
		}
		rec.fields = slices.Clone(rec.fields)
		all = append(all, rec)
	}
	return all, nil
}

// find chooses the title row: the first that has all needed columns and most of all. In its absence it is the row that comes nearest.
func find(records []record, columns []Column) header {
	best := header{}
	for i, rec := range records {
		if rec.fault != "" {
			continue
		}
		h := match(rec, columns)
		h.rows = i + 1
		best = better(best, h, false)
		if i+1 < len(records) {
			if h, ok := under(rec, records[i+1], columns); ok {
				h.rows = i + 2
				best = better(best, h, true)
			}
		}
	}
	return best
}

// better chooses between two title rows. Of equals the first is taken, unless the second is the first and what stands below its groups.
func better(a, b header, grouped bool) header {
	rank := cmp.Or(compare(b.complete, a.complete), cmp.Compare(b.matched, a.matched))
	switch {
	case rank > 0, rank == 0 && grouped && a.rows == b.rows-1:
		return b
	case rank == 0 && b.matched == 0 && count(b.titles) > count(a.titles):
		return b // to tell what was seen
	}
	return a
}

func compare(a, b bool) int {
	switch {
	case a && !b:
		return 1
	case b && !a:
		return -1
	}
	return 0
}

func count(titles []string) int {
	n := 0
	for _, s := range titles {
		if s != "" {
			n++
		}
	}
	return n
}

// under matches a row of groups and the titles below them together: "Téléphone" over "Fixe" and "Mobile", beside "Nom", which has nothing below it. They are
// no such pair if something stands below a title that is no group, or if one of the two rows alone has all that is found.
func under(above, below record, columns []Column) (header, bool) {
	if below.fault != "" || below.number != above.number+1 {
		return header{}, false
	}
	both := record{number: below.number, fields: make([]field, max(len(above.fields), len(below.fields)))}
	copy(both.fields, above.fields)
	group := -1
	for i := range both.fields {
		if !blankAt(above, i) {
			group = i
		}
		if blankAt(below, i) {
			continue
		}
		if group < 0 || group == i && (i+1 == len(both.fields) || !blankAt(above, i+1)) {
			return header{}, false
		}
		both.fields[i] = below.fields[i]
	}
	h := match(both, columns)
	return h, slices.ContainsFunc(h.at, func(at int) bool { return at >= 0 && blankAt(below, at) }) &&
		slices.ContainsFunc(h.at, func(at int) bool { return at >= 0 && !blankAt(below, at) })
}

func blankAt(rec record, at int) bool { return at >= len(rec.fields) || rec.fields[at].text == "" }

// longestTitle is far above any title, in bytes.
const longestTitle = 500

// claim says that a column of a table may be one that is looked for, and how good its title is.
type claim struct{ column, at, rank int }

// match finds the columns in a row, the best titles first. Each column of the table is one thing at most.
func match(rec record, columns []Column) header {
	h := header{number: rec.number, width: len(rec.fields), at: make([]int, len(columns)), letters: make([]string, len(columns)), complete: true}
	for _, f := range rec.fields {
		h.titles = append(h.titles, f.text)
	}
	taken := map[int]bool{}
	for i := range h.at {
		h.at[i] = -1
	}
	all := claims(h.titles, columns)
	for _, c := range all {
		if h.at[c.column] >= 0 || taken[c.at] {
			continue
		}
		h.at[c.column], h.letters[c.column], taken[c.at] = c.at, letter(c.at), true
		h.matched++
		for _, d := range all {
			if d.column == c.column && d.rank == c.rank && d.at != c.at && !taken[d.at] && h.tie == nil {
				h.tie = fmt.Errorf("deux colonnes peuvent être %s : %s (« %s ») et %s (« %s ») ; renommez ou retirez celle qui ne compte pas",
					columns[c.column].Name, letter(c.at), h.titles[c.at], letter(d.at), h.titles[d.at])
			}
		}
	}
	for i, c := range columns {
		h.complete = h.complete && (!c.Needed || h.at[i] >= 0)
	}
	h.complete = h.complete && h.matched > 0
	return h
}

func claims(titles []string, columns []Column) []claim {
	ranks := map[string][]claim{}
	for i, c := range columns {
		for rank, title := range c.Titles {
			k := key(title)
			if !slices.ContainsFunc(ranks[k], func(c claim) bool { return c.column == i }) {
				ranks[k] = append(ranks[k], claim{column: i, rank: rank})
			}
		}
	}
	var all []claim
	for at, title := range titles {
		if title == "" || len(title) > longestTitle {
			continue
		}
		for _, c := range ranks[key(title)] {
			all = append(all, claim{c.column, at, c.rank})
		}
	}
	slices.SortStableFunc(all, func(a, b claim) int { return cmp.Compare(a.rank, b.rank) })
	return all
}

// settled is what is wrong with the title row that was chosen, if anything is.
func (h header) settled(columns []Column, among []record) error {
	for _, rec := range among {
		if rec.wide && (h.number == 0 || rec.number == h.number) {
			return fmt.Errorf("la ligne %d a plus de %d colonnes : gardez les colonnes utiles", rec.number, mostColumns)
		}
	}
	if h.complete {
		return h.tie
	}
	e := &MissingError{Row: h.number}
	if i := slices.IndexFunc(among, func(rec record) bool { return rec.fault != "" }); i >= 0 {
		e.garbled = fmt.Sprintf("La ligne %d ne se lit pas : %s", among[i].number, among[i].fault)
	}
	for i, c := range columns {
		if needed := c.Needed || h.matched == 0 && !slices.ContainsFunc(columns, func(c Column) bool { return c.Needed }); needed && (h.at == nil || h.at[i] < 0) {
			e.Missing = append(e.Missing, c)
		}
	}
	for _, title := range h.titles {
		if title != "" {
			e.Seen = append(e.Seen, title)
		}
	}
	return e
}
