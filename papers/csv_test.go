package papers

import (
	"bytes"
	"encoding/csv"
	"strings"
	"testing"
)

func TestWriteCSV(t *testing.T) {
	for name, c := range map[string]struct {
		header []string
		rows   [][]string
		want   string // after the byte order mark
	}{
		"plain":    {[]string{"Commune", "Rendez-vous"}, [][]string{{"Périers", "12"}, {"Œuilly", ""}}, "Commune;Rendez-vous\r\nPériers;12\r\nŒuilly;\r\n"},
		"quoted":   {[]string{"a"}, [][]string{{"x;y"}, {`dit "oui"`}, {"deux\nlignes"}, {"deux\r\nlignes"}, {"deux\rlignes"}}, "a\r\n\"x;y\"\r\n\"dit \"\"oui\"\"\"\r\n\"deux\r\nlignes\"\r\n\"deux\r\nlignes\"\r\n\"deux\r\nlignes\"\r\n"},
		"formulas": {[]string{"=a"}, [][]string{{"=1+1"}, {"+33639980001"}, {"-3"}, {"@SUM(A1)"}, {"\t=1"}, {"＝1"}}, "'=a\r\n'=1+1\r\n'+33639980001\r\n'-3\r\n'@SUM(A1)\r\n'\t=1\r\n'＝1\r\n"},
		"breaks":   {[]string{"a"}, [][]string{{"\r=1"}, {"\n=1"}}, "a\r\n\"'\r\n=1\"\r\n\"'\r\n=1\"\r\n"},
		"within":   {[]string{"a"}, [][]string{{"1=1"}, {"06 39 98 00 01"}}, "a\r\n1=1\r\n06 39 98 00 01\r\n"},
		"bytes":    {[]string{"a"}, [][]string{{"caf\xe9"}}, "a\r\ncaf\ufffd\r\n"},
	} {
		t.Run(name, func(t *testing.T) {
			var b bytes.Buffer
			if err := WriteCSV(&b, c.header, c.rows); err != nil {
				t.Fatal(err)
			}
			if got := b.String(); got != "\ufeff"+c.want {
				t.Errorf("got  %q\nwant %q", got, c.want)
			}
		})
	}
}

func TestWriteCSVRagged(t *testing.T) {
	var b bytes.Buffer
	err := WriteCSV(&b, []string{"a", "b"}, [][]string{{"1", "2"}, {"3"}})
	if err == nil || err.Error() != "la ligne 2 du tableau n'a pas autant de cases que l'en-tête (1 au lieu de 2). Complétez-la" || b.Len() > 0 {
		t.Errorf("%v, %d bytes", err, b.Len())
	}
}

// FuzzCSV: whatever is written is read again as it was, but for what keeps a spreadsheet from running it.
func FuzzCSV(f *testing.F) {
	f.Add("a", "=1", "\r")
	f.Add(`"`, ";", "\n")
	f.Fuzz(func(t *testing.T, a, b, c string) {
		var out bytes.Buffer
		if err := WriteCSV(&out, []string{"1", "2"}, [][]string{{a, b}, {c, a}}); err != nil {
			t.Fatal(err)
		}
		r := csv.NewReader(strings.NewReader(strings.TrimPrefix(out.String(), "\ufeff")))
		r.Comma = ';'
		rows, err := r.ReadAll()
		if err != nil || len(rows) != 3 {
			t.Fatal(rows, err)
		}
		for i, want := range []string{a, b, c, a} {
			got := rows[1+i/2][i%2]
			if got != "" && strings.ContainsRune(formulas, []rune(got)[0]) {
				t.Errorf("%q is run", got)
			}
			if got != cell(want) {
				t.Errorf("%q became %q", want, got)
			}
		}
	})
}
