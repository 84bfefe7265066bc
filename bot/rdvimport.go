package bot

import (
	"context"
	"encoding/json"
	"errors"
	"fmt"
	"maps"
	"time"
)

// Appointments of a file. An import says what changed since the one before; each change is an event like those of a tool that calls, and
// outsiderdv.go does the rest.

// SourceCSV is OutsideRdv.Source of appointments that come from a file.
const SourceCSV = "csv"

// RdvImport is what an import of appointments does, as it was shown to who confirmed it.
type RdvImport struct {
	Source string               `json:"source"` // the id of the record "source"
	Base   int64                `json:"base"`   // its version when the file was compared with it; 0: there was none
	Told   []OutsideRdv         `json:"told"`   // one for each row that is new, was changed or is gone
	Rows   map[string]SourceRow `json:"rows"`   // what is remembered from then on, by the file's own ids
}

// ErrStaleImport tells that the source was imported by somebody else since the file was compared with it. Nothing was done.
var ErrStaleImport = errors.New("cette source vient d'être importée par ailleurs, rien n'a été fait")

// CSVRdvID is OutsideRdv.ID of a row of a file: the same for the same id in the same source. The file's own ids may be names or numbers of
// people, and ids are not sealed.
func CSVRdvID(source, id string) string { return shortHash(source + "\x00" + id) }

// ImportRdvs tells the bot what changed in a file of appointments, and returns how many appointments that were. What is under way is noted
// first: after a crash the same command finds what is left to do, and what was done already changes nothing.
func (b *Bot) ImportRdvs(ctx context.Context, im RdvImport, now time.Time) (told int, err error) {
	defer b.locks.take("source/" + im.Source)()
	src, rec, err := sourceIn(ctx, b.Store, im.Source)
	if err != nil {
		return 0, err
	}
	if rec.Version != im.Base {
		return 0, ErrStaleImport
	}
	src.Rows = underWay(src.Rows, im.Rows)
	rec, err = b.keepSource(ctx, rec, src, now)
	if errors.Is(err, ErrConflict) {
		return 0, ErrStaleImport
	}
	if err != nil {
		return 0, err
	}
	for _, one := range im.Told {
		if err := b.tellOutside(ctx, one, im.Source, rec.Version, now); err != nil {
			return told, err
		}
		told++
	}
	src.Rows = im.Rows
	_, err = b.keepSource(ctx, rec, src, now)
	return told, err
}

// underWay is what is remembered while rows are taken in: those that are to come are there without a digest, those that are to go are still
// there, so that the next comparison sees either as undone.
func underWay(was, next map[string]SourceRow) map[string]SourceRow {
	rows := maps.Clone(was)
	if rows == nil {
		rows = map[string]SourceRow{}
	}
	for id, row := range next {
		if rows[id].Hash != row.Hash {
			rows[id] = SourceRow{At: row.At}
		}
	}
	return rows
}

func (b *Bot) tellOutside(ctx context.Context, one OutsideRdv, source string, version int64, now time.Time) error {
	one.Source, one.Written = SourceCSV, now
	body, err := json.Marshal(one)
	if err != nil {
		return err
	}
	return b.Handle(ctx, Event{ID: fmt.Sprintf("%s/%s/%d/%s", SourceCSV, source, version, one.ID), At: now, Role: Itself, Intent: OutsideRdvIntent,
		About: "externe/" + SourceCSV + "-" + one.ID, Values: map[string]string{OutsideValue: string(body)}})
}

// CounsellorNamed finds the professional of a name, as Mattermost shows it. problem says in French why there is none, or not one.
func (b *Bot) CounsellorNamed(ctx context.Context, name string, now time.Time) (id, problem string, err error) {
	t := b.looking(ctx, now)
	id, key, args := t.readColleague(Field{}, name)
	if key != "" {
		problem = t.sayIn(French, key, args)
	}
	return id, problem, t.err
}
