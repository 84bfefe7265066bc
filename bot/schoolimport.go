package bot

import (
	"bytes"
	"context"
	"errors"
	"fmt"
	"maps"
	"slices"
	"time"

	"passeur/intents"
)

// errNoBreaks is an import of school holidays that holds none.
var errNoBreaks = errors.New("ce fichier ne contient aucune période de vacances : rien n'a été changé")

// ImportSchool adds school holidays to those imported before, by zone: one that begins within ten days of one that was there takes its
// place. It returns how many zones changed, all at once or none, and plans anew the permanences that these holidays close or open. Its
// refusals are French.
func (b *Bot) ImportSchool(ctx context.Context, breaks map[string][]SchoolBreak, now time.Time) (changed int, err error) {
	zones := slices.Sorted(maps.Keys(breaks))
	if len(zones) == 0 {
		return 0, errNoBreaks
	}
	for _, zone := range zones {
		if err := checkZone(zone); err != nil {
			return 0, err
		}
	}
	err = again(ctx, func() error {
		records, err := b.schoolRecords(ctx, zones, breaks, now)
		if changed = len(records); err != nil || changed == 0 {
			return err
		}
		return b.Store.Commit(ctx, Change{Now: now, Records: records})
	})
	if err != nil {
		return 0, err
	}
	return changed, b.replanSchool(ctx, breaks, now) // also when nothing changed: the import before may have been cut short here
}

// checkZone refuses a zone that nothing would ever look for.
func checkZone(zone string) error {
	if zone == "A" || zone == "B" || zone == "C" {
		return nil
	}
	if of := SchoolZone(zone); of != zone {
		return fmt.Errorf("zone « %s » : ce département suit la zone %s, écrivez %s", zone, of, of)
	}
	if _, err := intents.NewGazetteer([]string{zone}); err != nil {
		return fmt.Errorf("zone « %s » inconnue : écrivez A, B, C, ou le code d'un département d'outre-mer ou de Corse", zone)
	}
	return nil
}

// schoolRecords are the records that an import changes, as they will be.
func (b *Bot) schoolRecords(ctx context.Context, zones []string, breaks map[string][]SchoolBreak, now time.Time) (out []Record, err error) {
	for _, zone := range zones {
		rec, was := Record{Kind: "school", ID: zone}, SchoolYears{}
		found, err := b.Store.Get(ctx, "school", zone)
		if err != nil {
			return nil, err
		}
		if len(found) > 0 {
			rec = found[0]
			if err := decode(rec, &was); err != nil {
				return nil, err
			}
		}
		body, err := encode(&SchoolYears{V: 1, Breaks: slices.Compact(mergeBreaks(was.Breaks, breaks[zone]))}, rec.Body)
		if err != nil {
			return nil, err
		}
		if bytes.Equal(body, rec.Body) {
			continue
		}
		rec.Body, rec.At = body, now
		out = append(out, rec)
	}
	return out, nil
}

// replanSchool plans anew the permanences that are not held during the holidays of some zones.
func (b *Bot) replanSchool(ctx context.Context, zones map[string][]SchoolBreak, now time.Time) error {
	for rec, err := range AllRecords(ctx, b.Store, Query{Kind: "permanence"}) {
		if err != nil {
			return err
		}
		var p Permanence
		if err := decode(rec, &p); err != nil {
			return err
		}
		if _, ours := zones[SchoolZone(territory(p.Place))]; !ours || !p.When.OffSchool {
			continue
		}
		if err := b.replanOne(ctx, rec.ID, now); err != nil {
			return err
		}
	}
	return nil
}

// replanOne plans one permanence anew; one that is over and stays so is left alone.
func (b *Bot) replanOne(ctx context.Context, id string, now time.Time) error {
	about := permanence{id, nil}.about()
	defer b.locks.take(about)()
	err := again(ctx, func() error {
		t := b.open(ctx, Event{ID: fmt.Sprintf("school/%s/%d", id, now.UnixNano()), At: now, Role: Itself, About: about})
		p, ok := t.permanence(id)
		if !ok {
			return t.err
		}
		if _, held := t.next(p); !held && t.docs[about].state != permanenceOpen {
			return t.err
		}
		t.savePermanence(p)
		return b.commit(ctx, t)
	})
	if errors.Is(err, ErrSeen) {
		return nil
	}
	return err
}

// SchoolKnownUntil is the first day of which nobody knows whether a territory has school then, by the program's own table and by what was
// imported; "" when nothing is known of it.
func SchoolKnownUntil(ctx context.Context, s Store, territory string) (string, error) {
	own, err := ReadSchoolBreaks(schoolTable)
	if err != nil {
		return "", err
	}
	zone := SchoolZone(territory)
	var imported SchoolYears
	found, err := s.Get(ctx, "school", zone)
	if err != nil {
		return "", err
	}
	if len(found) > 0 {
		if err := decode(found[0], &imported); err != nil {
			return "", err
		}
	}
	return schoolKnown(mergeBreaks(own[zone], imported.Breaks)), nil
}
