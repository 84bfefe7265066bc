package intents

import (
	_ "embed"
	"fmt"
	"iter"
	"slices"
	"strconv"
	"strings"

	"passeur/intents/french"
)

// communesTable is the embedded gazetteer: see its first lines for source and columns. It stays in the program's
// read-only data; what a Gazetteer holds points into it.
//
//go:embed data/communes.tsv
var communesTable string

//go:embed data/mots-communs.txt
var commonTable string

// Commune is a commune of today.
type Commune struct {
	Code      string   // INSEE code: "50147"
	Name      string   // "Saint-Lô"
	Territory string   // its département or collectivity: "50", "974"
	Postcodes []string // all of them
	Lat, Lon  float64  // of its centre, WGS84; both zero when they are not known
}

// CommuneHit is a name of a commune in a text. A name that several communes bear gives several hits of one place.
type CommuneHit struct {
	Commune    Commune
	Start, End int // byte offsets of the name
}

// Gazetteer knows the communes of some territories: by their names, by the names of the communes merged into them, by
// the head of a long name ("Gouville" for Gouville-sur-Mer) and by postcode. It is safe for concurrent use. The Manche
// (445 communes) takes 0.2 MB of heap, all of France 9 MB.
type Gazetteer struct {
	communes []Commune          // sorted by code
	names    map[string][]int32 // folded name → communes
	keys     []string           // all names, sorted, for prefixes and typos
	longest  map[string]int     // first word of a name → words of the longest such name
	posts    map[string][]int32 // postcode → communes
	common   map[string]bool    // words of names that are everyday words
}

// NewGazetteer loads the communes of the départements and collectivities given: "50", "2A", "974". One that does not
// exist is an error, which says so in French.
func NewGazetteer(departements []string) (*Gazetteer, error) {
	g := &Gazetteer{names: map[string][]int32{}, longest: map[string]int{}, posts: map[string][]int32{}, common: map[string]bool{}}
	var old []string // lines of the communes merged into others
	for _, d := range slices.Compact(slices.Sorted(slices.Values(departements))) {
		before := len(g.communes)
		for line := range territoryLines(strings.ToUpper(strings.TrimSpace(d))) {
			f := strings.Split(line, "\t")
			if f[2] != "" {
				old = append(old, line)
				continue
			}
			c := Commune{Code: f[0], Name: f[1], Territory: territoryOf(f[0]), Postcodes: strings.Fields(f[3])}
			c.Lat, _ = strconv.ParseFloat(f[4], 64)
			c.Lon, _ = strconv.ParseFloat(f[5], 64)
			g.communes = append(g.communes, c)
		}
		if len(g.communes) == before {
			return nil, fmt.Errorf("le département %q n'existe pas : donnez des codes comme 50, 2A ou 974", d)
		}
	}
	g.index(old)
	return g, nil
}

// territoryLines yields the lines of the table, which is sorted by code, that belong to one territory.
func territoryLines(territory string) iter.Seq[string] {
	return func(yield func(string) bool) {
		if territory == "" {
			return
		}
		at := strings.Index(communesTable, "\n"+territory)
		if at < 0 {
			return
		}
		for line := range strings.Lines(communesTable[at+1:]) {
			line = strings.TrimSuffix(line, "\n")
			if !strings.HasPrefix(line, territory) || territoryOf(line) != territory || !yield(line) {
				return
			}
		}
	}
}

// index fills in everything by which a commune is found.
func (g *Gazetteer) index(old []string) {
	slices.SortFunc(g.communes, func(a, b Commune) int { return strings.Compare(a.Code, b.Code) })
	for i, c := range g.communes {
		g.name(nameKey(c.Name), int32(i))
		for _, p := range c.Postcodes {
			g.posts[p] = append(g.posts[p], int32(i))
		}
	}
	heads := map[string][]int32{}
	for i, c := range g.communes {
		if h := head(nameKey(c.Name)); h != "" {
			heads[h] = append(heads[h], int32(i))
		}
	}
	for _, line := range old {
		f := strings.Split(line, "\t")
		i, ok := g.find(f[2])
		if key := nameKey(f[1]); ok && len(g.names[key]) == 0 {
			heads[key] = append(heads[key], i)
		}
	}
	for name, is := range heads {
		if len(g.names[name]) == 0 {
			for _, i := range is {
				g.name(name, i)
			}
		}
	}
	for name := range g.names {
		g.keys = append(g.keys, name)
	}
	slices.Sort(g.keys)
	g.loadCommon()
}

// name files a commune under a folded name.
func (g *Gazetteer) name(key string, i int32) {
	if slices.Contains(g.names[key], i) {
		return
	}
	g.names[key] = append(g.names[key], i)
	first, _, _ := strings.Cut(key, " ")
	g.longest[first] = max(g.longest[first], strings.Count(key, " ")+1)
}

func (g *Gazetteer) loadCommon() {
	parts := map[string]bool{}
	for _, k := range g.keys {
		parts[bare(k)] = true
	}
	for line := range strings.Lines(commonTable) {
		if strings.HasPrefix(line, "#") {
			continue
		}
		for _, w := range strings.Fields(line) {
			if parts[w] {
				g.common[w] = true
			}
		}
	}
}

// nameKey folds a name of a commune: "Saint-Lô" and "st lo" are "saint lo".
func nameKey(name string) string {
	words := strings.Fields(french.Folded(name))
	for i, w := range words {
		words[i] = long(w)
	}
	return strings.Join(words, " ")
}

// long undoes the usual abbreviations of names of communes.
func long(w string) string {
	switch w {
	case "st":
		return "saint"
	case "ste":
		return "sainte"
	}
	return w
}

// head returns what stands before "sur", "en", "les"… in a long name, "" if there is nothing telling.
func head(key string) string {
	words := strings.Fields(key)
	for i, w := range words {
		if i == 0 {
			continue
		}
		switch w {
		case "en", "sur", "sous", "les", "le", "la", "du", "de", "des", "d", "l", "au", "aux":
			h := strings.Join(words[:i], " ")
			if len(h) < 5 || h == "saint" || h == "sainte" {
				return ""
			}
			return h
		}
	}
	return ""
}

// bare drops the article that a folded name begins with.
func bare(key string) string {
	for _, article := range []string{"le ", "la ", "les ", "l "} {
		if rest, ok := strings.CutPrefix(key, article); ok {
			return rest
		}
	}
	return key
}

// ByCode returns the commune of an INSEE code, if it is loaded.
func (g *Gazetteer) ByCode(code string) (Commune, bool) {
	i, ok := g.find(code)
	if !ok {
		return Commune{}, false
	}
	return g.communes[i], true
}

// All yields the communes of a territory ("50") in the order of their codes; none of a territory that is not loaded.
func (g *Gazetteer) All(territory string) iter.Seq[Commune] {
	return func(yield func(Commune) bool) {
		for _, c := range g.communes {
			if c.Territory == territory && !yield(c) {
				return
			}
		}
	}
}

func (g *Gazetteer) find(code string) (int32, bool) {
	i, ok := slices.BinarySearchFunc(g.communes, code, func(c Commune, code string) int { return strings.Compare(c.Code, code) })
	return int32(i), ok
}
