package bot

import (
	_ "embed"
	"fmt"
	"slices"
	"strings"
	"time"
)

// School holidays, by zone. Those that the program knows are in data/vacances-scolaires.tsv; an operator adds later years with
// `passeur import school`.

//go:embed data/vacances-scolaires.tsv
var schoolTable string

// SchoolBreak is a span of days without school.
type SchoolBreak struct {
	Name string `json:"name"` // "Noël"
	From string `json:"from"` // the first day without school, "2026-12-19"
	Back string `json:"back"` // the day on which school begins again, no longer one of it
}

// holds tells whether a day is one of the break.
func (b SchoolBreak) holds(day string) bool { return b.From <= day && day < b.Back }

// SchoolYears is the body of a record "school": what an operator imported for one zone.
type SchoolYears struct {
	V      int           `json:"v"`
	Breaks []SchoolBreak `json:"breaks"`
}

// schoolZones are the zones of the départements: Code de l'éducation, article D521-1, and the arrêté of 17 December 2015 that puts the
// académies of metropolitan France into zones. Corsica and the overseas territories have calendars of their own, which the table
// does not hold: they are zones by themselves.
var schoolZones = map[string]string{
	"A": "01 03 07 15 16 17 19 21 23 24 25 26 33 38 39 40 42 43 47 58 63 64 69 70 71 73 74 79 86 87 89 90",
	"B": "02 04 05 06 08 10 13 14 18 22 27 28 29 35 36 37 41 44 45 49 50 51 52 53 54 55 56 57 59 60 61 62 67 68 72 76 80 83 84 85 88",
	"C": "09 11 12 30 31 32 34 46 48 65 66 75 77 78 81 82 91 92 93 94 95",
}

// SchoolZone is the zone of a département: "A", "B", "C", or its own code where it has a calendar of its own.
func SchoolZone(territory string) string {
	for zone, list := range schoolZones {
		if slices.Contains(strings.Fields(list), territory) {
			return zone
		}
	}
	return territory
}

// ReadSchoolBreaks reads a table of school holidays: zones separated by commas, name, first day without school, day of return, separated
// by tabs; further columns and lines that begin with # say nothing. Its errors name the line, in French.
func ReadSchoolBreaks(table string) (map[string][]SchoolBreak, error) {
	out := map[string][]SchoolBreak{}
	n := 0
	for line := range strings.Lines(strings.TrimPrefix(table, "\ufeff")) {
		n++
		line = strings.TrimRight(line, "\r\n")
		if strings.TrimSpace(line) == "" || strings.HasPrefix(line, "#") {
			continue
		}
		f := strings.Split(line, "\t")
		if len(f) < 4 {
			return nil, fmt.Errorf("ligne %d : il faut une zone, un nom, le premier jour sans classe et le jour de la reprise, séparés par des tabulations", n)
		}
		b := SchoolBreak{Name: strings.TrimSpace(f[1]), From: strings.TrimSpace(f[2]), Back: strings.TrimSpace(f[3])}
		if !isDay(b.From) || !isDay(b.Back) || b.From >= b.Back || b.Name == "" {
			return nil, fmt.Errorf("ligne %d : « %s » ; écrivez les dates comme 2026-12-19, la reprise après le début", n, strings.Join(f[1:4], " "))
		}
		if apart(b.From, b.Back) > longestBreak {
			return nil, fmt.Errorf("ligne %d : ces vacances dureraient plus de %d jours ; vérifiez les années", n, longestBreak)
		}
		for zone := range strings.SplitSeq(f[0], ",") {
			zone = strings.TrimSpace(zone)
			if len(zone) == 0 || len(zone) > 3 {
				return nil, fmt.Errorf("ligne %d : la zone est A, B, C ou un département d'outre-mer ou de Corse", n)
			}
			out[zone] = append(out[zone], b)
		}
	}
	return out, nil
}

// longestBreak is more days than any school holidays last: ten weeks in summer at most.
const longestBreak = 80

func isDay(s string) bool {
	_, err := time.Parse(dayLayout, s)
	return err == nil
}

// schoolBreaks are the school holidays known for a territory, in order; an imported one takes the place of the program's own that begins
// within ten days of it.
func (t *Turn) schoolBreaks(territory string) []SchoolBreak {
	zone := SchoolZone(territory)
	imported, _ := load[SchoolYears](t, zone)
	return mergeBreaks(t.bot.school[zone], imported.Breaks)
}

func mergeBreaks(own, imported []SchoolBreak) []SchoolBreak {
	all := slices.Clone(imported)
	for _, b := range own {
		if !slices.ContainsFunc(imported, func(i SchoolBreak) bool { return apart(i.From, b.From) <= 10 }) {
			all = append(all, b)
		}
	}
	slices.SortFunc(all, func(a, b SchoolBreak) int { return strings.Compare(a.From, b.From) })
	return all
}

// apart is how many days lie between two days.
func apart(a, b string) int {
	x, _ := time.Parse(dayLayout, a)
	y, _ := time.Parse(dayLayout, b)
	return int(x.Sub(y).Abs().Hours() / 24)
}

// schoolKnown is the first day of which nobody knows whether it has school; "" when nothing is known.
func schoolKnown(breaks []SchoolBreak) (until string) {
	for _, b := range breaks {
		until = max(until, b.Back)
	}
	return until
}
