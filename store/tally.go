package store

import (
	"cmp"
	"context"
	"slices"
	"strings"

	"passeur/bot"
)

const sqlCount = `INSERT INTO tally (kind, owner, month, dimension, value, n) VALUES (?, ?, ?, ?, ?, ?)
ON CONFLICT (kind, owner, month, dimension, value) DO UPDATE SET n = tally.n + excluded.n`

// adding are the steps that add to cells. They go in the order of the cells, so that two transactions that add to the same ones wait for each
// other in one direction only.
func adding(counts []bot.Count) []step {
	sorted := slices.SortedFunc(slices.Values(counts), compareCells)
	steps := make([]step, len(sorted))
	for i, n := range sorted {
		steps[i] = step{query: sqlCount, args: []any{n.Kind, n.Owner, n.Month, n.Dimension, n.Value, n.N}}
	}
	return steps
}

func compareCells(a, b bot.Count) int {
	return cmp.Or(strings.Compare(a.Kind, b.Kind), strings.Compare(a.Owner, b.Owner), strings.Compare(a.Month, b.Month),
		strings.Compare(a.Dimension, b.Dimension), strings.Compare(a.Value, b.Value))
}

// Tally returns the cells asked for, ordered by kind, owner, month, dimension and value. A cell that came back to
// zero is left out, like one that was never counted.
func (d *DB) Tally(ctx context.Context, q bot.TallyQuery) ([]bot.Count, error) {
	var w where
	w.add("kind = ?", q.Kind)
	for _, c := range []struct{ term, value string }{
		{"owner = ?", q.Owner}, {"dimension = ?", q.Dimension}, {"month >= ?", q.From}, {"month <= ?", q.To},
	} {
		if c.value != "" {
			w.add(c.term, c.value)
		}
	}
	var out []bot.Count
	query := "SELECT kind, owner, month, dimension, value, n FROM tally WHERE n <> 0 AND " + w.text() +
		" ORDER BY kind, owner, month, dimension, value"
	err := d.engine.each(ctx, query, w.args, func(scan func(...any) error) (bool, error) {
		var n bot.Count
		err := scan(&n.Kind, &n.Owner, &n.Month, &n.Dimension, &n.Value, &n.N)
		out = append(out, n)
		return true, err
	})
	return out, err
}
