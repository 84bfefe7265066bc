package bot

import (
	"errors"
	"slices"
	"strings"
	"time"
	"unicode"
	"unicode/utf8"

	"passeur/intents"
	"passeur/intents/dates"
	"passeur/intents/phones"
)

// Draft is an appointment that a counsellor is putting together, or one being moved.
type Draft struct {
	Phone string `json:"phone,omitempty"` // E.164
	Name  string `json:"name,omitempty"`
	Day   string `json:"day,omitempty"`   // "2026-12-04"
	Clock string `json:"clock,omitempty"` // "10:00", on the wall clock of the place
	Where string `json:"where,omitempty"` // as it was named
	Place string `json:"place,omitempty"` // "50/50147"
	Home  bool   `json:"home,omitempty"`  // at the person's home
	Told  string `json:"told,omitempty"`  // how the person was told that she gets messages
	Asks  string `json:"asks,omitempty"`  // which part was asked for last
}

// Parts of a draft, in the order in which they are asked for.
const (
	askPhone = "numero"
	askName  = "prenom"
	askDay   = "jour"
	askClock = "heure"
	askPlace = "lieu"
)

const (
	dayLayout   = "2006-01-02"
	clockLayout = "15:04"
)

// toldDefault is how a person was told, unless the counsellor says otherwise.
const toldDefault = "vive_voix"

func (d *Draft) missing() string {
	switch {
	case d.Phone == "":
		return askPhone
	case d.Name == "":
		return askName
	case d.Day == "":
		return askDay
	case d.Clock == "":
		return askClock
	case d.Place == "":
		return askPlace
	}
	return ""
}

// readInto takes what the text holds into the draft, all that is right even when a part is not; problem is the key of the
// sentence that says what is wrong first.
func (t *Turn) readInto(d *Draft, read intents.Booking) (problem string, args Args) {
	if d.Name == "" || t.bareName(read) && d.Asks != askPlace {
		d.Name = shortName(read.Name)
	}
	if read.Told != "" {
		d.Told = read.Told
	}
	if d.Asks == askPlace && read.PlaceText == "" && t.tellsNothing(read) {
		read.PlaceText = t.Text
	}
	steps := []func() (string, Args){
		func() (string, Args) { return d.takePhone(read) },
		func() (string, Args) { return t.takePlace(d, read) },
		func() (string, Args) { return t.takeTime(d, read.Whens) },
		func() (string, Args) { return t.checkTime(d) },
	}
	for _, take := range steps {
		if p, a := take(); problem == "" {
			problem, args = p, a
		}
	}
	return problem, args
}

// bareName tells that the text is a name and nothing else.
func (t *Turn) bareName(read intents.Booking) bool {
	return read.Name != "" && strings.EqualFold(strings.TrimSpace(t.Text), read.Name)
}

// tellsNothing tells that a text holds no part of a booking.
func (t *Turn) tellsNothing(read intents.Booking) bool {
	return len(read.Phones) == 0 && read.PhoneErr == nil && len(read.Whens) == 0 && read.PlaceText == "" && read.Told == "" && !t.bareName(read)
}

// readBooking reads the text on the wall clock of the place it names, or of the one known so far: "demain" may be another day
// there.
func (t *Turn) readBooking(place string) intents.Booking {
	read := t.readAt(t.At.In(t.bot.Zone(place)))
	if len(read.Communes) == 1 {
		if there := t.bot.Zone(read.Communes[0].Territory); there != t.bot.Zone(place) {
			return t.readAt(t.At.In(there))
		}
	}
	return read
}

func (t *Turn) readAt(now time.Time) intents.Booking {
	return t.bot.Gazetteer.ReadBooking(t.Text, now, t.bot.Settings.Places)
}

func (d *Draft) takePhone(read intents.Booking) (problem string, args Args) {
	var bad *phones.Error
	switch {
	case errors.As(read.PhoneErr, &bad):
		return "probleme.numero", Args{"numero": bad.Raw, "raison": afterColon(bad.Reason)}
	case len(read.Phones) > 1:
		return "probleme.deux-numeros", nil
	case len(read.Phones) == 1:
		d.Phone = read.Phones[0].E164
	}
	return "", nil
}

// takePlace needs a commune that is served: hours, holidays and the time zone come from it.
func (t *Turn) takePlace(d *Draft, read intents.Booking) (problem string, args Args) {
	switch {
	case read.PlaceText == "":
		return "", nil
	case len(read.Communes) == 0:
		return "probleme.lieu", Args{"lieu": read.PlaceText}
	case len(read.Communes) > 1:
		names := make([]string, len(read.Communes))
		for i, c := range read.Communes {
			names[i] = c.Name + " (" + c.Code + ")"
		}
		return "probleme.deux-lieux", Args{"lieu": read.PlaceText, "liste": strings.Join(names, ", ")}
	}
	c := read.Communes[0]
	d.Where, d.Place, d.Home = read.PlaceText, c.Territory+"/"+c.Code, isHome(read.PlaceText) || isHome(t.Text)
	if d.Home {
		d.Where = t.say("lieu.a-domicile", Args{"commune": c.Name})
	}
	return "", nil
}

// takeTime takes one day and one hour. What cannot be, or could be two things, is said, and what was read before stays.
func (t *Turn) takeTime(d *Draft, whens []dates.When) (problem string, args Args) {
	var days, clocks []string
	for _, w := range whens {
		if w.Err != nil {
			return "probleme.date", Args{"texte": strings.TrimSpace(t.Text[w.Start:w.End]), "raison": afterColon(w.Err.Error())}
		}
		if w.HasDay {
			days = append(days, w.Day.Format(dayLayout))
		}
		if w.HasTime {
			clocks = append(clocks, time.Date(2000, 1, 1, w.Hour, w.Minute, 0, 0, time.UTC).Format(clockLayout))
		}
	}
	days, clocks = slices.Compact(days), slices.Compact(clocks)
	if len(days) > 1 {
		return "probleme.deux-dates", Args{"une": instant(days[0]), "autre": instant(days[1])}
	}
	if len(clocks) > 1 {
		return "probleme.deux-heures", nil
	}
	if len(days) == 1 {
		d.Day = days[0]
	}
	if len(clocks) == 1 {
		d.Clock = clocks[0]
	}
	return "", nil
}

// afterColon writes a sentence as the continuation of another.
func afterColon(sentence string) string {
	first, size := utf8.DecodeRuneInString(sentence)
	return string(unicode.ToLower(first)) + sentence[size:]
}

// instant is a day as texts take it.
func instant(day string) string { return day + "T00:00:00Z" }

func dayOn(day string) string {
	at, _ := time.Parse(dayLayout, day)
	return dates.FrenchDay(at)
}

// at is the moment of the draft, in the zone of its place.
func (t *Turn) at(d *Draft) time.Time {
	at, _ := time.ParseInLocation(dayLayout+" "+clockLayout, d.Day+" "+d.Clock, t.bot.Zone(d.Place))
	return at
}

// furthest is how many months ahead one can book: what is kept about a person lasts two years.
const furthest = 18

// checkTime refuses what lies in the past, and asks for the part anew.
func (t *Turn) checkTime(d *Draft) (problem string, args Args) {
	if d.Day == "" {
		return "", nil
	}
	if d.Day < t.At.In(t.bot.Zone(d.Place)).Format(dayLayout) {
		args = Args{"jour": instant(d.Day)}
		d.Day = ""
		return "probleme.passe", args
	}
	if d.Clock != "" && t.at(d).After(t.At.AddDate(0, furthest, 0)) {
		d.Day = ""
		return "probleme.trop-loin", Args{"n": number(furthest)}
	}
	if d.Clock != "" && !t.at(d).After(t.At) {
		args = Args{"rdv": t.at(d).Format(time.RFC3339)}
		d.Clock = ""
		return "probleme.heure-passee", args
	}
	return "", nil
}
