package bot

import "time"

// KindOf tells how the records of one kind are kept.
type KindOf struct {
	Sealed    bool          // the body is encrypted at rest
	Keyed     bool          // the ID is an address: only its HMAC is stored
	Retention time.Duration // after At the record is erased by itself; 0: it stays until somebody erases it
}

const day = 24 * time.Hour

// Kinds lists every kind of record there is. A kind that is not listed cannot be written.
// The two years of persons and appointments are the CNIL's référentiel for social files (2021), counted from the
// last contact; an objection (STOP) outlives them as a keyed hash.
var Kinds = map[string]KindOf{
	"person":       {Sealed: true, Retention: 730 * day},              // Person: who is reached, and how
	"address":      {Sealed: true, Keyed: true, Retention: 730 * day}, // Holders: who is reached at an address
	"objection":    {Sealed: true, Keyed: true},                       // Objection: what an address does not want; outlives its persons
	"chat":         {Sealed: true, Keyed: true, Retention: 90 * day},  // Chat: what was asked last, by address
	"rdv":          {Sealed: true, Retention: 730 * day},              // Rdv: an appointment; At is its hour
	"permanence":   {Retention: 730 * day},                            // Permanence: public; At is its next session
	"subscription": {Sealed: true, Retention: 730 * day},              // Subscription: who is told of a commune's permanences
	"outside":      {Sealed: true, Retention: 730 * day},              // Outside: an appointment of another tool
	"venue":        {},                                                // Venue: a place of the national directory; imported
	"answer":       {Sealed: true},                                    // Answered: a question that somebody answered; imported; people write freely
	"mandate":      {Sealed: true, Retention: 30 * day},               // Mandate: until when a counsellor acts for a person; At is its end
	"priority":     {},                                                // Priority: imported; the id is the kind of list
	"slot":         {Retention: 60 * day},                             // Slot: who has a time of a permanence
	"school":       {},                                                // SchoolYears: imported; the id is the zone
	"source":       {Sealed: true},                                    // Source: what was imported last, by source
	"thread":       {Sealed: true, Retention: 90 * day},               // Thread: where a counsellor reads of an usager
	"misread":      {Sealed: true, Retention: 30 * day},               // Misread: a masked text that was not understood; nobody's
	"inbox":        {Sealed: true, Retention: 90 * day},               // Event: heard, not yet handled; state waiting or parked
	"hold":         {},                                                // a network whose messages are kept back; the id is its name
	"cursor":       {},                                                // where to resume listening
	"job":          {},                                                // the last tick of a recurring job
}
