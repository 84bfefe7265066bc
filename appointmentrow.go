package main

import (
	"context"
	"crypto/sha256"
	"encoding/hex"
	"errors"
	"fmt"
	"io"
	"os"
	"regexp"
	"slices"
	"strconv"
	"strings"
	"time"
	"unicode/utf8"

	"passeur/bot"
	"passeur/intents"
	"passeur/intents/dates"
	"passeur/papers/tables"
)

// appointment is one row of a file, understood.
type appointment struct {
	line    int
	id      string
	phone   string // E.164
	name    string
	start   time.Time // in the zone of the place
	where   string
	commune intents.Commune
	with    counsellor
}

// counsellor is who a name stands for.
type counsellor struct{ id, name, problem string }

// appointmentReader reads rows, and says of each one that is wrong why.
type appointmentReader struct {
	ctx    context.Context
	bot    *bot.Bot
	now    time.Time
	owner  string // whose rows are that name nobody
	known  map[string]counsellor
	faults []string
}

// storeError marks an error that is no row's fault.
type storeError struct{ error }

// source is the id under which imports of this kind of file are remembered: one for all files that name their counsellors, one for each
// counsellor who has a file of her own. It names her by her id, since ids of records are not sealed.
func (r *appointmentReader) source() (string, error) {
	if r.owner == "" {
		return bot.SourceCSV, nil
	}
	c, err := r.counsellor(r.owner)
	if err != nil {
		return "", err
	}
	return bot.SourceCSV + "-" + c.id, nil
}

// longestCell is far above any first name or id.
const longestCell = 100

// row understands one row. Its error is a French reason.
func (r *appointmentReader) row(l tables.Row) (a appointment, err error) {
	if l.Fault != "" {
		return a, errors.New(l.Fault)
	}
	cell := func(i int) string { return l.Cells[i].Text }
	for i, column := range appointmentColumns[:cellCounsellor] {
		switch cell := cell(i); {
		case cell == "":
			return a, fmt.Errorf("la colonne %s est vide", column.Name)
		case utf8.RuneCountInString(cell) > longestCell:
			return a, fmt.Errorf("la colonne %s a plus de %d caractères", column.Name, longestCell)
		}
	}
	a = appointment{line: l.Number, id: cell(cellID), name: cell(cellName), where: cell(cellWhere)}
	if a.phone, err = mobileOfSheet(cell(cellPhone)); err != nil {
		return a, err
	}
	if a.commune, err = r.commune(cell(cellCommune)); err != nil {
		return a, err
	}
	if a.start, err = startOf(cell(cellDate), cell(cellHour), r.bot.Zone(a.place())); err != nil {
		return a, err
	}
	who := cell(cellCounsellor)
	if who == "" {
		who = r.owner
	}
	if who == "" {
		return a, errors.New("la colonne conseiller est vide (ou donnez --owner)")
	}
	a.with, err = r.counsellor(who)
	return a, err
}

func (a appointment) place() string { return a.commune.Territory + "/" + a.commune.Code }

// mobileOfSheet reads a number as spreadsheets leave it: without its zero, with ".0" behind it.
func mobileOfSheet(text string) (string, error) {
	digits := strings.TrimSuffix(text, ".0")
	if len(digits) == 9 && strings.Trim(digits, "0123456789") == "" && (digits[0] == '6' || digits[0] == '7') {
		digits = "0" + digits
	}
	number, err := mobile(digits)
	if err != nil {
		return "", fmt.Errorf("telephone : %w", err)
	}
	return number, nil
}

// commune finds the one commune of a name, with or without its postcode, or of an INSEE code.
func (r *appointmentReader) commune(text string) (intents.Commune, error) {
	found := r.bot.Gazetteer.ReadCommune(text)
	if c, ok := r.bot.Gazetteer.ByCode(text); ok && len(found) == 0 {
		return c, nil
	}
	switch len(found) {
	case 0:
		return intents.Commune{}, fmt.Errorf("commune : « %s » n'est dans aucun des départements servis", text)
	case 1:
		return found[0], nil
	}
	return intents.Commune{}, fmt.Errorf("commune : « %s » peut en être plusieurs, ajoutez le code postal : « %s %s »", text, found[0].Name, found[0].Postcodes[0])
}

// dayForms are how spreadsheets and people write a day.
var dayForms = []string{time.DateOnly, "02/01/2006", "2/1/2006", "02-01-2006", "02.01.2006", "2006/01/02"}

// hourForm reads 10h, 10h30, 10 h 30, 10:30 and 10:30:00.
var hourForm = regexp.MustCompile(`^(\d{1,2})\s*[hH:]\s*(\d{2})?(?::00)?$`)

// startOf is an hour of a day on the wall clock of a zone.
func startOf(day, hour string, zone *time.Location) (time.Time, error) {
	m := hourForm.FindStringSubmatch(hour)
	if m == nil {
		return time.Time{}, fmt.Errorf("heure : « %s » ne se lit pas, écrivez 10h30", hour)
	}
	h, _ := strconv.Atoi(m[1])
	minute, _ := strconv.Atoi(m[2])
	if h > 23 || minute > 59 {
		return time.Time{}, fmt.Errorf("heure : « %s » n'existe pas, écrivez 10h30", hour)
	}
	for _, form := range dayForms {
		if d, err := time.Parse(form, day); err == nil {
			return time.Date(d.Year(), d.Month(), d.Day(), h, minute, 0, 0, zone), nil
		}
	}
	return time.Time{}, fmt.Errorf("date : « %s » ne se lit pas, écrivez 04/12/2026", day)
}

// counsellor finds the professional of a name; each name is looked for once.
func (r *appointmentReader) counsellor(name string) (counsellor, error) {
	c, ok := r.known[name]
	if !ok {
		var err error
		c.name = name
		if c.id, c.problem, err = r.bot.CounsellorNamed(r.ctx, name, r.now); err != nil {
			return c, &storeError{err}
		}
		r.known[name] = c
	}
	if c.problem != "" {
		return c, fmt.Errorf("conseiller « %s » : %s", name, c.problem)
	}
	return c, nil
}

// digest is the same for rows that say the same.
func (a appointment) digest() string {
	sum := sha256.Sum256([]byte(strings.Join([]string{a.phone, a.name, a.start.UTC().Format(time.RFC3339), a.where, a.place(), a.with.id}, "\x00")))
	return hex.EncodeToString(sum[:8])
}

// lasts is how long an appointment takes: files do not say, and an hour is what most take in La Coop's reports.
const lasts = time.Hour

// told is the row as the bot hears of it.
func (a appointment) told(source, event string) bot.OutsideRdv {
	return bot.OutsideRdv{Source: bot.SourceCSV, ID: bot.CSVRdvID(source, a.id), Event: event, Status: "unknown", Start: a.start, End: a.start.Add(lasts),
		Where: a.where, Commune: a.commune.Name, Postcode: a.commune.Postcodes[0], Agents: []string{a.with.name},
		Participants: []bot.OutsideUsager{{ID: "1", Name: a.name, Phone: a.phone, Status: "unknown"}}}
}

// String says it on one line.
func (a appointment) String() string {
	return fmt.Sprintf("ligne %d (id %s) : %s, %s, %s, avec %s", a.line, a.id, a.name, dayAndHour(a.start), a.where, a.with.name)
}

func dayAndHour(t time.Time) string {
	return fmt.Sprintf("%s %d à %s", dates.FrenchDay(t), t.Year(), dates.FrenchHour(t.Hour(), t.Minute()))
}

// appointmentColumns are those of a file of appointments, in the order in which they are read. A file of one counsellor need not name her.
var appointmentColumns = []tables.Column{
	{Name: "id", Titles: []string{"id"}, Needed: true}, {Name: "telephone", Titles: []string{"telephone"}, Needed: true},
	{Name: "prenom", Titles: []string{"prenom"}, Needed: true}, {Name: "date", Titles: []string{"date"}, Needed: true},
	{Name: "heure", Titles: []string{"heure"}, Needed: true}, {Name: "lieu", Titles: []string{"lieu"}, Needed: true},
	{Name: "commune", Titles: []string{"commune"}, Needed: true}, {Name: "conseiller", Titles: []string{"conseiller"}, Needed: true},
}

const (
	cellID = iota
	cellPhone
	cellName
	cellDate
	cellHour
	cellWhere
	cellCommune
	cellCounsellor
)

// mostAppointments is how many rows a file may have.
const mostAppointments = 100_000

// file reads all rows; what is wrong with them is in r.faults.
func (r *appointmentReader) file(name string) ([]appointment, error) {
	f, err := openImport(name)
	if err != nil {
		return nil, err
	}
	defer f.Close()
	table, err := r.open(f)
	if err != nil {
		return nil, fmt.Errorf("%s : %w", name, err)
	}
	first := map[string]int{}
	var rows []appointment
	for n := 0; ; n++ {
		l, err := table.Next()
		switch {
		case err == io.EOF:
			return rows, nil
		case err != nil:
			return nil, fmt.Errorf("%s : %w", name, err)
		case n == mostAppointments:
			return nil, fmt.Errorf("%s : le fichier a plus de %d lignes : gardez les rendez-vous à venir", name, mostAppointments)
		}
		a, err := r.row(l)
		if at, twice := first[a.id]; err == nil && twice {
			err = fmt.Errorf("l'id « %s » est déjà à la ligne %d : gardez une des deux", a.id, at)
		}
		if fault := new(storeError); errors.As(err, &fault) {
			return nil, fault.error
		}
		if err != nil {
			r.faults = append(r.faults, fmt.Sprintf("ligne %d : %v", l.Number, err))
			continue
		}
		first[a.id] = a.line
		rows = append(rows, a)
	}
}

// open finds the columns; one that names counsellors is needed unless the file is somebody's.
func (r *appointmentReader) open(f *os.File) (*tables.Table, error) {
	info, err := f.Stat()
	if err != nil {
		return nil, cause(err)
	}
	columns := slices.Clone(appointmentColumns)
	columns[cellCounsellor].Needed = r.owner == ""
	table, err := tables.Open(f, info.Size(), columns)
	var missing *tables.MissingError
	if errors.As(err, &missing) && slices.ContainsFunc(missing.Missing, func(c tables.Column) bool { return c.Name == "conseiller" }) {
		err = fmt.Errorf("%w ; sans colonne conseiller, dites de qui est ce fichier : --owner \"Marie Lecomte\"", err)
	}
	return table, err
}
