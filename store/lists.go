package store

import "strings"

// The lengths of lists that have a prepared statement.
var listSizes = []int{1, 8, 64, 512}

// inLists calls f with a list and what compares a column with it: "IN (?, ?, ?)", in pieces that are each filled up to one of the lengths by
// repeating the last value; or "= ANY(?)", whole, where a list is one argument. args begin with what f was told to put before.
func inLists[T any](e engine, values []T, before []any, f func(in string, args []any) error) error {
	if e.arrays() && len(values) > 0 {
		return f("= ANY(?)", append(before[:len(before):len(before)], values))
	}
	for len(values) > 0 {
		size := listSizes[len(listSizes)-1]
		for _, s := range listSizes {
			if s >= len(values) {
				size = s
				break
			}
		}
		n := min(size, len(values))
		args := make([]any, 0, len(before)+size)
		args = append(args, before...)
		for i := range size {
			args = append(args, values[min(i, n-1)])
		}
		if err := f("IN ("+marks(size)+")", args); err != nil {
			return err
		}
		values = values[n:]
	}
	return nil
}

func marks(n int) string { return strings.TrimSuffix(strings.Repeat("?, ", n), ", ") }
