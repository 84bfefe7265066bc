package bot

import (
	"reflect"
	"sync"
	"time"
)

// RecordKind tells how the records of one kind are kept.
type RecordKind struct {
	New       func() any    // an empty body
	Sealed    bool          // the body is encrypted at rest
	Keyed     bool          // the ID is an address: only its HMAC is stored
	Retention time.Duration // after At the record is erased by itself; 0: it stays until somebody erases it
	Common    bool          // it is the coordination's of its territory: who noted it has no right to it when she coordinates there no more
}

func of[T any]() any { return new(T) }

const day = 24 * time.Hour

// Kinds lists every kind of record there is, with what its ids are. A kind that is not listed cannot be written. Whatever the kind, a record
// whose Subject is a person is erased with her.
// The two years of persons and appointments are the CNIL's référentiel for social files (2021), counted from the
// last contact; an objection (STOP) outlives them as a keyed hash.
var Kinds = map[string]RecordKind{
	"person":       {New: of[Person], Sealed: true, Retention: 730 * day},                   // <id>: an usager or a professional, how she is reached; state her role
	"address":      {New: of[Holders], Sealed: true, Keyed: true, Retention: 730 * day},     // <address>: who is reached there
	"objection":    {New: of[Objection], Sealed: true, Keyed: true},                         // <address>: STOP or a pause; outlives the persons
	"refusal":      {New: of[Refusal], Sealed: true, Keyed: true, Retention: 180 * day},     // <address>: a no to a campaign, or a number that is somebody else's; outlives the persons
	"chat":         {New: of[Chat], Sealed: true, Keyed: true, Retention: 90 * day},         // <address>: what was asked there last; subject whom a draft is about
	"rdv":          {New: of[Rdv], Sealed: true, Retention: 730 * day},                      // <id>: an appointment; owner its counsellor, subject the usager, at its hour
	"permanence":   {New: of[Permanence], Retention: 730 * day},                             // <id>: public; owner its counsellor, at its next session
	"gathering":    {New: of[Gathering], Retention: 730 * day},                              // <number>: public; owner its organiser, at its next date
	"occasion":     {New: of[Occasion], Sealed: true, Retention: 90 * day},                  // <number>-<day>: one date of a gathering and who comes; at its hour
	"rsvp":         {New: of[RSVP], Sealed: true, Retention: 90 * day},                      // <number>-<day>-<person>: what somebody answered to a date; at its hour
	"subscription": {New: of[Subscription], Sealed: true, Retention: 730 * day},             // <commune>-<person>: who is told of a commune's permanences
	"outside":      {New: of[Outside], Sealed: true, Retention: 730 * day},                  // <source>-<id>: an appointment of another tool
	"venue":        {New: of[Venue]},                                                        // <hash>: a place of the national directory; state the import that brought it
	"answer":       {New: of[KnownAnswer], Sealed: true},                                    // <hash>: a question that somebody answered; imported; people write freely
	"campaign":     {New: of[Campaign], Sealed: true, Retention: 730 * day, Common: true},   // <id>: texts to the people of a list; owner its coordinator
	"invitee":      {New: of[Invitee], Sealed: true, Keyed: true, Retention: 60 * day},      // <campaign>:<address>: who is on its list; state the campaign's id and hers; at when she is due, or was last
	"partner":      {New: of[Partner], Sealed: true, Retention: 730 * day, Common: true},    // <id>: a structure that refers people; owner its coordinator, at its last referral
	"link":         {New: of[Link], Sealed: true, Keyed: true, Retention: linkLife},         // <code>: to which number the link of an account leads; subject who asked for it
	"code":         {New: of[PartnerCode], Sealed: true, Keyed: true, Retention: 730 * day}, // <code>: whose it is, or was; at as its partner
	"referral":     {New: of[Referral], Sealed: true, Keyed: true, Retention: 30 * day},     // <address>: who was referred and waits for a yes; owner the counsellor, state its name
	"faults":       {New: of[FaultPage], Retention: 30 * day},                               // <campaign>-<page>: what is wrong with its list; nobody's
	"inquiry":      {New: of[Inquiry], Sealed: true, Retention: 180 * day},                  // <number>: a question to colleagues; owner and subject who asks; people write freely
	"mark":         {New: of[Mark], Retention: 180 * day},                                   // <post id>: the question that a post of a channel became; subject who marked it
	"peer":         {New: of[Peer], Sealed: true, Retention: 730 * day},                     // <person>: what is known of a professional as one who may be asked; at as it was written last
	"card":         {New: of[Card], Sealed: true},                                           // <number>: an answer that helped, kept for all; owner who verifies it, at as it was written last
	"counter":      {New: of[Counter]},                                                      // <name>: the last number of something that people name by its number
	"filled":       {New: of[Filled], Sealed: true, Retention: 730 * day},                   // <form>-<number>: a kept form; owner who filled it in, place her territory; people write freely
	"activity":     {New: of[Activity], Sealed: true, Retention: 1095 * day},                // <person>-<number>: what a professional reported of her work; owner and subject she, state its form, at its day; three years, as long as agreements with structures run
	"mandate":      {New: of[Mandate], Sealed: true, Retention: 30 * day},                   // <c>-<u>: until when counsellor c acts for usager u; at its end
	"priority":     {New: of[PriorityList]},                                                 // <list>: an imported list of communes, FRR or QPV
	"slot":         {New: of[Slot], Retention: 60 * day},                                    // <counsellor>-<hour>: who has a time of a permanence
	"school":       {New: of[SchoolYears]},                                                  // <zone>: school holidays that were imported
	"source":       {New: of[Source], Sealed: true},                                         // <name>: what was imported last: "venues", "csv"
	"thread":       {New: of[Thread], Sealed: true, Retention: 90 * day},                    // <c>-<u>: where counsellor c reads of usager u
	"misread":      {New: of[Misread], Sealed: true, Retention: 30 * day},                   // <hash>: a masked text that was not understood; nobody's
	"inbox":        {New: of[keptEvent], Sealed: true, Retention: 90 * day},                 // <event id>: heard and not handled yet (state waiting), or impossible to handle (parked)
	"hold":         {New: of[pause]},                                                        // <network>: a general pause, while it is there; under the word of the first files
	"cursor":       {New: of[cursor]},                                                       // <name>: where a network resumes listening
	"replica":      {New: of[Replica], Retention: day},                                      // <machine>:<port>: one of several processes on one database; at its last beat, by the database's clock
	"job":          {New: of[tick]},                                                         // <name>: the last tick of a recurring job, which the scheduler keeps; at its hour
}

// kindsByBody are the kinds, by the type of their body.
var kindsByBody = sync.OnceValue(func() map[reflect.Type]string {
	byBody := make(map[reflect.Type]string, len(Kinds))
	for kind, k := range Kinds {
		byBody[reflect.TypeOf(k.New()).Elem()] = kind
	}
	return byBody
})

// kindOf is the kind of record whose body is a T.
func kindOf[T any]() string { return kindsByBody()[reflect.TypeFor[T]()] }

// tick is the body of a job record: its hour says it all.
type tick struct {
	V int `json:"v"`
}
