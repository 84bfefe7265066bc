package intents

import (
	_ "embed"
	"slices"
	"strings"

	"passeur/intents/dates"
	"passeur/intents/french"
)

//go:embed data/themes.txt
var themesTable string

// themeRules are the compiled patterns of data/themes.txt and the slugs of its blocks, in their order.
type themeRules struct {
	*book
	slugs     []string
	procedure map[string]bool
}

var themeBook = readThemes(themesTable)

// readThemes compiles a table of themes: see the head of data/themes.txt.
func readThemes(table string) themeRules {
	rules := themeRules{procedure: map[string]bool{}}
	b, order := compile(table, nil)
	rules.book = b
	for _, head := range order {
		slug, group, _ := strings.Cut(string(head), " ")
		rules.slugs = append(rules.slugs, slug)
		rules.procedure[slug] = group == "demarche"
	}
	return rules
}

// Themes returns the slugs of the mediation themes and of the administrative procedures that a French text speaks of, each in the order of
// data/themes.txt. Only the first 2,000 characters are read.
func Themes(text string) (themes, procedures []string) {
	r := newActivityReader(text, dates.AnyDay, nil)
	r.readThemes()
	return r.Themes, r.Procedures
}

// ThemeSlugs are all themes and procedures there are, in the order of data/themes.txt.
func ThemeSlugs() []string {
	return slices.DeleteFunc(slices.Clone(themeBook.slugs), func(slug string) bool { return slug == "-" })
}

// IsProcedure tells whether a slug of ThemeSlugs is an administrative procedure.
func IsProcedure(slug string) bool { return themeBook.procedure[slug] }

// readThemes finds what the words are about that nothing else took.
func (r *activityReader) readThemes() {
	words := slices.Clone(r.words)
	for k, i := range r.origins {
		if r.taken[i] || r.retired(i) {
			words[k] = ""
		}
	}
	hits := r.telling(themeBook.hits(themeBook.read(words), 0, len(words)))
	for _, slug := range themeBook.slugs {
		if !slices.ContainsFunc(hits, func(h hit) bool { return slugOf(h) == slug }) || slug == "-" {
			continue
		}
		if themeBook.procedure[slug] {
			r.Procedures = append(r.Procedures, slug)
		} else {
			r.Themes = append(r.Themes, slug)
		}
	}
}

func slugOf(h hit) string {
	slug, _, _ := strings.Cut(string(h.pattern.intent), " ")
	return slug
}

// retired reports whether the word "retraite" at token i is a person, "retraité", and no pension.
func (r *activityReader) retired(i int) bool {
	if s := r.toks[i].Norm; s != "retraite" && s != "retraites" {
		return false
	}
	before := ""
	if i > 0 {
		before = r.toks[i-1].Norm
	}
	word := strings.TrimSuffix(r.text[:r.toks[i].End], "s")
	return strings.HasSuffix(word, "é") || before == "un" || before == "jeune" || before == "monsieur" || r.toks[i].Norm == "retraites" && before != "les" && before != "des"
}

// telling drops the hits that lie within a longer one, and the weak ones when there are others, unless they stand alone in a list:
// "tablette, mails".
func (r *activityReader) telling(hits []hit) []hit {
	var kept []hit
	strong := false
	for _, h := range hits {
		covered := slices.ContainsFunc(hits, func(o hit) bool {
			return o.from <= h.from && o.to >= h.to && o.size() > h.size() && (o.to-o.from == o.size() || o.from == h.from || o.to == h.to)
		})
		if !covered {
			kept = append(kept, h)
			strong = strong || !h.pattern.weak && slugOf(h) != "-"
		}
	}
	return slices.DeleteFunc(kept, func(h hit) bool { return h.pattern.weak && strong && !r.listed(h) })
}

// listed reports whether a hit stands alone between signs or "et", and is no paper, which belongs to what is said beside it.
func (r *activityReader) listed(h hit) bool {
	if slugOf(h) == "aide_aux_demarches_administratives" {
		return false
	}
	before, behind := r.origins[h.from]-1, r.origins[h.to-1]+1
	return r.breaks(before) && r.breaks(behind) || r.joins(before) || r.joins(behind)
}

// joins reports whether token i joins two things of a list.
func (r *activityReader) joins(i int) bool {
	return i > 0 && i < len(r.toks)-1 && (r.toks[i].Norm == "et" || r.toks[i].Norm == "+" || r.toks[i].Norm == "&" || r.toks[i].Norm == "/")
}

// breaks reports whether token i ends a part of a list.
func (r *activityReader) breaks(i int) bool {
	return i < 0 || i >= len(r.toks) || r.toks[i].Kind == french.Sign && r.toks[i].Norm != "'" || r.toks[i].Norm == "et"
}
