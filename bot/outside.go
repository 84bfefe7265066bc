package bot

import (
	"time"

	"passeur/intents"
)

// What other tools know of appointments and permanences, as the adapters hand it over: in Values[OutsideValue] of an event from
// Itself, as JSON. Whatever a tool tells beyond these fields is dropped unread, before it reaches the bot.

// OutsideValue names the value of an event that holds a OutsideRdv, a FeedEntry or a FeedState as JSON.
const OutsideValue = "outside"

// Intents of what other tools tell.
const (
	// OutsideRdvIntent: an appointment of another tool was made, changed or erased there; OutsideValue is a OutsideRdv.
	OutsideRdvIntent intents.Intent = "rdv-externe"
	// FeedEntryIntent: an entry of a subscribed calendar is new or was changed; OutsideValue is a FeedEntry.
	FeedEntryIntent intents.Intent = "agenda-entree"
	// FeedStateIntent: a subscribed calendar was read whole; OutsideValue is a FeedState.
	FeedStateIntent intents.Intent = "agenda-etat"
)

// OutsideRdv is an appointment that another tool keeps, RDV Service Public for instance.
type OutsideRdv struct {
	Source       string          `json:"source"`             // "rsp"
	ID           string          `json:"id"`                 // the tool's own, stable
	Event        string          `json:"event"`              // "created", "updated", "destroyed"
	Reason       string          `json:"reason,omitempty"`   // "rgpd": the tool's retention ended, which cancels nothing
	Written      time.Time       `json:"written"`            // when the tool wrote it: what is older than the last heard is dropped
	Status       string          `json:"status"`             // of the whole: unknown, seen, excused, revoked, noshow
	Start        time.Time       `json:"start"`              //
	End          time.Time       `json:"end,omitzero"`       //
	Where        string          `json:"where,omitempty"`    // the name of the place; "" at home, by telephone
	Postcode     string          `json:"postcode,omitempty"` // of the place
	Commune      string          `json:"commune,omitempty"`  // of the place, as the tool writes it
	AtHome       bool            `json:"at_home,omitempty"`  // a visit: no message shows where
	Remote       bool            `json:"remote,omitempty"`   // by telephone or video
	Agents       []string        `json:"agents,omitempty"`   // names of the counsellors, "Dominique EXEMPLE"
	Participants []OutsideUsager `json:"participants,omitempty"`
}

// OutsideUsager is somebody who takes part in a OutsideRdv.
type OutsideUsager struct {
	ID     string `json:"id"`               // of the participation, stable
	Name   string `json:"name"`             // "Camille F."; the bot shortens one that is longer
	Phone  string `json:"phone,omitempty"`  // E.164; "" none that can receive an SMS
	Status string `json:"status"`           // as OutsideRdv.Status
	Silent bool   `json:"silent,omitempty"` // she wants no SMS from that tool
}

// FeedEntry is one entry of a subscribed iCalendar feed (RFC 5545), or its end.
type FeedEntry struct {
	Feed     string    `json:"feed"`            // the name of the feed in the settings
	UID      string    `json:"uid"`             // stable
	Recurs   time.Time `json:"recurs,omitzero"` // of an exception to a recurring entry: the instant that it stands for
	Sequence int       `json:"sequence,omitempty"`
	Summary  string    `json:"summary"`
	Location string    `json:"location,omitempty"`
	Start    time.Time `json:"start"` // with the offset of its zone
	End      time.Time `json:"end"`
	Zone     string    `json:"zone"` // IANA name
	AllDay   bool      `json:"all_day,omitempty"`
	Rule     string    `json:"rule,omitempty"`   // the value of RRULE, "FREQ=WEEKLY;BYDAY=TU"
	Except   []string  `json:"except,omitempty"` // days of EXDATE, "2026-12-29"
	Gone     bool      `json:"gone,omitempty"`   // cancelled there
}

// FeedState says which entries a feed held when it was last read: those of the bot's that are not among them are gone.
type FeedState struct {
	Feed string   `json:"feed"`
	UIDs []string `json:"uids"`
}

// Venue is a place of the national directory of digital mediation (standard « lieux de médiation numérique » 1.0.2), with what a
// direction says of it.
type Venue struct {
	V          int      `json:"v"`
	ID         string   `json:"id"`
	Name       string   `json:"name"`
	Address    string   `json:"address"`              // "1 Place de l'Exemple, 50000 Saint-Lô"
	Commune    string   `json:"commune"`              // INSEE code
	Lat        float64  `json:"lat,omitempty"`        // WGS84; both or neither
	Lon        float64  `json:"lon,omitempty"`        //
	Types      []string `json:"types,omitempty"`      // codes of vocabulary A: "EPN", "RFS"
	Phone      string   `json:"phone,omitempty"`      // E.164
	Site       string   `json:"site,omitempty"`       //
	Booking    string   `json:"booking,omitempty"`    // where to take an appointment
	Hours      string   `json:"hours,omitempty"`      // OpenStreetMap opening_hours, as written
	Opening    string   `json:"opening,omitempty"`    // the same in French, when it could be read
	Services   []string `json:"services"`             // vocabulary B, never empty: a place without any is left out
	Publics    []string `json:"publics,omitempty"`    // vocabulary C
	Care       []string `json:"care,omitempty"`       // vocabulary D
	Fees       []string `json:"fees,omitempty"`       // Gratuit, Gratuit sous condition, Payant
	Programmes []string `json:"programmes,omitempty"` // vocabulary E: "France Services", "Aidants Connect"
	Labels     []string `json:"labels,omitempty"`     // vocabulary F and other labels: "Pass numérique accepté"
	Access     []string `json:"access,omitempty"`     // vocabulary G: "Se présenter", "Téléphoner"
	Travelling bool     `json:"travelling,omitempty"` // Itinérant
	Updated    string   `json:"updated"`              // date_maj, "2026-09-01"
}
