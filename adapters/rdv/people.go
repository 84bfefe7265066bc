package rdv

import (
	"errors"
	"strings"
	"unicode"

	"passeur/bot"
	"passeur/intents/phones"
)

// participants are those who take part. users is read for them only when the service tells no participations; their ids are then
// those of the users behind a "u", which nothing can be sent to.
func (a *appointment) participants(relay bool) ([]bot.OutsideUsager, error) {
	known := map[text]user{}
	for _, u := range a.Users {
		known[u.ID] = u
	}
	parts := a.Participations
	if parts == nil {
		for _, u := range a.Users {
			parts = append(parts, participation{Status: a.Status, User: u})
		}
	}
	var all []bot.OutsideUsager
	for _, p := range parts {
		id := string(p.ID)
		if id == "" && p.User.ID != "" {
			id = "u" + string(p.User.ID)
		}
		if !plainID(id) {
			return nil, errors.New("a participation has no id")
		}
		all = append(all, p.usager(id, known[p.User.ID], relay))
	}
	return all, nil
}

// usager is who takes part, with what users tells of the same person where the participation leaves it out. Who has no mobile is
// reached through the person who answers for her, and then both must want it. With relay the reminders that the service does not send are
// Passeur's, and only she herself can refuse them.
func (p *participation) usager(id string, more user, relay bool) bot.OutsideUsager {
	u := p.User
	if u.FirstName == "" && u.LastName == "" {
		u.FirstName, u.LastName = more.FirstName, more.LastName
	}
	out := bot.OutsideUsager{ID: id, Name: shortName(string(u.FirstName), string(u.LastName)), Status: status(p.Status)}
	out.Silent = no(p.Reminder) && !relay || no(u.BySMS) || u.BySMS == nil && no(more.BySMS)
	out.Phone = mobile(u.Phone, u.PhoneTyped, more.Phone, more.PhoneTyped)
	if answers := orUser(u.Responsible, more.Responsible); out.Phone == "" && answers != nil {
		out.Phone = mobile(answers.Phone, answers.PhoneTyped)
		out.Silent = out.Silent || no(answers.BySMS)
	}
	return out
}

func no(wanted *bool) bool { return wanted != nil && !*wanted }

func orUser(first, second *user) *user {
	if first != nil {
		return first
	}
	return second
}

// mobile is the first number that can receive an SMS, in E.164; "" none.
func mobile(written ...text) string {
	for _, w := range written {
		if phones, _ := phones.Find(string(w)); len(phones) > 0 {
			return phones[0].E164
		}
	}
	return ""
}

// shortName is the first name and the initial of the surname, "Camille F.": what counsellors need to know whom it is about.
func shortName(first, last string) string {
	first = clean(first, 40)
	for _, r := range last {
		if unicode.IsLetter(r) {
			return strings.TrimSpace(first + " " + string(unicode.ToUpper(r)) + ".")
		}
	}
	return first
}

// clean writes a text of the service as one line of at most so many characters, without what cannot be shown or stored.
func clean(s string, most int) string {
	s = strings.ToValidUTF8(s, "")
	line := []rune(strings.Join(strings.FieldsFunc(s, func(r rune) bool { return unicode.IsSpace(r) || !unicode.IsPrint(r) }), " "))
	if len(line) > most {
		line = line[:most]
	}
	return strings.TrimSpace(string(line))
}
