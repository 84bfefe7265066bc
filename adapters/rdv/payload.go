package rdv

import (
	"bytes"
	"encoding/json"
	"errors"
	"fmt"
	"net/http"
	"time"

	"passeur/bot"
)

// The types below are all that is ever read of what the service tells. What is not named here is dropped by the decoder: to let
// anything else in is to add it here, and to say why.

// text is a value that the service writes as a string, as a number, or as null when it has none. Ids are both, by version.
type text string

// UnmarshalJSON takes a string, a number or null.
func (t *text) UnmarshalJSON(b []byte) error {
	if bytes.Equal(b, []byte("null")) {
		*t = ""
		return nil
	}
	if b[0] == '"' {
		return json.Unmarshal(b, (*string)(t))
	}
	var number json.Number
	if err := json.Unmarshal(b, &number); err != nil {
		return errors.New("neither a string nor a number")
	}
	*t = text(number)
	return nil
}

// call is the envelope of every webhook.
type call struct {
	Data json.RawMessage `json:"data"`
	Meta struct {
		Model     text `json:"model"`
		Event     text `json:"event"`
		Reason    text `json:"webhook_reason"`
		Timestamp text `json:"timestamp"`
	} `json:"meta"`
}

// appointment is a "Rdv", the same in webhooks and in the API.
type appointment struct {
	ID           text `json:"id"`
	Status       text `json:"status"`
	StartsAt     text `json:"starts_at"`
	EndsAt       text `json:"ends_at"`
	TimeZone     text `json:"time_zone"`
	UpdatedAt    text `json:"updated_at"`
	Address      text `json:"address"`
	Organisation struct {
		ID       text `json:"id"`
		TimeZone text `json:"time_zone"`
	} `json:"organisation"`
	Motif struct {
		LocationType text `json:"location_type"`
	} `json:"motif"`
	Lieu *struct {
		Name    text `json:"name"`
		Address text `json:"address"`
	} `json:"lieu"`
	Agents []struct {
		FirstName text `json:"first_name"`
		LastName  text `json:"last_name"`
	} `json:"agents"`
	Participations []participation `json:"participations"` // nil: absent, which is not the same as nobody
	Users          []user          `json:"users"`          // deprecated by the service, and still the only place of some fields
}

// participation is one person's part in an appointment.
type participation struct {
	ID       text  `json:"id"`
	Status   text  `json:"status"`
	Reminder *bool `json:"send_reminder_notification"`
	User     user  `json:"user"`
}

// user is who takes part, or who answers for her.
type user struct {
	ID          text  `json:"id"`
	FirstName   text  `json:"first_name"`
	LastName    text  `json:"last_name"`
	Phone       text  `json:"phone_number_formatted"`
	PhoneTyped  text  `json:"phone_number"`
	BySMS       *bool `json:"notify_by_sms"`
	Responsible *user `json:"responsible"`
}

// unreadable is a call that was proven and makes no sense. The cause names a field, never its value.
func unreadable(cause error) error {
	return fmt.Errorf("%w: %w", &rejection{http.StatusBadRequest, "unreadable"}, cause)
}

// readCall reads a proven call; nil when it is not about an appointment. relay is Config.Relay. Its errors answer 400.
func readCall(body []byte, relay bool) (*told, error) {
	var c call
	if err := json.Unmarshal(body, &c); err != nil {
		return nil, unreadable(errors.New("no JSON, or not that of a webhook"))
	}
	if c.Meta.Model == "" {
		return nil, unreadable(errors.New("no meta.model"))
	}
	if c.Meta.Model != "Rdv" {
		return nil, nil
	}
	switch c.Meta.Event {
	case "created", "updated", "destroyed":
	default:
		return nil, unreadable(errors.New("meta.event is none of created, updated, destroyed"))
	}
	written, err := readStamp(string(c.Meta.Timestamp), nil)
	if err != nil {
		return nil, unreadable(fmt.Errorf("meta.timestamp: %w", err))
	}
	b, err := readAppointment(c.Data, c.Meta.Event == "destroyed", relay)
	if err != nil {
		return nil, unreadable(err)
	}
	b.Event, b.Reason, b.Written = string(c.Meta.Event), clean(string(c.Meta.Reason), 40), written
	return &b, nil
}

// readAppointment reads one appointment, without what only its envelope tells (Event, Reason, Written). Only one that is gone may
// lack its start.
func readAppointment(data []byte, gone, relay bool) (b told, err error) {
	var a appointment
	if err := json.Unmarshal(data, &a); err != nil {
		return b, errors.New("data is no appointment")
	}
	if !plainID(string(a.ID)) {
		return b, errors.New("data.id is no id")
	}
	location := a.zone()
	start, err := readStamp(string(a.StartsAt), location)
	if err != nil && !gone {
		return b, fmt.Errorf("data.starts_at: %w", err)
	}
	b.OutsideRdv = bot.OutsideRdv{Source: "rsp", ID: string(a.ID), Status: status(a.Status), Start: start}
	b.organisation = idOrNone(a.Organisation.ID)
	if end, err := readStamp(string(a.EndsAt), location); err == nil && end.After(start) {
		b.End = end
	}
	a.place(&b.OutsideRdv)
	for _, agent := range a.Agents {
		if full := clean(string(agent.FirstName)+" "+string(agent.LastName), 80); full != "" {
			b.Agents = append(b.Agents, full)
		}
	}
	if b.Participants, err = a.participants(relay); err != nil {
		return b, err
	}
	b.updated, _ = readStamp(string(a.UpdatedAt), location)
	return b, nil
}

// told is an appointment that was read, with what only the adapter asks about.
type told struct {
	bot.OutsideRdv
	organisation string    // the id of the one it belongs to; "" when there is none
	updated      time.Time // zero when the service does not say when it was changed
}

// idOrNone is an id of the service, or "" for what cannot be one.
func idOrNone(id text) string {
	if plainID(string(id)) {
		return string(id)
	}
	return ""
}

// status is one of the five words of the service; whatever else it says is not known here.
func status(s text) string {
	switch s {
	case "seen", "excused", "revoked", "noshow":
		return string(s)
	}
	return "unknown"
}

// event wraps an OutsideRdv for the bot. It fails on a date that cannot be written.
func event(id string, b bot.OutsideRdv) (*bot.Event, error) {
	value, err := json.Marshal(b)
	if err != nil {
		return nil, unreadable(errors.New("a date is out of range"))
	}
	return &bot.Event{
		ID: id, Role: bot.Itself, Intent: bot.OutsideRdvIntent, About: "externe/rsp-" + b.ID,
		Values: map[string]string{bot.OutsideValue: string(value)},
	}, nil
}
