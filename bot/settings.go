package bot

import "passeur/intents"

// Settings are what an installation decides about the bot itself. Package config fills them in; all of them are
// valid and complete when the bot sees them.
type Settings struct {
	Service     string       // how the bot signs: "Passeur"
	Phone       string       // a number where a person answers, told by QUI and AIDE; "" none
	Territories []string     // the départements served: "50", "974"; the first one is the installation's own place
	Desk        Address      // who hears what has no counsellor (a Mattermost channel or person); "" nobody
	Cards       Address      // the Mattermost channel in which cards are published; "" nowhere
	Hours       Hours        // in which what nobody asked for may leave
	Work        WorkWeek     // when professionals work, unless one says otherwise of herself
	Reminders   Reminders    // how long before an appointment, and when
	DailyCap    int          // messages other than answers that one person gets in 24 hours, at most
	Places      []KnownPlace // places with a name of their own
	Solidarity  string       // the telephone of Solidarité numérique, told to people who are directed there; "" that choice is not offered
	Opinions    []string     // forms, one question each, that usagers are asked the day after an appointment; nil: none
	KeepMisread bool         // keep what is not understood, masked, until somebody labels it
	Feeds       []Feed       `config:"-"` // whose the subscribed calendars are
	ReportBack  bool         `config:"-"` // tell the tool that keeps an appointment what became of it; it may then write to the person itself
}

// Hours are when messages may leave, in the recipient's place: Monday to Saturday, no public holiday.
type Hours struct{ Open, Close Clock }

// WorkWeek is when professionals work, on the wall clock of their territory.
type WorkWeek struct {
	Open, Close Clock
	Days        []string // of WorkDays
}

// WorkDays are the days of the week, and HolidayDay for public holidays.
var WorkDays = []string{"dimanche", "lundi", "mardi", "mercredi", "jeudi", "vendredi", "samedi", HolidayDay}

// HolidayDay stands for all public holidays: without it nobody works on them, whatever the day.
const HolidayDay = "férié"

// Reminders say when an usager is reminded of an appointment, on the wall clock of its place.
type Reminders struct {
	Days        []int // so many days before, at At; each only if it was booked earlier than that
	At          Clock
	Morning     Clock // the same morning, if she stayed silent,
	MorningFrom Clock // for appointments from this hour on
}

// Clock is a time of day in minutes after midnight.
type Clock int

// Membership is what being in a channel of the counsellors' network means. At least one of Territory, Hub and Role is set.
type Membership struct {
	Channel   string // its short name in the team, as its address shows it: "manche"
	Territory string // a département that is served: "50"; "" none
	Hub       string // the name of a hub régional: "Normandie"; "" none
	Role      Role   // Conseiller or Coordinateur; Anyone none
}

// KnownPlace is a place that counsellors name in a booking; usagers read its label as it is.
type KnownPlace = intents.Place
