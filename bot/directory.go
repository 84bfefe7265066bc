package bot

import (
	"context"
	"crypto/sha256"
	"encoding/hex"
	"encoding/json"
	"errors"
	"fmt"
	"time"
)

// The places of the national directory, as an operator imports them. They are too many for one commit, so an import is written in
// batches under a name of its own and counts only once the record of the source says so; what an import that was cut short left is
// never seen, and swept. The name is made of what is imported: the same file again changes nothing.

// Venue is a place of the national directory of digital mediation (standard « lieux de médiation numérique » 1.0.2), with what a
// direction says of it.
type Venue struct {
	V          int      `json:"v"`
	ID         string   `json:"id"`
	Name       string   `json:"name"`
	Address    string   `json:"address"`              // "1 Place de l'Exemple, 50000 Saint-Lô"
	Commune    string   `json:"commune"`              // INSEE code
	Lat        float64  `json:"lat,omitempty"`        // WGS84; both or neither
	Lon        float64  `json:"lon,omitempty"`        // WGS84
	Types      []string `json:"types,omitempty"`      // codes of vocabulary A: "EPN", "RFS"
	Phone      string   `json:"phone,omitempty"`      // E.164
	Site       string   `json:"site,omitempty"`       // an address of the web
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

// Refusals of an import of places.
var (
	errNoVenues  = errors.New("aucun lieu de ce fichier n'est dans les départements servis (territories) : rien n'a été changé")
	errTwiceSame = errors.New("deux lieux ont le même identifiant : gardez-en un")
)

// ImportVenues puts places in the stead of all those imported before, at once or not at all, and returns how many were written: none
// when they are those that are there already. It refuses, in French, an import without places, and unless forced one with less than
// half of the places that are there: such a file is more often cut short than true.
func (b *Bot) ImportVenues(ctx context.Context, places []Venue, force bool, now time.Time) (written int, err error) {
	defer b.locks.take("source/" + SourceVenues)()
	src, rec, err := sourceIn(ctx, b.Store, SourceVenues)
	if err != nil {
		return 0, err
	}
	switch {
	case len(places) == 0:
		return 0, errNoVenues
	case !force && 2*len(places) < src.N:
		return 0, fmt.Errorf("ce fichier a %d lieux, et %d sont connus : moins de la moitié, il est peut-être coupé. Rien n'a été changé ; si c'est voulu, ajoutez --force", len(places), src.N)
	}
	batch, err := venueBatch(places)
	if err != nil {
		return 0, err
	}
	if batch != src.Batch {
		if err := b.writeVenues(ctx, places, src.Batch, batch, now); err != nil {
			return 0, err
		}
		written = len(places)
	}
	src.Batch, src.N = batch, len(places)
	if _, err := b.keepSource(ctx, rec, src, now); err != nil {
		return 0, err
	}
	if err := b.sweepBut(ctx, "venue", batch, now); err != nil { // they are not seen any more: the next sweep takes them
		b.Log.Warn("old places stay for now", "err", err)
	}
	return written, nil
}

// venueBatch names an import by what it brings.
func venueBatch(places []Venue) (string, error) {
	all, err := json.Marshal(places)
	if err != nil {
		return "", err
	}
	return shortHash(string(all)), nil
}

// writeVenues writes places that nobody sees yet.
func (b *Bot) writeVenues(ctx context.Context, places []Venue, current, batch string, now time.Time) error {
	if err := b.sweepBut(ctx, "venue", current, now); err != nil {
		return err
	}
	records := make([]Record, len(places))
	seen := map[string]bool{}
	for i := range places {
		var err error
		if records[i], err = b.venueRecord(&places[i], batch, now); err != nil {
			return err
		}
		if seen[records[i].ID] {
			return fmt.Errorf("%w : « %s »", errTwiceSame, places[i].ID)
		}
		seen[records[i].ID] = true
	}
	return b.writeBatch(ctx, records, now)
}

// venueRecord is the record of one place in an import. Two imports stand side by side until the newer one counts, hence both names
// in its id.
func (b *Bot) venueRecord(v *Venue, batch string, now time.Time) (Record, error) {
	c, ok := b.Gazetteer.ByCode(v.Commune)
	if !ok || v.ID == "" {
		return Record{}, fmt.Errorf("le lieu « %s » (%s) n'est dans aucune commune servie", v.Name, v.ID)
	}
	v.V = 1
	body, err := encode(v, nil)
	return Record{Kind: "venue", ID: shortHash(v.ID) + "-" + batch, Place: c.Territory + "/" + c.Code, State: batch, At: now, Body: body}, err
}

func shortHash(text string) string {
	sum := sha256.Sum256([]byte(text))
	return hex.EncodeToString(sum[:8])
}

// Venues are the places imported last, all of them or those of a département or commune ("50", "50/50147"), in no particular order.
// They are of one import, whatever is imported meanwhile.
func (b *Bot) Venues(ctx context.Context, place string) (all []Venue, err error) {
	err = again(ctx, func() error {
		all = nil
		src, rec, err := sourceIn(ctx, b.Store, SourceVenues)
		if err != nil || src.Batch == "" {
			return err
		}
		if all, err = b.venuesOf(ctx, src.Batch, place); err != nil {
			return err
		}
		if _, now, err := sourceIn(ctx, b.Store, SourceVenues); err != nil || now.Version != rec.Version {
			return errors.Join(err, ErrConflict) // some may have been swept before they were read
		}
		return nil
	})
	return all, err
}

func (b *Bot) venuesOf(ctx context.Context, batch, place string) (all []Venue, err error) {
	for rec, err := range AllRecords(ctx, b.Store, Query{Kind: "venue", State: batch, Place: place}) {
		if err != nil {
			return nil, err
		}
		var v Venue
		if err := decode(rec, &v); err != nil {
			return nil, err
		}
		all = append(all, v)
	}
	return all, nil
}
