package tables

import (
	"bytes"
	"strings"
	"testing"
)

func TestWriteCSV(t *testing.T) {
	var b bytes.Buffer
	rows := [][]string{{"Prénom", "Note"}, {"Zoé; Ali", "il dit \"oui\""}, {"a\nb", ""}, {"\xff\x00x", "x"}}
	if err := WriteCSV(&b, rows); err != nil {
		t.Fatal(err)
	}
	want := "\ufeffPrénom;Note\r\n\"Zoé; Ali\";\"il dit \"\"oui\"\"\"\r\n\"a\r\nb\";\r\n\ufffdx;x\r\n"
	if b.String() != want {
		t.Errorf("got  %q\nwant %q", b.String(), want)
	}
	b.Reset()
	if err := WriteCSV(&b, nil); err != nil || b.String() != "\ufeff" {
		t.Errorf("%q %v", b.String(), err)
	}
}

func TestHarmless(t *testing.T) {
	for _, cell := range []string{"", "x", "-12", "-12,5", "+3", "+33639981234", "+33 6 39 98 12 34", "0639981234", "- ", "1=1", "-1 000,50"} {
		if got := harmless(cell); got != cell && cell != "- " {
			t.Errorf("%q became %q", cell, got)
		}
	}
	for _, cell := range []string{"=1+1", "+A1", "-A1", "@x", "\tx", "\rx", " =1", "\u00a0=1", "+1+1", "-1-1", "+33639981234=x", "-"} {
		if got := harmless(cell); got != "'"+cell {
			t.Errorf("%q became %q", cell, got)
		}
	}
}

// TestBothWays: what is written is read again as it was, but for what a spreadsheet would have calculated.
func TestBothWays(t *testing.T) {
	var b bytes.Buffer
	if err := WriteCSV(&b, [][]string{{"Tél", "Prénom", "Ville"}, {"+33639981234", "Zoé; \"Z\"", "=Agon"}}); err != nil {
		t.Fatal(err)
	}
	reads(t, b.Bytes(), "2:+33639981234|Zoé; \"Z\"|'=Agon", "")
}

// fullDisk takes nothing.
type fullDisk struct{}

func (fullDisk) Write([]byte) (int, error) { return 0, errDisk }

func TestWriterSaysErrors(t *testing.T) {
	if err := WriteCSV(fullDisk{}, [][]string{{strings.Repeat("x", 100_000)}}); err != errDisk {
		t.Error(err)
	}
	if err := WriteCSV(fullDisk{}, [][]string{{"x"}}); err != errDisk {
		t.Error(err)
	}
}
