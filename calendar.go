package main

import (
	"context"
	"crypto/hmac"
	"crypto/sha256"
	"encoding/base64"
	"fmt"
	"time"

	"passeur/adapters/ical"
	"passeur/bot"
)

// The calendars of counsellors, as feeds. A link is all that a calendar's tool can show: no login, no header. So it proves itself: it is the
// person's id in clear behind a proof of it and of a number that she raises to revoke the links that she gave. Nothing of it is stored.

// proofBytes is more than anybody can guess over HTTP.
const proofBytes = 16

// proofLength is the proof's length in a token: base64url without padding.
var proofLength = base64.RawURLEncoding.EncodedLen(proofBytes)

// tokenOf is an id in clear behind a proof of what is said of it.
func tokenOf(key []byte, id, said string) string {
	mac := hmac.New(sha256.New, key)
	mac.Write([]byte(said))
	return base64.RawURLEncoding.EncodeToString(mac.Sum(nil)[:proofBytes]) + id
}

// tokenID is whose token it would be, if its proof is right; "" when it can be nobody's.
func tokenID(token string) string {
	if len(token) <= proofLength {
		return ""
	}
	return token[proofLength:]
}

// calendarToken is the token of a person's links that hold the number n.
func calendarToken(key []byte, person string, n int) string {
	return tokenOf(key, person, fmt.Sprintf("ical/%s/%d", person, n))
}

// calendarLinks makes links below the public address; nil when there is none.
func calendarLinks(public string, key []byte) func(person string, n int) string {
	if public == "" {
		return nil
	}
	return func(person string, n int) string { return public + "/ical/" + calendarToken(key, person, n) + ".ics" }
}

// calendarSource finds the calendar of a token, as adapters/ical asks for it. The bot, and what the clock says, are asked for at each call.
func calendarSource(key []byte, at func() (*bot.Bot, time.Time)) ical.Source {
	return func(ctx context.Context, token string) (ical.Calendar, bool, error) {
		person := tokenID(token)
		if person == "" {
			return ical.Calendar{}, false, nil
		}
		b, now := at()
		n, ok, err := b.CalendarNumber(ctx, person)
		if err != nil || !ok || !hmac.Equal([]byte(calendarToken(key, person, n)), []byte(token)) {
			return ical.Calendar{}, false, err
		}
		items, name, ok, err := b.Calendar(ctx, person, now)
		if err != nil || !ok {
			return ical.Calendar{}, false, err
		}
		return feedOf(name, items), true, nil
	}
}

func feedOf(name string, items []bot.CalendarItem) ical.Calendar {
	c := ical.Calendar{Name: name}
	for _, i := range items {
		c.Events = append(c.Events, ical.Event{UID: i.UID, Sequence: i.Sequence, Summary: i.Summary, Location: i.Location, Start: i.Start, End: i.End, Zone: i.Zone, Cancelled: i.Cancelled})
	}
	return c
}
