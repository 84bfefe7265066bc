package french

import (
	"github.com/blevesearch/snowballstem"
	"github.com/blevesearch/snowballstem/french"
)

// Stem returns the stem of a folded French word: "rendez", "rendu" and "rendre" share one. Words without a letter come back as
// they are. The algorithm is Snowball's, which expects accents; on folded words it cuts a little less, and the same everywhere.
func Stem(w string) string {
	env := snowballstem.NewEnv(w)
	french.Stem(env)
	return env.Current()
}
