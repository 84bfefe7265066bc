package ical

import (
	"fmt"
	"os"
	"path/filepath"
	"strings"
	"testing"
	"time"

	"github.com/google/go-cmp/cmp"

	"passeur/bot"
)

// today is when feeds are read in these tests.
var today = time.Date(2026, 11, 28, 12, 0, 0, 0, time.UTC)

func zoneNamed(t testing.TB, name string) *time.Location {
	t.Helper()
	zone, err := time.LoadLocation(name)
	if err != nil {
		t.Fatal(err)
	}
	return zone
}

// show writes an entry as one line: only what is set.
func show(e bot.FeedEntry) string {
	s := fmt.Sprintf("%s #%d %s/%s %s %q", e.UID, e.Sequence, e.Start.Format(time.RFC3339), e.End.Format(time.RFC3339), e.Zone, e.Summary)
	if e.Location != "" {
		s += fmt.Sprintf(" @%q", e.Location)
	}
	if e.Rule != "" {
		s += " " + e.Rule
	}
	if len(e.Except) > 0 {
		s += " -" + strings.Join(e.Except, ",")
	}
	if !e.Recurs.IsZero() {
		s += " for " + e.Recurs.Format(time.RFC3339)
	}
	if e.AllDay {
		s += " allday"
	}
	if e.Gone {
		s += " gone"
	}
	return s
}

func showAll(entries []bot.FeedEntry, problems []Problem) (all []string) {
	for _, e := range entries {
		all = append(all, show(e))
	}
	for _, p := range problems {
		all = append(all, "! "+p.String())
	}
	return all
}

// TestFeeds reads feeds as the common tools write them.
func TestFeeds(t *testing.T) {
	for file, want := range map[string][]string{
		"outlook": {
			`040000008200E00074C5B7101A82E00800000000A0B1C2D3E4F50001000000000000000010000000ABCDEF0123456789ABCDEF0123456789 #2 2026-12-01T14:00:00+01:00/2026-12-01T17:00:00+01:00 Europe/Paris "Permanence numérique, mairie de Villedieu" @"Salle du conseil" FREQ=WEEKLY;UNTIL=20270629T120000Z;INTERVAL=1;BYDAY=TU;WKST=MO -2026-12-22,2026-12-29`,
			`exemple-2 #0 2026-12-03T09:00:00+01:00/2026-12-03T10:30:00+01:00 Europe/Paris "Atelier tablette"`,
			`exemple-4 #0 2026-12-24T00:00:00+01:00/2026-12-27T00:00:00+01:00 Europe/Paris "Fermeture" allday`,
			`exemple-5 #0 2026-12-05T10:00:00+01:00/2026-12-05T11:00:00+01:00 Europe/Paris "Visio"`,
			`! ligne 68 : « Réunion d'équipe » : le fuseau horaire « (UTC+01:00) Bruxelles, Copenhague, Madrid, Paris » est inconnu, l'entrée n'est pas lue. Dans l'agenda, choisissez-lui un fuseau qui porte le nom d'une ville, comme Europe/Paris.`,
		},
		"google": {
			`0a1b2c3d4e5f@google.com #1 2026-09-01T09:30:00+02:00/2026-09-01T12:30:00+02:00 Europe/Paris "Permanence, Saint-Lô" @"Médiathèque, 1 place de l'Exemple, 50000 Saint-Lô" FREQ=WEEKLY;BYDAY=TU -2026-12-22,2026-12-29`,
			`0a1b2c3d4e5f@google.com #2 2026-12-08T14:00:00+01:00/2026-12-08T17:00:00+01:00 Europe/Paris "Permanence, Saint-Lô (après-midi)" for 2026-12-08T09:30:00+01:00`,
			`1a1b2c3d4e5f@google.com #0 2026-12-02T14:00:00+01:00/2026-12-02T15:00:00+01:00 Europe/Paris "Rendez-vous avec Camille" gone`,
		},
		"nextcloud": {
			`5f0c1d2e-3f40-4a5b-8c6d-7e8f90a1b2c3 #3 2026-11-30T10:00:00+01:00/2026-11-30T11:30:00+01:00 Europe/Paris "Café numérique" @"Tiers-lieu rez-de-chaussée" FREQ=MONTHLY;BYDAY=-1MO`,
			`6f0c1d2e-3f40-4a5b-8c6d-7e8f90a1b2c3 #0 2026-12-01T08:00:00+01:00/2026-12-01T09:00:00+01:00 Europe/Paris "Flottant"`,
			`7f0c1d2e-3f40-4a5b-8c6d-7e8f90a1b2c3 #0 2026-12-07T00:00:00+01:00/2026-12-08T00:00:00+01:00 Europe/Paris "Semaine d'inscription" FREQ=WEEKLY;COUNT=4 -2026-12-14 allday`,
			`! ligne 18 : « Café numérique » : des dates ajoutées une à une ne sont pas lues. Dans l'agenda, faites une entrée pour chacune.`,
		},
		"zimbra": {
			`aaaaaaaa-bbbb-cccc-dddd-eeeeeeeeeeee #1 2026-12-02T09:00:00+01:00/2026-12-02T12:00:00+01:00 Europe/Brussels "Atelier « premiers pas »" @"\"Espace France Services\" <exemple@passeur.example>" FREQ=WEEKLY;INTERVAL=2;BYDAY=WE -2026-12-30`,
			`! ligne 58 : « Fuseau inventé » : le fuseau horaire « Custom 1 » est inconnu, l'entrée n'est pas lue. Dans l'agenda, choisissez-lui un fuseau qui porte le nom d'une ville, comme Europe/Paris.`,
		},
	} {
		t.Run(file, func(t *testing.T) {
			body, err := os.ReadFile(filepath.Join("testdata", file+".ics"))
			if err != nil {
				t.Fatal(err)
			}
			for ending, text := range map[string]string{"LF": string(body), "CRLF": strings.ReplaceAll(string(body), "\n", "\r\n"), "BOM": "\ufeff" + string(body)} {
				entries, problems, err := Parse(strings.NewReader(text), today, zoneNamed(t, "Europe/Paris"))
				if err != nil {
					t.Fatal(ending, err)
				}
				if diff := cmp.Diff(want, showAll(entries, problems)); diff != "" {
					t.Error(ending, diff)
				}
			}
		})
	}
}

// calendar wraps lines of events into a feed.
func calendar(lines ...string) string {
	return "BEGIN:VCALENDAR\r\nVERSION:2.0\r\n" + strings.Join(lines, "\r\n") + "\r\nEND:VCALENDAR\r\n"
}

// event wraps lines into an event of UID "u".
func event(lines ...string) string {
	return "BEGIN:VEVENT\r\nUID:u\r\n" + strings.Join(lines, "\r\n") + "\r\nEND:VEVENT"
}

// vtimezone is a zone whose two observances have the given offsets and rules.
func vtimezone(id, winter, summer, rules string) string {
	autumn, spring, _ := strings.Cut(rules, "|")
	return "BEGIN:VTIMEZONE\r\nTZID:" + id +
		"\r\nBEGIN:STANDARD\r\nDTSTART:16010101T030000\r\nTZOFFSETFROM:" + summer + "\r\nTZOFFSETTO:" + winter + "\r\nRRULE:" + autumn + "\r\nEND:STANDARD" +
		"\r\nBEGIN:DAYLIGHT\r\nDTSTART:16010101T020000\r\nTZOFFSETFROM:" + winter + "\r\nTZOFFSETTO:" + summer + "\r\nRRULE:" + spring + "\r\nEND:DAYLIGHT" +
		"\r\nEND:VTIMEZONE"
}

const european = "FREQ=YEARLY;BYMONTH=10;BYDAY=-1SU|FREQ=YEARLY;BYMONTH=3;BYDAY=-1SU"

// The next tests read one entry after another. The wanted line leaves out UID and sequence; one that begins with "!" is a part of
// the only problem, when nothing else is read.

// day is when entries of these tests are, unless they say otherwise.
const day = "DTSTART:20261201T100000"

// TestDates: when an entry is, how it recurs, and what is past.
func TestDates(t *testing.T) {
	for name, c := range map[string]struct{ feed, want string }{
		"floating":        {event(day), `2026-12-01T10:00:00+01:00/2026-12-01T10:00:00+01:00 Europe/Paris ""`},
		"UTC":             {event(day + "Z"), `2026-12-01T11:00:00+01:00/2026-12-01T11:00:00+01:00 Europe/Paris ""`},
		"UTC that recurs": {event(day+"Z", "RRULE:FREQ=DAILY"), `2026-12-01T10:00:00Z/2026-12-01T10:00:00Z UTC "" FREQ=DAILY`},
		"no seconds":      {event("DTSTART:20261201T1000"), `2026-12-01T10:00:00+01:00/2026-12-01T10:00:00+01:00 Europe/Paris ""`},
		"leap second":     {event("DTSTART:20261231T235960Z"), `2027-01-01T00:59:59+01:00/2027-01-01T00:59:59+01:00 Europe/Paris ""`},
		"hour that is skipped": {event("DTSTART:20270328T023000", "DTEND:20270328T040000"),
			`2027-03-28T03:30:00+02:00/2027-03-28T04:00:00+02:00 Europe/Paris ""`},
		"hour that comes twice": {event("DTSTART:20271031T023000", "DTEND:20271031T040000"),
			`2027-10-31T02:30:00+02:00/2027-10-31T04:00:00+01:00 Europe/Paris ""`},
		"one day over the change":   {event("DTSTART:20270327T120000", "DURATION:P1D"), `2027-03-27T12:00:00+01:00/2027-03-28T12:00:00+02:00 Europe/Paris ""`},
		"24 hours over the change":  {event("DTSTART:20270327T120000", "DURATION:PT24H"), `2027-03-27T12:00:00+01:00/2027-03-28T13:00:00+02:00 Europe/Paris ""`},
		"weeks":                     {event(day, "DURATION:P1W"), `2026-12-01T10:00:00+01:00/2026-12-08T10:00:00+01:00 Europe/Paris ""`},
		"a day that ends itself":    {event("DTSTART;VALUE=DATE:20261201", "DTEND;VALUE=DATE:20261201"), `2026-12-01T00:00:00+01:00/2026-12-02T00:00:00+01:00 Europe/Paris "" allday`},
		"cancelled calendar":        {"METHOD:CANCEL\r\n" + event(day), `2026-12-01T10:00:00+01:00/2026-12-01T10:00:00+01:00 Europe/Paris "" gone`},
		"cancelled exception":       {event("RECURRENCE-ID:20261201T100000", "STATUS:CANCELLED"), `2026-12-01T10:00:00+01:00/2026-12-01T10:00:00+01:00 Europe/Paris "" for 2026-12-01T10:00:00+01:00 gone`},
		"endless":                   {event("DTSTART:19990101T100000", "RRULE:FREQ=SECONDLY"), `1999-01-01T10:00:00+01:00/1999-01-01T10:00:00+01:00 Europe/Paris "" FREQ=SECONDLY`},
		"excepted at midnight, UTC": {event(day, "RRULE:FREQ=DAILY", "EXDATE:20261204T233000Z,,20261203T090000Z"), `2026-12-01T10:00:00+01:00/2026-12-01T10:00:00+01:00 Europe/Paris "" FREQ=DAILY -2026-12-03,2026-12-05`},
		"excepted day of a UTC one": {event(day+"Z", "RRULE:FREQ=DAILY", "EXDATE;VALUE=DATE:20261204"), `2026-12-01T10:00:00Z/2026-12-01T10:00:00Z UTC "" FREQ=DAILY -2026-12-04`},
		"excepted in another zone":  {event(day, "RRULE:FREQ=DAILY", "EXDATE;TZID=Indian/Reunion:20261205T010000"), `2026-12-01T10:00:00+01:00/2026-12-01T10:00:00+01:00 Europe/Paris "" FREQ=DAILY -2026-12-04`},
		"rule ends today":           {event("DTSTART:20260101T100000", "RRULE:FREQ=DAILY;UNTIL=20261127T130000"), `2026-01-01T10:00:00+01:00/2026-01-01T10:00:00+01:00 Europe/Paris "" FREQ=DAILY;UNTIL=20261127T130000`},
		"rule ended":                {event("DTSTART:20260101T100000", "RRULE:FREQ=DAILY;UNTIL=20261125"), ""},
		"ended":                     {event("DTSTART:20261126T100000", "DTEND:20261127T125959"), ""},
		"moved into the past":       {event("DTSTART:20261101T100000", "RECURRENCE-ID:20261201T100000"), `2026-11-01T10:00:00+01:00/2026-11-01T10:00:00+01:00 Europe/Paris "" for 2026-12-01T10:00:00+01:00`},
		"unknown frequency":         {event(day, "RRULE:FREQ=SOMETIMES"), "!« FREQ=SOMETIMES »"},
		"no frequency":              {event(day, "RRULE:BYDAY=TU"), "!sans FREQ"},
		"rule of nonsense":          {event(day, "RRULE:FREQ=DAILY;BYDAY=LU"), "!« BYDAY=LU »"},
		"two rules":                 {event(day, "RRULE:FREQ=DAILY", "RRULE:FREQ=WEEKLY"), "!plusieurs règles"},
		"end of a rule":             {event(day, "RRULE:FREQ=DAILY;UNTIL=20261341"), "!« 20261341 »"},
		"no date":                   {event("SUMMARY:Permanence"), "!« Permanence » : elle n'a pas de date"},
		"30 February":               {event("DTSTART:20270230"), "!« 20270230 »"},
		"year 9999":                 {event("DTSTART:99990101"), "!« 99990101 »"},
		"end before start":          {event(day, "DTEND:20261201T090000"), "!sa fin est avant son début"},
		"negative duration":         {event(day, "DURATION:-PT1H"), "!sa fin est avant son début"},
		"odd duration":              {event(day, "DURATION:une heure"), "!« une heure »"},
		"excepted too often":        {event(day, "RRULE:FREQ=DAILY", "EXDATE:"+strings.Repeat("20261202,", maxExcept+1)), "!plus de 2000"},
		"excepted nonsense":         {event(day, "RRULE:FREQ=DAILY", "EXDATE:hier"), "!« hier »"},
	} {
		t.Run(name, func(t *testing.T) { tryEntry(t, calendar(c.feed), c.want) })
	}
}

// TestZones: the names under which feeds know zones, and zones without a name.
func TestZones(t *testing.T) {
	for name, c := range map[string]struct{ feed, want string }{
		"other zone":                {event("DTSTART;TZID=Indian/Reunion:20261201T100000"), `2026-12-01T10:00:00+04:00/2026-12-01T10:00:00+04:00 Indian/Reunion ""`},
		"end in another zone":       {event(day, "DTEND;TZID=Indian/Reunion:20261201T140000"), `2026-12-01T10:00:00+01:00/2026-12-01T11:00:00+01:00 Europe/Paris ""`},
		"Windows name":              {event("DTSTART;TZID=SA Western Standard Time:20261201T100000"), `2026-12-01T10:00:00-04:00/2026-12-01T10:00:00-04:00 America/La_Paz ""`},
		"libical name":              {event("DTSTART;TZID=/freeassociation.sourceforge.net/Europe/Rome:20261201T100000"), `2026-12-01T10:00:00+01:00/2026-12-01T10:00:00+01:00 Europe/Rome ""`},
		"Mozilla name":              {event("DTSTART;TZID=/mozilla.org/20050126_1/Europe/Rome:20261201T100000"), `2026-12-01T10:00:00+01:00/2026-12-01T10:00:00+01:00 Europe/Rome ""`},
		"offsets of the feed's":     {vtimezone("Paris, etc.", "+0100", "+0200", european) + "\r\n" + event("DTSTART;TZID=\"Paris, etc.\":20261201T100000"), `2026-12-01T10:00:00+01:00/2026-12-01T10:00:00+01:00 Europe/Paris ""`},
		"offsets of another":        {vtimezone("X", "+0000", "+0100", european) + "\r\n" + event("DTSTART;TZID=X:20261201T100000"), "!le fuseau horaire « X » est inconnu"},
		"one offset":                {"BEGIN:VTIMEZONE\r\nTZID:Custom 1\r\nBEGIN:STANDARD\r\nDTSTART:20000101T000000\r\nTZOFFSETFROM:+0300\r\nTZOFFSETTO:+0300\r\nEND:STANDARD\r\nEND:VTIMEZONE\r\n" + event("DTSTART;TZID=Custom 1:20261201T100000"), `2026-12-01T10:00:00+03:00/2026-12-01T10:00:00+03:00 Etc/GMT-3 ""`},
		"one offset of half hours":  {"BEGIN:VTIMEZONE\r\nTZID:Custom 1\r\nBEGIN:STANDARD\r\nDTSTART:20000101T000000\r\nTZOFFSETFROM:+0530\r\nTZOFFSETTO:+0530\r\nEND:STANDARD\r\nEND:VTIMEZONE\r\n" + event("DTSTART;TZID=Custom 1:20261201T100000"), `2026-12-01T10:00:00+05:30/2026-12-01T10:00:00+05:30 Asia/Kolkata ""`},
		"rules of no zone":          {vtimezone("X", "+0100", "+0200", "FREQ=YEARLY;BYMONTH=9;BYDAY=2TU|FREQ=YEARLY;BYMONTH=5;BYDAY=1WE") + "\r\n" + event("DTSTART;TZID=X:20261201T100000"), "!le fuseau horaire « X » est inconnu"},
		"zone by its location":      {"BEGIN:VTIMEZONE\r\nTZID:X\r\nX-LIC-LOCATION:Europe/Rome\r\nEND:VTIMEZONE\r\n" + event("DTSTART;TZID=X:20261201T100000"), `2026-12-01T10:00:00+01:00/2026-12-01T10:00:00+01:00 Europe/Rome ""`},
		"unknown zone of long ago":  {event("DTSTART;TZID=X:20261120T100000", "DTEND;TZID=X:20261124T100000"), ""},
		"unknown zone of yesterday": {event("DTSTART;TZID=X:20261126T100000"), "!le fuseau horaire « X » est inconnu"},
		"unknown zone that recurs":  {event("DTSTART;TZID=X:20200101T100000", "RRULE:FREQ=DAILY"), "!le fuseau horaire « X » est inconnu"},
		"Local is no zone":          {event("DTSTART;TZID=Local:20261201T100000"), "!« Local »"},
		"path is no zone":           {event("DTSTART;TZID=../../etc/passwd:20261201T100000"), "!est inconnu"},
	} {
		t.Run(name, func(t *testing.T) { tryEntry(t, calendar(c.feed), c.want) })
	}
}

// TestTexts: escapes, charsets, folds.
func TestTexts(t *testing.T) {
	for name, c := range map[string]struct{ feed, want string }{
		"escapes":                  {event(day, `SUMMARY:a\, b\; c\\n\nd \: \"e\" C:\temp`), `2026-12-01T10:00:00+01:00/2026-12-01T10:00:00+01:00 Europe/Paris "a, b; c\\n d : \"e\" C:\\temp"`},
		"controls":                 {event(day, "SUMMARY:a\x00\x07b\u202ec\td"), `2026-12-01T10:00:00+01:00/2026-12-01T10:00:00+01:00 Europe/Paris "abc d"`},
		"long summary":             {event(day, "SUMMARY:"+strings.Repeat("é", 400)), `2026-12-01T10:00:00+01:00/2026-12-01T10:00:00+01:00 Europe/Paris "` + strings.Repeat("é", 300) + `"`},
		"Latin-1":                  {event(day, "SUMMARY:Pr\xe9f\xe9rence \x80 \x9cuvre"), `2026-12-01T10:00:00+01:00/2026-12-01T10:00:00+01:00 Europe/Paris "Préférence € œuvre"`},
		"fold within a rune":       {event(day, "SUMMARY:caf\xc3\r\n \xa9"), `2026-12-01T10:00:00+01:00/2026-12-01T10:00:00+01:00 Europe/Paris "café"`},
		"fold with a tab":          {event(day, "SUM\n\tMARY:a\n b\n  c"), `2026-12-01T10:00:00+01:00/2026-12-01T10:00:00+01:00 Europe/Paris "ab c"`},
		"small letters":            {"begin:vevent\nuid:u\ndtstart;value=date:20261201\nstatus:cancelled\nend:vevent", `2026-12-01T00:00:00+01:00/2026-12-02T00:00:00+01:00 Europe/Paris "" allday gone`},
		"quote that is not closed": {event(day, `SUMMARY;LANGUAGE="fr:bonjour`), `2026-12-01T10:00:00+01:00/2026-12-01T10:00:00+01:00 Europe/Paris "bonjour"`},
		"page in a parameter":      {event(day, "SUMMARY;ALTREP=\"data:"+strings.Repeat("x", 5000)+"\":a"), `2026-12-01T10:00:00+01:00/2026-12-01T10:00:00+01:00 Europe/Paris "a"`},
		"page in a date":           {event("DTSTART;X=" + strings.Repeat("x", 5000) + ":20261201"), "!elle n'a pas de date"},
	} {
		t.Run(name, func(t *testing.T) { tryEntry(t, calendar(c.feed), c.want) })
	}
}

func tryEntry(t *testing.T, feed, want string) {
	t.Helper()
	entries, problems, err := Parse(strings.NewReader(feed), today, zoneNamed(t, "Europe/Paris"))
	if err != nil {
		t.Fatal(err)
	}
	got := strings.Join(showAll(entries, problems), "\n")
	if part, problem := strings.CutPrefix(want, "!"); problem {
		if len(entries) > 0 || len(problems) != 1 || !strings.Contains(got, part) || problems[0].UID != "u" || problems[0].Line < 3 {
			t.Errorf("got %s, want the problem %s", got, part)
		}
		return
	}
	got = strings.TrimPrefix(got, "u #0 ")
	if got != want {
		t.Errorf("got\n%s\nwant\n%s", got, want)
	}
}

// TestVersions: the highest SEQUENCE counts, then what was changed last.
func TestVersions(t *testing.T) {
	v := func(summary, more string) string { return event("DTSTART:20261201", "SUMMARY:"+summary, more) }
	for name, c := range map[string]struct{ feed, want string }{
		"sequence":       {calendar(v("a", "SEQUENCE:2"), v("b", "SEQUENCE:1")), "a"},
		"modified":       {calendar(v("a", "LAST-MODIFIED:20261102T000000Z"), v("b", "LAST-MODIFIED:20261101T000000Z")), "a"},
		"stamp":          {calendar(v("a", "DTSTAMP:20261101T000000Z"), v("b", "DTSTAMP:20261102T000000Z")), "b"},
		"the last":       {calendar(v("a", "X:"), v("b", "X:")), "b"},
		"now past":       {calendar(v("a", "SEQUENCE:1"), event("DTSTART:20250101", "SEQUENCE:2", "SUMMARY:b")), ""},
		"past before":    {calendar(event("DTSTART:20250101", "SEQUENCE:1", "SUMMARY:b"), v("a", "SEQUENCE:2")), "a"},
		"two exceptions": {calendar(v("a", "RECURRENCE-ID:20261201"), v("b", "RECURRENCE-ID:20261202")), "a b"},
		"never closed":   {calendar(strings.TrimSuffix(v("a", "SEQUENCE:1"), "END:VEVENT"), strings.Replace(v("b", "SEQUENCE:1"), "UID:u", "UID:v", 1)), "a b"},
		"no UID":         {calendar(strings.ReplaceAll(v("a", "X:")+"\r\n"+v("b", "X:"), "UID:u\r\n", "")), "a b"},
	} {
		entries, problems, err := Parse(strings.NewReader(c.feed), today, time.UTC)
		var got []string
		for _, e := range entries {
			got = append(got, e.Summary)
		}
		if strings.Join(got, " ") != c.want || len(problems) > 0 || err != nil {
			t.Errorf("%s: got %v %v %v, want %s", name, got, problems, err, c.want)
		}
	}
}

// TestSaid: what is read with a part left out.
func TestSaid(t *testing.T) {
	for text, feed := range map[string]string{
		"seule cette date change": event("DTSTART:20261201T100000", "RECURRENCE-ID;RANGE=THISANDFUTURE:20261201T090000"),
		"EXRULE":                  event("DTSTART:20261201T100000", "RRULE:FREQ=DAILY", "EXRULE:FREQ=WEEKLY"),
		"ajoutées une à une":      event("DTSTART:20261201T100000", "RDATE;VALUE=PERIOD:20261202T100000Z/PT1H"),
	} {
		entries, problems, err := Parse(strings.NewReader(calendar(feed)), today, time.UTC)
		if len(entries) != 1 || len(problems) != 1 || !strings.Contains(problems[0].Text, text) || err != nil {
			t.Errorf("%s: %v %v %v", text, entries, problems, err)
		}
	}
}
