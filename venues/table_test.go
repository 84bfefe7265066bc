package venues

import (
	"bytes"
	"slices"
	"strconv"
	"strings"
	"testing"
	"unicode/utf8"
)

func TestReadTable(t *testing.T) {
	needed, optional := []string{"id", "prenom"}, []string{"conseiller"}
	cases := []struct {
		name, file string
		want       string // the rows, each "line:cell|cell|cell" or "line!reason"
		fails      string
	}{
		{"as asked", "id,prenom\n1,Jeanne\n", "2:1|Jeanne|", ""},
		{"any order, another column, accents in titles", "Prénom;x;Conseiller;ID\nJeanne;;Marie;1\n", "2:1|Jeanne|Marie", ""},
		{"tabs, byte order mark, CRLF, blank rows", "\ufeffid\tprenom\r\n\r\n\t\r\n1\tJeanne\r\n", "4:1|Jeanne|", ""},
		{"Windows-1252", "id;pr\xe9nom\n1;Lo\xefc\n", "2:1|Loïc|", ""},
		{"spaces of every kind", "id;prenom\n 1 ;\u00a0 Jeanne  D. \n", "2:1|Jeanne D.|", ""},
		{"a row that is too long costs itself only", "id;prenom\n1;a;b\n2;c\n", "2!3 colonnes au lieu de 2 : une virgule ou un guillemet est de trop, ou manque 3:2|c|", ""},
		{"a column is missing", "id;nom\n", "", "il manque la colonne prenom"},
		{"twice", "id;prenom;Prénom\n", "", "la colonne prenom est là deux fois"},
		{"empty", "", "", "vide"},
		{"a workbook", "PK\x03\x04rest", "", "enregistrez-le sous le format CSV"},
	}
	for _, c := range cases {
		t.Run(c.name, func(t *testing.T) {
			lines, err := ReadTable(strings.NewReader(c.file), needed, optional)
			if c.fails != "" {
				if err == nil || !strings.Contains(err.Error(), c.fails) {
					t.Fatalf("want %q, got %v", c.fails, err)
				}
				return
			}
			if err != nil {
				t.Fatal(err)
			}
			if got := shown(lines); got != c.want {
				t.Errorf("got  %s\nwant %s", got, c.want)
			}
		})
	}
}

func shown(lines []TableRow) string {
	var all []string
	for _, l := range lines {
		if l.Err != nil {
			all = append(all, strconv.Itoa(l.Number)+"!"+l.Err.Error())
			continue
		}
		all = append(all, strconv.Itoa(l.Number)+":"+strings.Join(l.Cells, "|"))
	}
	return strings.Join(all, " ")
}

func FuzzReadTable(f *testing.F) {
	for _, file := range []string{"id;prenom\n1;Jeanne\n", "id,prenom\n\"1,J\n2,b\n", "\xff\xfe", "id\tprenom\n\n\r\n1\t\"a\nb\"\n", sample(f)} {
		f.Add([]byte(file))
	}
	f.Fuzz(func(t *testing.T, file []byte) {
		lines, err := ReadTable(bytes.NewReader(file), []string{"id"}, []string{"prenom", "absent"})
		if err != nil && lines != nil {
			t.Fatal("rows beside an error")
		}
		last := 1
		for _, l := range lines {
			if l.Number < last || (l.Err == nil) != (len(l.Cells) == 3) {
				t.Fatalf("%+v after line %d", l, last)
			}
			last = l.Number
			if slices.ContainsFunc(l.Cells, func(c string) bool { return !utf8.ValidString(c) || strings.ContainsAny(c, "\r\n") }) {
				t.Fatalf("%q", l.Cells)
			}
		}
	})
}
