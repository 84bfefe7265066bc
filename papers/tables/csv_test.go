package tables

import (
	"bytes"
	"encoding/binary"
	"encoding/csv"
	"fmt"
	"io"
	"math/rand/v2"
	"runtime"
	"strings"
	"testing"
	"time"
	"unicode/utf16"

	"golang.org/x/text/encoding/charmap"
)

// utf16Of is a text in UTF-16.
func utf16Of(s string, order binary.AppendByteOrder) []byte {
	var out []byte
	for _, u := range utf16.Encode([]rune(s)) {
		out = order.AppendUint16(out, u)
	}
	return out
}

// bytesOf is a text in an encoding of one byte a character.
func bytesOf(t testing.TB, set *charmap.Charmap, s string) []byte {
	t.Helper()
	out, err := set.NewEncoder().Bytes([]byte(s))
	if err != nil {
		t.Fatal(err)
	}
	return out
}

func TestEncodings(t *testing.T) {
	const file = "Prénom;Commune;Tél\nHélène;Saint-Côme-du-Mont;1\nFrançois;Sacré-Cœur;2\nNoël;L’Île;3\n"
	const want = "2:1|Hélène|Saint-Côme-du-Mont 3:2|François|Sacré-Cœur 4:3|Noël|L’Île"
	plain := strings.NewReplacer("œ", "oe", "’", "'").Replace
	cases := []struct {
		name string
		file []byte
		want string
	}{
		{"UTF-8", []byte(file), want},
		{"UTF-8 with its mark", []byte("\ufeff" + file), want},
		{"UTF-16 LE with its mark", utf16Of("\ufeff"+file, binary.LittleEndian), want},
		{"UTF-16 BE with its mark", utf16Of("\ufeff"+file, binary.BigEndian), want},
		{"UTF-16 LE", utf16Of(file, binary.LittleEndian), want},
		{"UTF-16 BE", utf16Of(file, binary.BigEndian), want},
		{"Windows-1252", bytesOf(t, charmap.Windows1252, file), want},
		{"Mac Roman", bytesOf(t, charmap.Macintosh, file), want},
		{"CP850", bytesOf(t, charmap.CodePage850, plain(file)), plain(want)},
		{"ISO 8859-15", bytesOf(t, charmap.ISO8859_15, strings.ReplaceAll(file, "’", "'")), strings.ReplaceAll(want, "’", "'")},
		{"UTF-8, one line of Windows-1252", append([]byte(file), "4;Andr\xe9;5\n"...), want + " 5:5|4|Andr\u00e9"},
	}
	cases[len(cases)-1].file = append([]byte(file), "Andr\xe9;P\xe9riers;4\n"...)
	cases[len(cases)-1].want = want + " 5:4|André|Périers"
	for _, c := range cases {
		t.Run(c.name, func(t *testing.T) { reads(t, c.file, c.want, "") })
	}
}

// TestFewLetters: a single word tells the encoding; one in capitals and one among signs too.
func TestFewLetters(t *testing.T) {
	sets := map[string]*charmap.Charmap{"Windows-1252": charmap.Windows1252, "Mac Roman": charmap.Macintosh, "CP850": charmap.CodePage850}
	words := []string{"Hélène", "François", "Noël", "Saint-Côme-du-Mont", "œuf", "HÉLÈNE", "FRANÇOIS", "NOËL", "CÔTE D'OR", "Élodie", "Créée à Coutances", "« Périers »", "Loïc", "Ça", "À côté", "Anaïs, Zoé"}
	for name, set := range sets {
		for _, word := range words {
			if set == charmap.CodePage850 && strings.ContainsAny(word, "œ’") || set == charmap.Macintosh && word == "Ça" { // "éa" of CP850
				continue
			}
			file := bytesOf(t, set, "Tel;Prenom\n1;"+word+"\n")
			_, rows, err := read(file, people)
			if err != nil || rows[0].Cells[1].Text != word {
				t.Errorf("%s: %s is read as %s, %v", name, word, shown(rows), err)
			}
		}
	}
}

func TestCSV(t *testing.T) {
	long := strings.Repeat("é", longestCell)
	cases := []struct{ name, file, want, fails string }{
		{"comma", "Tél,Prénom\n1,Zoé\n", "2:1|Zoé|", ""},
		{"tab", "Tél\tPrénom\n1\tZoé\n", "2:1|Zoé|", ""},
		{"bar", "Tél|Prénom\n1|Zoé\n", "2:1|Zoé|", ""},
		{"semicolons beside commas", "Liste, du 3, à jour\nTél;Prénom;Ville\n1;Zoé, Ali;Agon\n", "3:1|Zoé, Ali|Agon", ""},
		{"told", "sep=,\nTél,Prénom\n1,\"Zoé;A\"\n", "3:1|Zoé;A|", ""},
		{"told in capitals", "SEP=|\r\nTél|Prénom\r\n1|Zoé\r\n", "3:1|Zoé|", ""},
		{"CRLF", "Tél;Prénom\r\n\r\n1;Zoé\r\n", "3:1|Zoé|", ""},
		{"CR", "Tél;Prénom\r1;Zoé\r\r2;Ali", "2:1|Zoé| 4:2|Ali|", ""},
		{"no end of the last line", "Tél;Prénom\n1;Zoé", "2:1|Zoé|", ""},
		{"quotes", "Tél;Prénom\n\"1\";\"Zoé \"\"la;grande\"\"\"\n", `2:1|Zoé "la;grande"|`, ""},
		{"spaces around quotes", "Tél; \"Prénom\" \n1 ; \"Zoé\" \n", "2:1|Zoé|", ""},
		{"quotes within", "Tél;Prénom\n1;Zoé \"Z\" A\n", `2:1|Zoé "Z" A|`, ""},
		{"lines in quotes", "Tél;Prénom\n1;\"Zoé\nAnna\r\nEva\"\n2;Ali\n", "2:1|Zoé Anna Eva| 5:2|Ali|", ""},
		{"spaces of every kind", "Tél;Prénom\n\u202a06\u00a039\u202f98 00\t01\u202c;\u200bZo\u00ade\n", "2:06 39 98 00 01|Zoe|", ""},
		{"blank rows", "Tél;Prénom\n;\n \n\"\";\n1;Zoé\n", "5:1|Zoé|", ""},
		{"short row", "Tél;Prénom;Ville\n1\n", "2:1||", ""},
		{"a field too many", "Tél;Prénom\n1;Zoé;x\n2;Ali;;\n", "2!3 colonnes au lieu de 2 : un séparateur ou un guillemet est de trop, ou manque 3:2|Ali|", ""},
		{"a quote is forgotten", "Tél;Prénom\n1;\"Zoé\n2;Ali\n3;\"Eva\"\n4;Jo\n", "2!" + brokenQuotes + " 3:2|Ali| 4:3|Eva| 5:4|Jo|", ""},
		{"a quote is forgotten, and nothing follows", "Tél;Prénom\n1;\"Zoé\n2;Ali\n", "2!" + brokenQuotes + " 3:2|Ali|", ""},
		{"a quote swallows rows", "Tél;Prénom;Ville\n\"1;Zoé;Agon\n2\";Ali;Agon\n3;Eva;\"Agon\"\n", "2:1;Zoé;Agon 2|Ali|Agon 4:3|Eva|Agon", ""},
		{"a quote swallows titles", "Liste \"x\nTél;\"Prénom\"\n1;Zoé\n", "3:1|Zoé|", ""},
		{"a quote is forgotten in the titles", "Tél;\"Prénom\n1;Zoé\n", "", "La ligne 1 ne se lit pas : les guillemets"},
		{"accents apart from their letters", "Te\u0301l;Pre\u0301nom\n1;Zoe\u0301\n", "2:1|Zoé|", ""},
		{"behind a quote", "Tél;Prénom\n1;\"Zoé\" A\n2;Ali\n", "2!" + brokenQuotes + " 3:2|Ali|", ""},
		{"a full cell", "Tél;Prénom\n1;" + long + "\n", "2:1|" + long + "|", ""},
		{"too long a cell", "Tél;Prénom\n1;" + long + "é\n2;Ali\n", "2!la case de la colonne B a plus de 32 767 caractères : raccourcissez-la 3:2|Ali|", ""},
		{"too long a record", "Tél;Prénom\n1;" + strings.Repeat("x", 3<<20) + "\n2;Ali\n", "2!", ""},
		{"formulas", "Tél;Prénom;Ville\n=1+1;@x;+A1\n-(1);-x;+(2)\n+33 6 39 98 00 01;-1;+\n", "2:{=1+1}|{@x}|{+A1} 3:{-(1)}|{-x}|{+(2)} 4:+33 6 39 98 00 01|-1|+", ""},
		{"texts made of formulas", "Tél;Prénom\n\"=\"\"0639981234\"\"\";=\"Zoé\"\n", "2:0639981234|Zoé|", ""},
		{"a formula in a text made of one", "Tél\n=\"=A1\"\n", "2:{=A1}||", ""},
		{"zeros", "Tél;Prénom\n1\x002;Zo\x00e\n" + strings.Repeat("2;Ali\n", 100), "", ""},
	}
	for _, c := range cases {
		t.Run(c.name, func(t *testing.T) {
			switch _, rows, err := read([]byte(c.file), people); {
			case c.name == "zeros":
				if err != nil || rows[0].Cells[0].Text != "12" {
					t.Errorf("%v %v", rows[0], err)
				}
			case c.name == "too long a record":
				if err != nil || len(rows) != 2 || rows[0].Fault == "" || rows[1].Number != 3 {
					t.Errorf("%v %v", shown(rows), err)
				}
			default:
				reads(t, []byte(c.file), c.want, c.fails)
			}
		})
	}
}

// TestPieces: wherever the pieces in which a file is read are cut, the same comes out.
func TestPieces(t *testing.T) {
	for _, end := range []string{"\n", "\r\n", "\r"} {
		for _, encode := range []func(string) []byte{func(s string) []byte { return []byte(s) }, func(s string) []byte { return utf16Of("\ufeff"+s, binary.LittleEndian) }} {
			for shift := range 5 {
				var b strings.Builder
				b.WriteString("Tél;Prénom" + end + strings.Repeat("x", shift+1) + ";" + end)
				for i := 3; b.Len() < 3*chunk/2; i++ {
					fmt.Fprintf(&b, "%d;\"Zoé \"\"😀\"\" é\"%s", i, end)
				}
				_, rows, err := read(encode(b.String()), people)
				if err != nil {
					t.Fatal(err)
				}
				for i, row := range rows[1:] {
					if row.Number != i+3 || row.Cells[0].Text != fmt.Sprint(i+3) || row.Cells[1].Text != `Zoé "😀" é` {
						t.Fatalf("%q, shifted by %d: %+v", end, shift, row)
					}
				}
			}
		}
	}
}

// TestAsEncodingCSV: what encoding/csv writes is read as it was, whatever stands in the cells.
func TestAsEncodingCSV(t *testing.T) {
	random := rand.New(rand.NewPCG(1, 2))
	signs := []string{"a", "é", `"`, ";", ",", "|", "\n", "b", " c", "'"}
	for round := range 1000 {
		var b bytes.Buffer
		w := csv.NewWriter(&b)
		w.Comma, w.UseCRLF = rune(separators[round%len(separators)]), round%3 == 0
		_ = w.Write([]string{"Tél", "Prénom", "Ville"})
		var want [][]string
		for range 1 + random.IntN(5) {
			row := []string{"1", "", ""}
			for i := 1; i < 3; i++ {
				for range random.IntN(6) {
					row[i] += signs[random.IntN(len(signs))]
				}
			}
			_ = w.Write(row)
			want = append(want, row)
		}
		w.Flush()
		_, rows, err := read(b.Bytes(), people)
		if err != nil || len(rows) != len(want) {
			t.Fatalf("%q: %v %v", b.String(), shown(rows), err)
		}
		for i, row := range rows {
			for j, c := range row.Cells {
				if c.Text != strings.Join(strings.Fields(want[i][j]), " ") {
					t.Fatalf("%q: %+v", b.String(), row)
				}
			}
		}
	}
}

// bounded reads a table and holds what that takes: some time, a heap beyond the file.
func bounded(t *testing.T, file []byte, heap uint64) (rows int, err error) {
	t.Helper()
	const most = 40 * time.Second // with the race detector; the benchmarks tell more
	begun := time.Now()
	peak := watchHeap()
	table, err := Open(bytes.NewReader(file), int64(len(file)), people)
	for err == nil {
		if _, err = table.Next(); err == nil {
			rows++
		}
	}
	if got := peak(); got > heap {
		t.Errorf("%d MB of heap, at most %d", got>>20, heap>>20)
	}
	if took := time.Since(begun); took > most {
		t.Errorf("it took %v, at most %v", took, most)
	}
	if err == io.EOF {
		err = nil
	}
	return rows, err
}

// watchHeap measures how far the heap grows until the function it returns is called.
func watchHeap() func() uint64 {
	runtime.GC()
	var m runtime.MemStats
	runtime.ReadMemStats(&m)
	before, peak := m.HeapAlloc, uint64(0)
	stop, stopped := make(chan bool), make(chan bool)
	go func() {
		defer close(stopped)
		for {
			runtime.ReadMemStats(&m)
			peak = max(peak, m.HeapAlloc)
			select {
			case <-stop:
				return
			case <-time.After(5 * time.Millisecond):
			}
		}
	}()
	return func() uint64 {
		close(stop)
		<-stopped
		return max(peak, before) - before
	}
}

func TestLargeCSV(t *testing.T) {
	empty := "Tél;Prénom\n" + strings.Repeat("\n", 1_000_000) + strings.Repeat(";\r\n", 1_000_000) + "1;Zoé\n"
	if rows, err := bounded(t, []byte(empty), 30<<20); rows != 1 || err != nil {
		t.Errorf("empty lines: %d rows, %v", rows, err)
	}
	if _, err := bounded(t, []byte("Tél\n"+strings.Repeat("1\n", mostRows+1)), 30<<20); err == nil || !strings.Contains(err.Error(), "plus de 1 048 576 lignes") {
		t.Errorf("too many rows: %v", err)
	}
	if _, err := bounded(t, []byte("Tél\n"+strings.Repeat("x\";\"\n", 2_000_000)), 100<<20); err == nil || !strings.Contains(err.Error(), "à trop d'endroits") {
		t.Errorf("quotes that never end: %v", err)
	}
}
