package bot

import (
	"context"
	"errors"
	"iter"
	"slices"
	"time"
)

// Errors of a Store.
var (
	// ErrSeen: the change's event was committed before. Nothing was written; the caller is done.
	ErrSeen = errors.New("event already handled")
	// ErrConflict: a record read or written has moved. Nothing was written; read again and decide again.
	ErrConflict = errors.New("records moved meanwhile")
)

// Record is one thing the bot remembers: a few fields that a query can ask about, and a body that only the
// bot reads. Bodies of sealed kinds are encrypted by the store; callers always see them in the clear.
type Record struct {
	Kind, ID string
	Version  int64  // as read; 0 in a Change: it must not exist yet
	Owner    string // the person who answers for it: a counsellor
	Subject  string // the person it tells about: what export and erasure look for
	Place    string // "50/50147": territory, then commune
	State    string
	At       time.Time // to the millisecond: what it is ordered by, and what retention counts from
	Body     []byte    // JSON with a version, `{"v":1,…}`; nil in a Change erases the record
}

// Read names a record as it was read. Version 0: it was looked for and was not there.
type Read struct {
	Kind, ID string
	Version  int64
}

// Count is one cell of the tallies, or what to add to it.
type Count struct {
	Kind, Owner, Month, Dimension, Value string // Month: "2026-12", "" of no month; Dimension what is counted by ("state", "vers"), Value which of it
	N                                    int64
}

// Summed is one count for each cell, without those that stay as they are.
func Summed(counts []Count) (out []Count) {
	at := map[Count]int{}
	for _, c := range counts {
		cell := c
		cell.N = 0
		i, ok := at[cell]
		if !ok {
			i, at[cell] = len(out), len(out)
			out = append(out, cell)
		}
		out[i].N += c.N
	}
	return slices.DeleteFunc(out, func(c Count) bool { return c.N == 0 })
}

// Receipt is what a receipt said of a task, which status shows from then on; it stays when the task is settled later, and what arrived
// cannot be lost afterwards.
type Receipt struct{ Task, Word string }

// The words of a Receipt.
const (
	ReceiptArrived = "remis"     // it is on the phone
	ReceiptLost    = "non-remis" // it never will be
)

// Change is all that one event leaves behind: at most 1,000 rows, committed at once or not at all.
type Change struct {
	Event    string // "" for a change that no event caused
	Now      time.Time
	Reads    []Read    // one that moved is ErrConflict
	Records  []Record  // written with version+1; version 0 must not exist yet, another must be the stored one: else ErrConflict
	Tally    []Count   // added
	Drop     []string  // groups or batches whose pending tasks die; done before Tasks are written
	DropTo   []string  // persons whose pending tasks die; done before Tasks are written
	Receipts []Receipt // a word about tasks that ended
	Forget   []string  // persons whose tasks (to them or telling about them) are deleted, whatever their state; done before Tasks are written
	Tasks    []Task    // written in this order; tasks due at the same instant keep it
}

// Query asks for records of one kind (or, with Subject set, of any kind) by their fields, ordered by (At, ID).
type Query struct {
	Kind, Owner, Subject, State string    // "" any
	Place                       string    // a prefix: "50" or "50/50147"; "" any
	From, To                    time.Time // From <= At < To; zero: open
	AfterAt                     time.Time // with AfterID: the last record of the page before
	AfterID                     string
	Limit                       int // 0: 1000
}

// AllRecords yields all records that a query asks for, in their order, a page at a time. An error ends it.
func AllRecords(ctx context.Context, s Store, q Query) iter.Seq2[Record, error] {
	return func(yield func(Record, error) bool) {
		for {
			page, err := s.Find(ctx, q)
			if err != nil {
				yield(Record{}, err)
				return
			}
			if len(page) == 0 {
				return
			}
			for _, rec := range page {
				if !yield(rec, nil) {
					return
				}
			}
			q.AfterAt, q.AfterID = page[len(page)-1].At, page[len(page)-1].ID
		}
	}
}

// TallyQuery asks for the cells of one kind between two months, both included.
type TallyQuery struct {
	Kind, Owner, Dimension string // Owner, Dimension "": any
	From, To               string // "2026-01"; "" open
}

// Store keeps what must last. All its times are cut to the millisecond. Safe for concurrent use.
type Store interface {
	// Get returns the records that exist, in the order of ids. Ids of a keyed kind are given in the clear.
	Get(ctx context.Context, kind string, ids ...string) ([]Record, error)
	// Find returns one page of records. Ids of a keyed kind come back as they are stored.
	Find(ctx context.Context, q Query) ([]Record, error)
	// Tally returns the cells asked for, ordered by all their names.
	Tally(ctx context.Context, q TallyQuery) ([]Count, error)
	// Commit writes the change durably, or returns ErrSeen or ErrConflict and writes nothing.
	Commit(ctx context.Context, c Change) error
	// Claim leases up to n due tasks of one lane, the earlier first, never two of one recipient at once: neither
	// within the answer nor while another's lease runs. A task that waits for its retry holds no later one back, unless it was put off with Hold; once it is due again it goes before
	// what was planned behind it for the same recipient, on the same network and lane.
	// A lease that runs out makes the task due again.
	Claim(ctx context.Context, network string, lane Lane, now time.Time, n int, lease time.Duration) ([]Task, error)
	// Settle ends or postpones claimed tasks, or moves them to another network (Rerouted), all in one commit. Outcomes whose attempt is not the task's, or whose
	// task was dropped meanwhile, count for nothing, except that a Sent one is still noted as sent.
	Settle(ctx context.Context, done []Outcome) error
	// KeyOf returns the key of the task of which a network gave ref when it took its message, "" when there is none.
	// (A delivery receipt may know no other name of it.)
	KeyOf(ctx context.Context, network, ref string) (key string, err error)
	// Taken tells whether a network has taken the message of a task, and whether a receipt said that it arrived, within the time
	// that ended tasks are kept. (Who has not seen what she is asked cannot have agreed to it; what arrived did not fail.)
	Taken(ctx context.Context, key string) (taken, arrived bool, err error)
	// Due tells when the next task of one lane falls due, leases included; zero when none is pending.
	// (The scheduler must say when the next thing is due; without it every lane would have to be polled.)
	Due(ctx context.Context, network string, lane Lane) (time.Time, error)
}
