package store

import (
	"slices"
	"strconv"
	"strings"
	"unicode/utf8"
)

// keepable are arguments as both engines can keep them: PostgreSQL has no place for a NUL in a text, nor for bytes that are no UTF-8. Such a
// text comes from nobody honest; it is kept quoted, so that two of them stay two.
func keepable(args []any) []any {
	for i, a := range args {
		switch v := a.(type) {
		case string:
			if !keeps(v) {
				args[i] = keptName(v)
			}
		case []string:
			if slices.ContainsFunc(v, func(s string) bool { return !keeps(s) }) {
				args[i] = quoted(v)
			}
		}
	}
	return args
}

func keeps(s string) bool { return utf8.ValidString(s) && strings.IndexByte(s, 0) < 0 }

func quoted(all []string) []string {
	out := slices.Clone(all)
	for i, s := range out {
		out[i] = keptName(s)
	}
	return out
}

// keptName is a name as it is kept.
func keptName(s string) string {
	if keeps(s) {
		return s
	}
	return strconv.QuoteToASCII(s)
}
