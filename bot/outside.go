package bot

import (
	"time"

	"passeur/intents"
)

// What other tools know of appointments and permanences, as the adapters hand it over: in Values[OutsideValue] of an event from
// Itself, as JSON. Whatever a tool tells beyond these fields is dropped unread, before it reaches the bot.

// OutsideValue names the value of an event that holds an OutsideRdv, a FeedEntry or a FeedState as JSON.
const OutsideValue = "outside"

// Intents of what other tools tell.
const (
	// OutsideRdvIntent: an appointment of another tool was made, changed or erased there; OutsideValue is an OutsideRdv.
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
	Start        time.Time       `json:"start"`              // with the offset of its place
	End          time.Time       `json:"end,omitzero"`       // likewise; zero when the tool does not say
	Where        string          `json:"where,omitempty"`    // the name of the place; "" at home, by telephone
	Postcode     string          `json:"postcode,omitempty"` // of the place
	Commune      string          `json:"commune,omitempty"`  // of the place, as the tool writes it
	AtHome       bool            `json:"at_home,omitempty"`  // a visit: no message shows where
	Remote       bool            `json:"remote,omitempty"`   // by telephone or video
	Agents       []string        `json:"agents,omitempty"`   // names of the counsellors, "Dominique EXEMPLE"
	Participants []OutsideUsager `json:"participants,omitempty"`
}

// OutsideUsager is somebody who takes part in an OutsideRdv.
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
