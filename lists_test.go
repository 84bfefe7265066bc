package main

import (
	"bytes"
	"context"
	"errors"
	"fmt"
	"io"
	"os"
	"slices"
	"strings"
	"testing"
	"time"

	"passeur/bot"
)

// coordinated is a house with a coordinator, and a list that waits to be read.
func coordinated(t *testing.T) (h *house, campaign string) {
	t.Helper()
	h = inDatabase(t)
	e := bot.Event{ID: "member", At: noon, From: "mattermost:sylvie", Role: bot.Coordinateur, Intent: bot.MemberIntent, Values: map[string]string{"name": "Sylvie Aubert", "territories": "50"}}
	if err := h.bot.Handle(t.Context(), e); err != nil {
		t.Fatal(err)
	}
	campaign, err := h.bot.BeginList(t.Context(), "Sylvie Aubert", bot.File{Name: "liste.csv"}, noon)
	if err != nil {
		t.Fatal(err)
	}
	return h, campaign
}

func (h *house) invitees(t *testing.T) []bot.Record {
	t.Helper()
	all, err := everyRecord(t.Context(), h.store, bot.Query{Kind: "invitee"})
	if err != nil {
		t.Fatal(err)
	}
	return all
}

// TestListFaults: each kind of fault is found in its row and column, and says how to mend it.
func TestListFaults(t *testing.T) {
	const good = "06 39 98 12 34;Jeanne;Périers"
	cases := map[bot.FaultKind]string{
		bot.FaultFormula: "=A1;Jeanne;Périers", bot.FaultNoPhone: ";Jeanne;Périers", bot.FaultPhone: "abc;Jeanne;Périers", bot.FaultFixed: "02 33 00 00 00;Jeanne;Périers",
		bot.FaultForeign: "+44 7700 900123;Jeanne;Périers", bot.FaultRounded: "6,39981E+08;Jeanne;Périers", bot.FaultPhones: "06 39 98 12 34 06 39 98 12 35;Jeanne;Périers",
		bot.FaultNoted:  "06 39 98 12 36 ne plus appeler;Jeanne;Périers",
		bot.FaultNoName: "06 39 98 12 36;;Périers", bot.FaultName: "06 39 98 12 36;R.S.A.;Périers", bot.FaultNames: "06 39 98 12 36;Élodie et Paul;Périers",
		bot.FaultCommune: "06 39 98 12 36;Jeanne;Trifouillis", bot.FaultAmbiguous: "06 39 98 12 36;Jeanne;Saint-Germain",
		bot.FaultTwice: good, bot.FaultRow: "06 39 98 12 36;Jeanne;Périers;x;y",
	}
	columns := map[bot.FaultKind]string{bot.FaultNoName: "B", bot.FaultName: "B", bot.FaultNames: "B", bot.FaultCommune: "C", bot.FaultAmbiguous: "C", bot.FaultRow: ""}
	for kind, row := range cases {
		t.Run(string(kind), func(t *testing.T) {
			h, id := coordinated(t)
			file := []byte("Téléphone;Prénom;Commune\n" + good + "\n" + row + "\n")
			report, err := readList(t.Context(), h.bot, id, bytes.NewReader(file), int64(len(file)))
			if err != nil || report.Rows != 2 || report.People != 1 || report.Faults != 1 {
				t.Fatalf("%+v, %v", report, err)
			}
			column, ok := columns[kind]
			if !ok {
				column = "A"
			}
			faults, err := h.bot.FaultsOf(t.Context(), id)
			if err != nil || len(faults) != 1 || faults[0].Row != 3 || faults[0].Kind != kind || faults[0].Column != column {
				t.Errorf("%+v, %v", faults, err)
			}
			told, err := h.bot.ListFaults(faults)
			if err != nil || len(told[0][3]) < 20 || strings.Contains(told[0][3], "Jeanne") {
				t.Errorf("%q, %v", told, err)
			}
		})
	}
}

// TestSheetsLeftOut: who gives a workbook is told which of its sheets was not read.
func TestSheetsLeftOut(t *testing.T) {
	h, id := coordinated(t)
	row := func(cells ...string) string {
		return `<row><c t="inlineStr"><is><t>` + strings.Join(cells, `</t></is></c><c t="inlineStr"><is><t>`) + `</t></is></c></row>`
	}
	file, err := os.Open(putWorkbook(t, "liste.xlsx", row("Téléphone", "Prénom")+row("06 39 98 12 34", "Jeanne"), row("Structure", "Adresse")+row("CCAS", "Périers")))
	if err != nil {
		t.Fatal(err)
	}
	defer file.Close()
	info, err := file.Stat()
	if err != nil {
		t.Fatal(err)
	}
	report, err := readList(t.Context(), h.bot, id, file, info.Size())
	if err != nil || report.People != 1 || !slices.Equal(report.Sheets, []string{"Feuil2"}) {
		t.Fatalf("%+v, %v", report, err)
	}
	tasks, err := h.store.Claim(t.Context(), "mattermost", bot.Reply, noon.Add(time.Hour), 10, time.Minute)
	if err != nil {
		t.Fatal(err)
	}
	var told []string
	for _, task := range tasks {
		told = append(told, task.Message.Args["bilan"])
	}
	if text := strings.Join(told, "\n"); !strings.Contains(text, "- la feuille « Feuil2 » n'a pas été lue") {
		t.Errorf("told %q", text)
	}
}

// TestListIsReadOnce: an attempt that is cut short leaves nothing that the next one trips over, and nobody is on the list twice.
func TestListIsReadOnce(t *testing.T) {
	h, id := coordinated(t)
	var file strings.Builder
	file.WriteString("Téléphone;Prénom;Commune\n")
	for i := range 1500 {
		fmt.Fprintf(&file, "06 39 98 %02d %02d;Jeanne;Périers\nabc;Paul;Périers\n", i/100, i%100)
	}
	whole := strings.NewReader(file.String())
	for range 3 {
		ctx, cancel := context.WithCancel(t.Context())
		_, err := readList(ctx, h.bot, id, &failing{whole, 20_000, cancel}, whole.Size())
		if err == nil {
			t.Fatal("an attempt that was cut short says that it is done")
		}
	}
	report, err := readList(t.Context(), h.bot, id, whole, whole.Size())
	if err != nil || report.People != 1500 || report.Faults != 1500 {
		t.Fatalf("%+v, %v", report, err)
	}
	if n := len(h.invitees(t)); n != 1500 {
		t.Errorf("%d people on the list", n)
	}
	if _, waiting, err := h.bot.ListOf(t.Context(), id); waiting || err != nil {
		t.Errorf("the list still waits, %v", err)
	}
	if faults, err := h.bot.FaultsOf(t.Context(), id); err != nil || len(faults) != 1500 {
		t.Errorf("%d faults are kept, %v", len(faults), err)
	}
}

// failing is a file that is out of reach beyond so many bytes, as when the process ends.
type failing struct {
	io.ReaderAt
	after  int64
	cancel func()
}

func (f *failing) ReadAt(p []byte, off int64) (int, error) {
	if off > f.after {
		f.cancel()
		return 0, errors.New("power cut")
	}
	return f.ReaderAt.ReadAt(p, off)
}

// TestRefusedListLeavesNothing: a file that cannot be read is told of in a sentence, and its campaign is forgotten.
func TestRefusedListLeavesNothing(t *testing.T) {
	for name, file := range map[string]string{
		"empty": "", "PDF": "%PDF-1.7\n", "old workbook": "\xd0\xcf\x11\xe0\xa1\xb1\x1a\xe1" + strings.Repeat("x", 600), "other titles": "Nom;Adresse\nDupont;Périers\n",
		"no row": "Téléphone;Prénom\n", "all wrong": "Téléphone;Prénom\n02 33 00 00 00;Jeanne\n",
	} {
		t.Run(name, func(t *testing.T) {
			h, id := coordinated(t)
			report, err := readList(t.Context(), h.bot, id, strings.NewReader(file), int64(len(file)))
			if err != nil || report.People > 0 {
				t.Fatalf("%+v, %v", report, err)
			}
			if _, err := h.scheduler.Step(t.Context(), noon.Add(time.Minute)); err != nil {
				t.Fatal(err)
			}
			campaigns, err := everyRecord(t.Context(), h.store, bot.Query{Kind: "campaign"})
			if err != nil || len(campaigns)+len(h.invitees(t)) > 0 {
				t.Errorf("%d campaigns, %d people are left, %v", len(campaigns), len(h.invitees(t)), err)
			}
		})
	}
}

// TestStoppedListIsNotTaken: when the bot is told to stop while it reads, the list is not taken for read.
func TestStoppedListIsNotTaken(t *testing.T) {
	h, id := coordinated(t)
	ctx, cancel := context.WithCancel(t.Context())
	file := "Téléphone;Prénom\n" + strings.Repeat("06 39 98 12 34;Jeanne\n", 3*breath)
	cancel()
	if _, err := readList(ctx, h.bot, id, strings.NewReader(file), int64(len(file))); err == nil {
		t.Error("no error")
	}
	if _, waiting, err := h.bot.ListOf(t.Context(), id); !waiting || err != nil {
		t.Errorf("the list does not wait any more, %v", err)
	}
}

// TestFilesOfACampaign: what is wrong with its list, its figures as a table and as a picture.
func TestFilesOfACampaign(t *testing.T) {
	h, id := coordinated(t)
	file := "Téléphone;Prénom\n06 39 98 12 34;Jeanne\n02 33 00 00 00;=Paul\n"
	if _, err := readList(t.Context(), h.bot, id, strings.NewReader(file), int64(len(file))); err != nil {
		t.Fatal(err)
	}
	for name, begins := range map[string]string{"fautes.csv": "\ufeffligne;colonne;sorte;à corriger\r\n3;B;formule;", "bilan.csv": "\ufeffcampagne;liste.csv\r\nétat;à préparer\r\n", "bilan.png": "\x89PNG", "autre.csv": ""} {
		got, err := h.attach(t.Context(), bot.CampaignFiles+id+"/"+name, noon)
		if err != nil || !bytes.HasPrefix(got.Data, []byte(begins)) || begins == "" && got.Data != nil {
			t.Errorf("%s: %.60q, %v", name, got.Data, err)
		}
	}
}
