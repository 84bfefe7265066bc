package config

import (
	"fmt"
	"os"
	"reflect"
	"regexp"
	"slices"
	"strings"
	"unicode/utf8"

	"passeur/bot"
)

// What an installation decides about tools that keep appointments and permanences themselves.

// RDV is the access to RDV Service Public. With neither Secret nor API it is not opened; what the rest must be is what the adapter knows:
// see Check.
type RDV struct {
	Secret        Secret   // of the webhook; empty: no call is heard
	Organisations []string // ids of those that are heard; empty: all
	Relay         bool     // reminders that are turned off there are Passeur's to send
	API           string   // "https://rdv.anct.gouv.fr"; empty: nothing is asked and nothing written there
	ClientID      string   // of the OAuth application
	ClientSecret  Secret   // of the OAuth application
	Tokens        string   // path of the file of the refresh token, which Passeur replaces each time that it is used
	ReportBack    bool     // what people answer is written there; the tool may then write to them itself
}

// On tells whether the tool is used at all.
func (r *RDV) On() bool { return r.Secret != "" || r.API != "" }

// Given tells whether anything was said about the tool.
func (r *RDV) Given() bool {
	said := *r
	if len(said.Organisations) == 0 { // an empty list says nothing
		said.Organisations = nil
	}
	return !reflect.ValueOf(said).IsZero()
}

// Coop is what is done with La Coop de la médiation numérique, in which activities are reported. What the values may be is what the adapter knows: see Check.
type Coop struct {
	Format  string   // of the links that open its forms filled in: "1"; empty: there are no links
	URL     string   // empty: the national one
	Key     Secret   // of its API, "<client>:<secret>"; empty: nothing is read there
	Authors []string // whose activities are compared: "<id that La Coop has of her>=Marie Lecomte"
}

// Feed is a calendar that is subscribed to.
type Feed struct {
	Name    string // small letters, digits and hyphens, at most 40; no other calendar's
	URL     Secret // whoever has it reads the calendar
	URLFile string // where URL was read from; empty when it was given itself
	Owner   string // the counsellor, by the name that Mattermost shows: the full name, or the user name of who has none
	Minutes int    // between two readings, 1 to 1440; 0: a quarter of an hour
}

func calendarFields(c *Feed) []field {
	return []field{fieldOf("name", &c.Name), fieldOf("url", &c.URL), fieldOf("url_file", &c.URLFile), fieldOf("owner", &c.Owner), numberOf("minutes", &c.Minutes)}
}

// showCalendars writes them as the environment does, but for their addresses.
func showCalendars(calendars []Feed) string {
	out := make([]string, len(calendars))
	for i := range calendars {
		out[i] = calendars[i].Name
		for _, f := range calendarFields(&calendars[i])[1:] {
			if !f.into.IsZero() {
				out[i] += fmt.Sprintf(" %s=%v", f.key, f.into.Interface())
			}
		}
	}
	return strings.Join(out, ", ")
}

// readAddresses reads the addresses of calendars that stand in files of their own.
func (l *loader) readAddresses() {
	s := l.byName["calendars"]
	for i := range l.cfg.Calendars {
		c := &l.cfg.Calendars[i]
		switch {
		case c.URLFile == "":
		case c.URL != "":
			l.faultAt(s.subject(), s.item(i), "agenda %d : donnez url ou url_file, pas les deux", i+1)
		default:
			value, loose, fault := secretIn(c.URLFile)
			if fault != "" {
				l.faultAt(s.subject(), s.item(i), "agenda %d : %s", i+1, fault)
			}
			if loose {
				l.warnLoose(c.URLFile, s.subject())
			}
			c.URL = Secret(strings.TrimSpace(value))
		}
	}
}

// calendarForm is what adapters/ical takes for a name.
var calendarForm = regexp.MustCompile(`^[a-z0-9][a-z0-9-]{0,39}$`)

func (l *loader) validateCalendars() {
	s := l.byName["calendars"]
	seen := map[string]bool{}
	for i, c := range l.cfg.Calendars {
		fault := calendarFault(c)
		if fault == "" && seen[c.Name] {
			fault = "son nom, " + quote(c.Name) + ", est déjà celui d'un autre ; donnez à chacun le sien"
		}
		seen[c.Name] = true
		if fault != "" {
			l.faultAt(s.subject(), s.item(i), "agenda %d : %s", i+1, fault)
		}
	}
}

// calendarFault says what is wrong with one entry, or "". What stands in the place of a name is not shown: it may be the address.
func calendarFault(c Feed) string {
	switch {
	case !calendarForm.MatchString(c.Name):
		return "il lui faut un nom (name) en minuscules, chiffres et tirets, de 40 signes au plus, comme « agenda-marie »"
	case c.URL == "" && c.URLFile == "":
		return "son adresse manque ; donnez url_file, un fichier qui la contient, ou url"
	case strings.TrimSpace(c.Owner) == "" || utf8.RuneCountInString(c.Owner) > 80:
		return "dites de quel conseiller il est (owner), par son nom dans Mattermost, comme « Marie Lecomte »"
	case c.Minutes < 0 || c.Minutes > 1440:
		return fmt.Sprintf("%d n'est pas possible (minutes) ; écrivez un nombre de minutes entre deux lectures, de 1 à 1440, ou 0 pour un quart d'heure", c.Minutes)
	}
	return ""
}

// validateRDV checks what Check does not know of.
func (l *loader) validateRDV() {
	r := &l.cfg.RDV
	switch back := l.byName["rdv.report_back"]; {
	case r.ReportBack && r.API == "":
		l.missing(l.byName["rdv.api"], back.name, back.name)
	case r.ReportBack:
		l.warn("%s : RDV Service Public apprend ce que les personnes répondent, et peut alors leur écrire lui-même : elles risquent deux messages pour une même annulation. Désactivez-y les notifications, ou remettez ce réglage à false", back.subject())
	}
}

// tellBot gives the bot what it has to know of these settings.
func (l *loader) tellBot() {
	l.cfg.Bot.ReportBack = l.cfg.RDV.ReportBack
	for _, c := range l.cfg.Calendars {
		l.cfg.Bot.Feeds = append(l.cfg.Bot.Feeds, bot.Feed{Name: c.Name, Owner: c.Owner})
	}
}

// item is where an element of a list stands: where the list does when it came by a variable.
func (s *setting) item(i int) position {
	if i < len(s.items) && s.items[i].line > 0 {
		return s.items[i]
	}
	return s.at
}

// holds tells whether a secret itself was written in the setting.
func (s *setting) holds() bool {
	calendars, _ := s.value.Interface().([]Feed)
	return s.secret || slices.ContainsFunc(calendars, func(c Feed) bool { return c.URL != "" && c.URLFile == "" })
}

// secretIn reads the file of a secret. fault says in French why it cannot be read; loose, that anybody on this machine can.
func secretIn(path string) (value string, loose bool, fault string) {
	f, err := os.Open(path)
	if err != nil {
		return "", false, fmt.Sprintf("le fichier %s ne peut pas être lu : %v", quote(path), bare(err))
	}
	defer f.Close()
	text, err := readAtMost(f, maxSecret)
	value = string(text)
	if utf8.ValidString(value) { // a key may be raw bytes, whose last one is a line break by chance
		value = strings.TrimRight(value, "\r\n")
	}
	switch {
	case err != nil:
		fault = fmt.Sprintf("le fichier %s ne peut pas être lu : %v", quote(path), bare(err))
	case value == "":
		fault = fmt.Sprintf("le fichier %s est vide ; écrivez-y le secret sur une ligne", quote(path))
	}
	info, err := f.Stat()
	return value, err == nil && info.Mode().Perm()&0o004 != 0, fault
}

func (l *loader) warnLoose(path, subject string) {
	l.warn("le fichier « %s » (%s) peut être lu par tous les utilisateurs de la machine ; protégez-le : chmod o-r %s", path, subject, path)
}
