package store

import (
	"crypto/sha256"
	"encoding/hex"
	"slices"
	"strconv"
	"strings"
	"unicode/utf8"
)

// longestName is how many bytes a text may have that is no body: an entry of an index of PostgreSQL has room for 2,704, up to five texts together.
const longestName = 512

// keepable are arguments as both engines can keep them: PostgreSQL has no place for a NUL in a text, for bytes that are no UTF-8, nor in an index for
// what is very long. Such a text comes from nobody honest; it is kept quoted, or cut with its hash behind it, so that two of them stay two.
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

func keeps(s string) bool {
	return len(s) <= longestName && utf8.ValidString(s) && strings.IndexByte(s, 0) < 0
}

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
	kept := s
	if !utf8.ValidString(s) || strings.IndexByte(s, 0) >= 0 {
		kept = strconv.QuoteToASCII(s)
	}
	if len(kept) <= longestName {
		return kept
	}
	sum := sha256.Sum256([]byte(s))
	return strings.ToValidUTF8(kept[:longestName/2], "") + "…" + hex.EncodeToString(sum[:])
}
