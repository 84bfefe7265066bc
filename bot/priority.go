package bot

import (
	"context"
	"encoding/csv"
	"errors"
	"fmt"
	"io"
	"slices"
	"strings"
	"time"
)

// Where help is needed first: lists of communes that an operator imports.

// PriorityList is one list of communes where one should go first.
type PriorityList struct {
	V        int      `json:"v"`
	Kind     string   `json:"kind"`     // FRR or QPV
	Communes []string `json:"communes"` // INSEE codes, sorted
}

// The kinds of lists of priority communes.
const (
	FRR = "FRR" // zones France ruralités revitalisation: Code général des impôts, article 44 quindecies A
	QPV = "QPV" // communes that hold a quartier prioritaire de la politique de la ville: law no. 2014-173, article 5
)

// priorityKinds are the lists, in the order in which they are told.
var priorityKinds = []string{FRR, QPV}

// mostPriorities is more communes than there are in France (35,000): what is longer is no such list.
const mostPriorities = 100_000

// ReadPriorities reads a table of communes: INSEE codes and the kind of list that each belongs to, in columns separated by semicolons, commas,
// tabs or spaces. A first line of titles may name them: the column of codes is the one titled « insee », « code_insee », « codgeo »,
// « code commune »…; without titles it is the only one that holds codes. The kind is any cell that is or begins with FRR or QPV
// ("FRR", "FRR+", "QPV Centre"); kind, which may be "", is that of lines that hold none. Empty lines and those that begin with # say nothing.
// One list is returned for each kind that was found, FRR first. Errors name the line, in French.
func ReadPriorities(table, kind string) ([]PriorityList, error) {
	if kind != "" && !slices.Contains(priorityKinds, kind) {
		return nil, fmt.Errorf("la sorte de liste est FRR ou QPV, et non « %s »", cut(kind))
	}
	r := priorityReader{kind: kind, column: -1, found: map[string][]string{}}
	lines := csv.NewReader(strings.NewReader(strings.TrimPrefix(table, "\ufeff")))
	lines.Comma, lines.Comment, lines.FieldsPerRecord, lines.LazyQuotes = separator(table), '#', -1, true
	for first := true; ; first = false {
		cells, err := lines.Read()
		if errors.Is(err, io.EOF) {
			return r.lists()
		}
		if err != nil {
			return nil, fmt.Errorf("ce fichier n'est pas un tableau de texte : %w", err)
		}
		n, _ := lines.FieldPos(0)
		if err := r.line(cells, first); err != nil {
			return nil, fmt.Errorf("ligne %d : %w", n, err)
		}
	}
}

// separator is what stands between the columns of a table, as its first line shows it.
func separator(table string) rune {
	for line := range strings.Lines(table) {
		if line = strings.TrimSpace(line); line == "" || line[0] == '#' {
			continue
		}
		for _, s := range ";\t," {
			if strings.ContainsRune(line, s) {
				return s
			}
		}
		break
	}
	return ' '
}

// priorityReader takes the lines of a table of priorities one after the other.
type priorityReader struct {
	kind   string // of lines that tell none
	column int    // of the codes, as the titles say; -1 there are no titles
	n      int
	found  map[string][]string
}

func (r *priorityReader) line(cells []string, first bool) error {
	for i := range cells {
		cells[i] = strings.ToUpper(strings.TrimSpace(cells[i]))
	}
	if first && !slices.ContainsFunc(cells, isINSEE) && !slices.ContainsFunc(cells, onlyDigits) {
		r.column = slices.IndexFunc(cells, titlesCodes)
		return nil
	}
	if strings.Join(cells, "") == "" {
		return nil
	}
	code, err := r.code(cells)
	if err != nil {
		return err
	}
	kind := r.kind
	for _, cell := range cells {
		for _, known := range priorityKinds {
			if rest, ok := strings.CutPrefix(cell, known); ok && (rest == "" || rest[0] == ' ' || rest[0] == '+') {
				kind = known
			}
		}
	}
	if kind == "" {
		return errors.New("je ne sais pas si cette commune est FRR ou QPV : ajoutez une colonne qui le dit, ou donnez la sorte de la liste (--kind FRR)")
	}
	if r.n++; r.n > mostPriorities {
		return fmt.Errorf("plus de %d communes : est-ce le bon fichier ?", mostPriorities)
	}
	r.found[kind] = append(r.found[kind], code)
	return nil
}

// code is the INSEE code of a line.
func (r *priorityReader) code(cells []string) (string, error) {
	if r.column >= 0 && r.column < len(cells) {
		if cell := cells[r.column]; !isINSEE(cell) {
			return "", fmt.Errorf("« %s » n'est pas un code INSEE : il a cinq caractères, comme 50147 ou 01004 (un tableur enlève parfois le zéro du début)", cut(cell))
		}
		return cells[r.column], nil
	}
	var codes []string
	for _, cell := range cells {
		if isINSEE(cell) {
			codes = append(codes, cell)
		}
	}
	switch len(slices.Compact(codes)) {
	case 0:
		return "", errors.New("il n'y a pas de code INSEE : il a cinq caractères, comme 50147 ou 01004 (un tableur enlève parfois le zéro du début)")
	case 1:
		return codes[0], nil
	}
	return "", fmt.Errorf("« %s » et « %s » : lequel est le code INSEE ? Donnez à sa colonne le titre code_insee, sur la première ligne", codes[0], codes[1])
}

func (r *priorityReader) lists() ([]PriorityList, error) {
	var out []PriorityList
	for _, kind := range priorityKinds {
		if codes := r.found[kind]; len(codes) > 0 {
			slices.Sort(codes)
			out = append(out, PriorityList{V: 1, Kind: kind, Communes: slices.Compact(codes)})
		}
	}
	if len(out) == 0 {
		return nil, errors.New("il n'y a aucune commune dans ce fichier")
	}
	return out, nil
}

// isINSEE tells the form of an INSEE code, "50147" or "2A004" (in capitals), whether or not there is such a commune.
func isINSEE(cell string) bool {
	if len(cell) != 5 {
		return false
	}
	for i, c := range []byte(cell) {
		if (c < '0' || c > '9') && !(i == 1 && cell[0] == '2' && (c == 'A' || c == 'B')) {
			return false
		}
	}
	return true
}

// onlyDigits tells a cell that is no title.
func onlyDigits(cell string) bool { return cell != "" && strings.Trim(cell, "0123456789") == "" }

// titlesCodes tells that a title, in capitals, is that of a column of INSEE codes.
func titlesCodes(title string) bool {
	plain := strings.NewReplacer("_", "", " ", "", "-", "", ".", "").Replace(title)
	return strings.Contains(plain, "INSEE") || strings.Contains(plain, "CODGEO") || strings.HasPrefix(plain, "CODECOM") || strings.HasPrefix(plain, "CODEGEO") || plain == "CODE" || plain == "COM" || plain == "DEPCOM"
}

// cut is what a message quotes of a cell.
func cut(cell string) string { return cutAt(cell, 30) }

// cutAt shortens a text to so many characters.
func cutAt(text string, most int) string {
	if r := []rune(text); len(r) > most {
		return string(r[:most]) + "…"
	}
	return text
}

// SetPriorities keeps lists of priority communes, each in the place of the one of its kind that was there, and says how many communes they hold.
func (b *Bot) SetPriorities(ctx context.Context, lists []PriorityList, now time.Time) (communes int, err error) {
	for _, l := range lists {
		if !slices.Contains(priorityKinds, l.Kind) || len(l.Communes) > mostPriorities {
			return 0, fmt.Errorf("la liste « %s » n'est ni FRR ni QPV, ou elle est trop longue", cut(l.Kind))
		}
		communes += len(l.Communes)
	}
	err = again(ctx, func() error {
		t := b.open(ctx, Event{ID: fmt.Sprintf("priority/%d", now.UnixNano()), At: now})
		for _, l := range lists {
			p, _ := load[PriorityList](t, l.Kind)
			*p = PriorityList{V: 1, Kind: l.Kind, Communes: l.Communes}
			t.save("priority", l.Kind, func(r *Record) { r.At = now })
		}
		return b.commit(ctx, t)
	})
	return communes, err
}

// priorities are the kinds of the lists that a commune stands on, by its code.
func (t *Turn) priorities() map[string][]string {
	out := map[string][]string{}
	for _, kind := range priorityKinds {
		p, _ := load[PriorityList](t, kind)
		for _, code := range p.Communes {
			out[code] = append(out[code], kind)
		}
	}
	return out
}
