package bot

import (
	"cmp"
	"context"
	"encoding/json"
	"errors"
	"fmt"
	"slices"
	"strings"
	"time"
	"unicode/utf8"

	"passeur/intents/search"
)

// Questions that colleagues answered, which whoever asks something alike is shown. An operator imports those that were answered
// elsewhere.

// KnownAnswer is a question that somebody answered.
type KnownAnswer struct {
	V        int      `json:"v"`
	ID       string   `json:"id"` // of the file that it comes from
	Question string   `json:"question"`
	Answer   string   `json:"answer"`
	Themes   []string `json:"themes,omitempty"`
	Link     string   `json:"link,omitempty"`   // where more of it is
	Source   string   `json:"source,omitempty"` // who keeps it: "La Base"; "" is not told
}

// The most that a file of answers holds: what is beyond is no such file.
const (
	MostAnswers     = 50_000
	LongestAnswerID = 100 // characters, as the others
	LongestQuestion = 2_000
	LongestAnswer   = 10_000
	LongestLink     = 2_000
	LongestSource   = 100
)

// ReadAnswers reads a table of answered questions: id, question, answer and, if there are any, themes separated by commas, in columns separated
// by tabs. A first line of titles may put the columns in another order. Empty lines and those that begin with # say nothing. faults says in
// French what is wrong, with the line; where there are any, no answer may be taken.
func ReadAnswers(table string) (answers []KnownAnswer, faults []string) {
	r := answerReader{columns: []int{0, 1, 2, 3}, width: 4, lines: map[string]int{}}
	n, first := 0, true
	for line := range strings.Lines(strings.TrimPrefix(table, "\ufeff")) {
		n++
		if strings.TrimSpace(line) == "" || strings.HasPrefix(line, "#") {
			continue
		}
		cells := answerCells(line)
		if first {
			first = false
			titles, twice := r.titles(cells)
			if twice != "" {
				faults = append(faults, fmt.Sprintf("ligne %d : la colonne « %s » est là deux fois : gardez-en une", n, cut(twice)))
			}
			if titles {
				continue
			}
		}
		a, err := r.answer(cells, n)
		if err == nil && len(answers) == MostAnswers {
			return nil, append(faults, fmt.Sprintf("ligne %d : plus de %d réponses : est-ce le bon fichier ?", n, MostAnswers))
		}
		if err != nil {
			faults = append(faults, fmt.Sprintf("ligne %d : %v", n, err))
			continue
		}
		answers = append(answers, a)
	}
	if len(answers) == 0 && len(faults) == 0 {
		faults = []string{"ce fichier ne contient aucune réponse"}
	}
	return answers, faults
}

// answerCells are the cells of a line, without the quotes that a spreadsheet puts around some, each on one line.
func answerCells(line string) []string {
	cells := strings.Split(strings.TrimRight(line, "\r\n"), "\t")
	for i, c := range cells {
		if inner, ok := strings.CutPrefix(c, `"`); ok && len(inner) > 0 && strings.HasSuffix(inner, `"`) {
			c = strings.ReplaceAll(inner[:len(inner)-1], `""`, `"`)
		}
		cells[i] = strings.Join(strings.Fields(strings.ToValidUTF8(c, " ")), " ")
	}
	return cells
}

// answerReader takes the lines of a table of answers one after the other.
type answerReader struct {
	columns []int          // where id, question, answer and themes stand; -1: there are no themes
	width   int            // of a line
	lines   map[string]int // where each id was met: they are one whatever their case
}

// answerTitle names the columns, in the order of answerReader.columns.
var answerTitle = map[string]int{"id": 0, "question": 1, "answer": 2, "reponse": 2, "themes": 3, "theme": 3}

// titles tells whether a line is one of titles, remembers their columns, and names one that is there twice.
func (r *answerReader) titles(cells []string) (is bool, twice string) {
	columns, met := []int{-1, -1, -1, -1}, map[string]bool{}
	for i, c := range cells {
		title := plain(c)
		at, known := answerTitle[title]
		switch {
		case known && columns[at] < 0:
			columns[at] = i
		case title != "" && (known || met[title]):
			twice = strings.ToLower(c)
		}
		met[title] = true
	}
	if slices.Contains(columns[:3], -1) {
		return false, ""
	}
	r.columns, r.width = columns, len(cells)
	return true, twice
}

// answer reads line n.
func (r *answerReader) answer(cells []string, n int) (KnownAnswer, error) {
	for len(cells) > r.width && cells[len(cells)-1] == "" {
		cells = cells[:len(cells)-1]
	}
	if len(cells) < 3 || len(cells) > r.width {
		return KnownAnswer{}, fmt.Errorf("%d colonne(s), il en faut de 3 à %d, séparées par des tabulations : id, question, réponse, thèmes", len(cells), r.width)
	}
	cell := func(i int) string {
		if at := r.columns[i]; at >= 0 && at < len(cells) {
			return cells[at]
		}
		return ""
	}
	a := KnownAnswer{V: 1, ID: cell(0), Question: cell(1), Answer: cell(2)}
	for theme := range strings.SplitSeq(cell(3), ",") {
		if theme = strings.TrimSpace(theme); theme != "" {
			a.Themes = append(a.Themes, theme)
		}
	}
	if err := a.check(); err != nil {
		return a, err
	}
	id := strings.ToLower(a.ID)
	if at, twice := r.lines[id]; twice {
		return a, fmt.Errorf("l'id « %s » est déjà à la ligne %d (les majuscules ne comptent pas) : gardez une des deux", cut(a.ID), at)
	}
	r.lines[id] = n
	return a, nil
}

// check says in French what an answer lacks, or has too much of.
func (a KnownAnswer) check() error {
	for _, f := range []struct {
		name, text  string
		least, most int
	}{{"l'id", a.ID, 1, LongestAnswerID}, {"la question", a.Question, 1, LongestQuestion}, {"la réponse", a.Answer, 1, LongestAnswer},
		{"le lien", a.Link, 0, LongestLink}, {"la source", a.Source, 0, LongestSource}} {
		switch n := utf8.RuneCountInString(f.text); {
		case n < f.least:
			return fmt.Errorf("%s manque", f.name)
		case n > f.most:
			return fmt.Errorf("%s a %d caractères, plus de %d : raccourcissez", f.name, n, f.most)
		}
	}
	return nil
}

// ImportAnswers adds answered questions to those that are there, each in the place of the one of its id, all at once or not at all, and returns
// how many are new or changed. As with places, they are written under a name of their own that counts once the record of the source says so.
func (b *Bot) ImportAnswers(ctx context.Context, answers []KnownAnswer, now time.Time) (changed int, err error) {
	defer b.locks.take("source/" + SourceAnswers)()
	src, rec, err := sourceIn(ctx, b.Store, SourceAnswers)
	if err != nil {
		return 0, err
	}
	there, err := answersOf(ctx, b.Store, src.Batch)
	if err != nil {
		return 0, err
	}
	all, changed, err := mergeAnswers(there, answers)
	if err != nil || changed == 0 {
		return 0, err
	}
	if err := b.sweepBut(ctx, "answer", src.Batch, now); err != nil { // of an import that was cut short
		return 0, err
	}
	batch, records, err := answerRecords(all, now)
	if err != nil {
		return 0, err
	}
	if err := b.writeBatch(ctx, records, now); err != nil {
		return 0, err
	}
	src.Batch, src.N = batch, len(all)
	if _, err := b.keepSource(ctx, rec, src, now); err != nil {
		return 0, err
	}
	if err := b.sweepBut(ctx, "answer", batch, now); err != nil { // they are not seen any more: the next sweep takes them
		b.Log.Warn("old answers stay for now", "err", err)
	}
	return changed, nil
}

// mergeAnswers puts answers in the place of those of the same id, and counts those that say something else. They come back in the order of
// their ids.
func mergeAnswers(there, answers []KnownAnswer) (all []KnownAnswer, changed int, err error) {
	byID := map[string]KnownAnswer{}
	for _, a := range there {
		byID[a.ID] = a
	}
	for _, a := range answers {
		if err := a.check(); err != nil {
			return nil, 0, fmt.Errorf("réponse « %s » : %w", cut(a.ID), err)
		}
		a.V = 1
		was, known := byID[a.ID]
		if known && was.says(a) {
			continue
		}
		byID[a.ID] = a
		changed++
	}
	for _, a := range byID {
		all = append(all, a)
	}
	slices.SortFunc(all, func(a, b KnownAnswer) int { return cmp.Compare(a.ID, b.ID) })
	return all, changed, nil
}

// says tells whether an answer says what another one does, of whatever id they are.
func (a KnownAnswer) says(other KnownAnswer) bool {
	return a.Question == other.Question && a.Answer == other.Answer && a.Link == other.Link && a.Source == other.Source && slices.Equal(a.Themes, other.Themes)
}

// answerRecords are the records of answers, and the name of their batch, which is made of what they say.
func answerRecords(all []KnownAnswer, now time.Time) (batch string, records []Record, err error) {
	text, err := json.Marshal(all)
	if err != nil {
		return "", nil, err
	}
	batch = shortHash(string(text))
	for i := range all {
		body, err := encode(&all[i], nil)
		if err != nil {
			return "", nil, err
		}
		records = append(records, Record{Kind: "answer", ID: shortHash(all[i].ID) + "-" + batch, State: batch, At: now, Body: body})
	}
	return batch, records, nil
}

// AnswersIn are the answered questions that a store holds, in the order of their ids. They are of one import, whatever is imported meanwhile.
func AnswersIn(ctx context.Context, s Store) (all []KnownAnswer, err error) {
	err = again(ctx, func() error {
		src, rec, err := sourceIn(ctx, s, SourceAnswers)
		if err != nil {
			return err
		}
		if all, err = answersOf(ctx, s, src.Batch); err != nil {
			return err
		}
		if _, now, err := sourceIn(ctx, s, SourceAnswers); err != nil || now.Version != rec.Version {
			return errors.Join(err, ErrConflict) // some may have been swept before they were read
		}
		return nil
	})
	return all, err
}

func answersOf(ctx context.Context, s Store, batch string) (all []KnownAnswer, err error) {
	if batch == "" {
		return nil, nil
	}
	for rec, err := range AllRecords(ctx, s, Query{Kind: "answer", State: batch}) {
		if err != nil {
			return nil, err
		}
		var a KnownAnswer
		if err := decode(rec, &a); err != nil {
			return nil, err
		}
		all = append(all, a)
	}
	slices.SortFunc(all, func(a, b KnownAnswer) int { return cmp.Compare(a.ID, b.ID) })
	return all, nil
}

// NewAnswerIndex is the index of answered questions.
func NewAnswerIndex(answers []KnownAnswer) *search.Index {
	all := make([]search.Answer, len(answers))
	for i, a := range answers {
		all[i] = search.Answer{ID: a.ID, Question: a.Question, Answer: a.Answer, Themes: a.Themes}
	}
	return search.New(all)
}
