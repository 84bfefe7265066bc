//go:build unix

package main

import (
	"archive/zip"
	"bufio"
	"fmt"
	"html"
	"os"
	"os/exec"
	"path/filepath"
	"strings"
	"sync"
	"testing"
	"time"

	"passeur/bot"
	"passeur/config"
	"passeur/store"
)

// Lists of the measures. Only 10,000 numbers are kept for fiction, so that theirs are any: they are made here, and nothing is sent to them.

// listFault makes what is wrong with a line: its cells, and in which column.
type listFault struct {
	kind   bot.FaultKind
	column string
	spoil  func(cells []string, before string) []string
}

func cell(i int, text string) func([]string, string) []string {
	return func(cells []string, _ string) []string { cells[i] = text; return cells }
}

// listFaults are all kinds of faults. (A workbook has no broken rows.)
var listFaults = []listFault{
	{bot.FaultFormula, "B", cell(1, "=A2+1")},
	{bot.FaultNoPhone, "B", cell(1, "")},
	{bot.FaultPhone, "B", cell(1, "voir dossier")},
	{bot.FaultFixed, "B", cell(1, "02 33 00 00 00")},
	{bot.FaultForeign, "B", cell(1, "+44 7700 900123")},
	{bot.FaultRounded, "B", cell(1, "6,39981E+08")},
	{bot.FaultPhones, "B", cell(1, "06 39 98 12 34 / 06 39 98 12 35")},
	{bot.FaultNoted, "B", cell(1, "06 39 98 12 34 ne plus appeler")},
	{bot.FaultNoName, "C", cell(2, "")},
	{bot.FaultName, "C", cell(2, "dossier 1234")},
	{bot.FaultNames, "C", cell(2, "Élodie et Paul")},
	{bot.FaultCommune, "D", cell(3, "Trifouillis-les-Oies")},
	{bot.FaultAmbiguous, "D", cell(3, "Saint-Germain")},
	{bot.FaultElsewhere, "D", cell(3, "Caen")},
	{bot.FaultTwice, "B", func(cells []string, before string) []string { cells[1] = before; return cells }},
	{bot.FaultRow, "", func(cells []string, _ string) []string { return append(cells, "un", "de", "trop") }},
}

// writeList writes a list of so many lines, so many of them wrong, and returns what is wrong by its row.
func writeList(t *testing.T, file string, lines, wrong int) map[int]bot.RowFault {
	t.Helper()
	f, err := os.Create(file)
	if err != nil {
		t.Fatal(err)
	}
	defer f.Close()
	kinds := listFaults
	write, done := csvLines(f)
	if strings.HasSuffix(file, ".xlsx") {
		kinds = kinds[:len(kinds)-1]
		write, done = xlsxLines(t, f)
	}
	write([]string{"Dossier", "Tél. portable", "Prénom", "Commune", "Adresse"})
	faults := map[int]bot.RowFault{}
	communes := []string{"Périers", "Coutances", "Saint-Lô", "50129", "Avranches 50300", "Marchésieux"}
	good, goodRow := "", 0
	every := lines / wrong
	for i := range lines {
		row := i + 2
		number := fmt.Sprintf("06%08d", 10_000_000+i*37)
		cells := []string{fmt.Sprint("D", i), number, firstNames[i%len(firstNames)], communes[i%len(communes)], fmt.Sprint(i%90+1, " rue de l'Exemple")}
		if i%every == every-1 && len(faults) < wrong {
			k := kinds[len(faults)%len(kinds)]
			cells = k.spoil(cells, good)
			faults[row] = bot.RowFault{Row: row, Column: k.column, Kind: k.kind}
			if k.kind == bot.FaultTwice {
				faults[row] = bot.RowFault{Row: row, Column: k.column, Kind: k.kind, Of: goodRow}
			}
		} else {
			good, goodRow = number, row
		}
		write(cells)
	}
	done()
	return faults
}

func csvLines(f *os.File) (write func([]string), done func()) {
	out := bufio.NewWriter(f)
	return func(cells []string) { _, _ = out.WriteString(strings.Join(cells, ";") + "\r\n") }, func() { _ = out.Flush() }
}

// xlsxLines writes a workbook of one sheet as spreadsheets do: texts in a part of their own.
func xlsxLines(t *testing.T, f *os.File) (write func([]string), done func()) {
	t.Helper()
	book := zip.NewWriter(f)
	part := func(name, body string) {
		w, err := book.Create(name)
		if err != nil {
			t.Fatal(err)
		}
		_, _ = w.Write([]byte(`<?xml version="1.0" encoding="UTF-8" standalone="yes"?>` + body))
	}
	part("[Content_Types].xml", `<Types xmlns="http://schemas.openxmlformats.org/package/2006/content-types"><Override PartName="/xl/workbook.xml" ContentType="application/vnd.openxmlformats-officedocument.spreadsheetml.sheet.main+xml"/></Types>`)
	part("_rels/.rels", `<Relationships xmlns="http://schemas.openxmlformats.org/package/2006/relationships"><Relationship Id="rId1" Type="http://schemas.openxmlformats.org/officeDocument/2006/relationships/officeDocument" Target="xl/workbook.xml"/></Relationships>`)
	part("xl/workbook.xml", `<workbook xmlns="http://schemas.openxmlformats.org/spreadsheetml/2006/main" xmlns:r="http://schemas.openxmlformats.org/officeDocument/2006/relationships"><sheets><sheet name="Liste" sheetId="1" r:id="rId1"/></sheets></workbook>`)
	part("xl/_rels/workbook.xml.rels", `<Relationships xmlns="http://schemas.openxmlformats.org/package/2006/relationships"><Relationship Id="rId1" Type="http://schemas.openxmlformats.org/officeDocument/2006/relationships/worksheet" Target="worksheets/sheet1.xml"/><Relationship Id="rId2" Type="http://schemas.openxmlformats.org/officeDocument/2006/relationships/sharedStrings" Target="sharedStrings.xml"/></Relationships>`)
	var sheet, texts strings.Builder
	index := map[string]int{}
	row := 0
	write = func(cells []string) {
		row++
		fmt.Fprintf(&sheet, `<row r="%d">`, row)
		for i, text := range cells {
			at := fmt.Sprintf("%c%d", 'A'+i, row)
			if formula, ok := strings.CutPrefix(text, "="); ok {
				fmt.Fprintf(&sheet, `<c r="%s"><f>%s</f><v>639981234</v></c>`, at, html.EscapeString(formula))
				continue
			}
			n, ok := index[text]
			if !ok {
				n = len(index)
				index[text] = n
				fmt.Fprintf(&texts, `<si><t>%s</t></si>`, html.EscapeString(text))
			}
			fmt.Fprintf(&sheet, `<c r="%s" t="s"><v>%d</v></c>`, at, n)
		}
		sheet.WriteString("</row>")
	}
	return write, func() {
		const ns = `xmlns="http://schemas.openxmlformats.org/spreadsheetml/2006/main"`
		part("xl/sharedStrings.xml", `<sst `+ns+`>`+texts.String()+`</sst>`)
		part("xl/worksheets/sheet1.xml", `<worksheet `+ns+`><sheetData>`+sheet.String()+`</sheetData></worksheet>`)
		if err := book.Close(); err != nil {
			t.Fatal(err)
		}
	}
}

// listRead is what reading a list cost.
type listRead struct {
	database string
	took     time.Duration
	peakMB   float64         // VmHWM of the bot
	waits    []time.Duration // from an SMS until its answer was handed over, while the list was read
}

// importWhileHearing has a running bot read a list, while 50 people a second write to it.
func importWhileHearing(t *testing.T, program binary, file string) listRead {
	t.Helper()
	r := listRead{database: filepath.Join(t.TempDir(), "passeur.db")}
	var mu sync.Mutex
	replies := map[string]time.Time{}
	gateway, err := openGateway(func(s handedOver) {
		mu.Lock()
		defer mu.Unlock()
		replies[s.to] = s.at
	})
	if err != nil {
		t.Fatal(err)
	}
	defer gateway.close()
	set := overKannel(r.database, gateway.url())
	set["PASSEUR_TERRITORIES"] = "50,14"
	cfg := configured(t, set)
	const people = 5000
	fillForImport(t, cfg, people)
	p := program.start(t, set)
	stop := make(chan struct{})
	heard := make(chan []time.Time)
	go func() { heard <- steadily(t, newWebhooks(p.url, "import-", 64), people, 50, stop) }()
	<-time.After(2 * time.Second)
	began := time.Now()
	cmd := exec.Command(string(program), "import", "list", file, "--coordination", "Sylvie Aubert")
	for name, value := range set {
		cmd.Env = append(cmd.Env, name+"="+value)
	}
	if out, err := cmd.CombinedOutput(); err != nil {
		t.Fatalf("import: %v\n%s\n%s", err, out, p.errs)
	}
	r.took = time.Since(began)
	r.peakMB = memoryMB(t, p.cmd.Process.Pid, "VmHWM:")
	close(stop)
	sent := <-heard
	until(10*time.Second, 10*time.Millisecond, func() bool { mu.Lock(); defer mu.Unlock(); return len(replies) >= len(sent) })
	p.stop(t)
	mu.Lock()
	defer mu.Unlock()
	if len(replies) != len(sent) {
		t.Errorf("%d replies to %d messages", len(replies), len(sent))
	}
	for i, at := range sent {
		if reply, ok := replies[numberOf(i)]; ok && reply.After(began) && at.Before(began.Add(r.took)) {
			r.waits = append(r.waits, reply.Sub(at))
		}
	}
	return r
}

// fillForImport writes the people who will write, and a coordinator.
func fillForImport(t *testing.T, cfg *config.Config, people int) {
	t.Helper()
	db, err := openStore(t.Context(), cfg)
	if err != nil {
		t.Fatal(err)
	}
	defer db.Close()
	fillAsked(t, db, people)
	now := time.Now()
	p := bot.Person{V: 1, Name: "Sylvie Aubert", Role: bot.Coordinateur, Territories: []string{"50"}, Addresses: []bot.Address{bot.Address(fmt.Sprintf("mattermost:%026d", 999))}}
	commit(t, db, bot.Change{Now: now, Records: []bot.Record{record(t, "person", benchCoordinator, p, bot.Record{Subject: benchCoordinator, State: string(bot.Coordinateur), At: now})}})
}

// steadily has people write, so many a second, until it is told to stop or everybody has. It returns when each did.
func steadily(t *testing.T, w *webhooks, people, perSecond int, stop <-chan struct{}) (sent []time.Time) {
	tick := time.NewTicker(time.Second / time.Duration(perSecond))
	defer tick.Stop()
	var all sync.WaitGroup
	defer all.Wait()
	for i := range people {
		select {
		case <-stop:
			return sent
		case <-tick.C:
		}
		sent = append(sent, time.Now())
		all.Go(func() {
			if err := w.post(i); err != nil {
				t.Error(err)
			}
		})
	}
	return sent
}

// faultsFound counts the faults that the bot has kept as they are: row, column and kind. One that there is not counts against it.
func faultsFound(t *testing.T, database string, want map[int]bot.RowFault) (right int) {
	t.Helper()
	db, err := store.Open(t.Context(), database, store.Options{})
	if err != nil {
		t.Fatal(err)
	}
	defer db.Close()
	campaigns, err := db.Find(t.Context(), bot.Query{Kind: "campaign"})
	if err != nil || len(campaigns) != 1 {
		t.Fatal(len(campaigns), err)
	}
	h, err := looking(configured(t, overKannel(database, "http://127.0.0.1:1")), db)
	if err != nil {
		t.Fatal(err)
	}
	got, err := h.bot.FaultsOf(t.Context(), campaigns[0].ID)
	if err != nil {
		t.Fatal(err)
	}
	unwanted := 0
	for _, f := range got {
		if f == want[f.Row] {
			right++
		} else if unwanted++; unwanted < 5 {
			t.Errorf("got %+v, want %+v", f, want[f.Row])
		}
	}
	return right - unwanted
}
