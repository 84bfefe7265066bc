package bot

import (
	"cmp"
	"context"
	"reflect"
	"strings"

	"passeur/intents"
)

// Who is a professional, and where. Nobody registers: the network in which professionals meet says it, by the channels that
// they are in.

// MemberIntent is of an event in which a network tells who somebody is now: From, Role, and the Values "name", "locale" ("fr"),
// "territories" ("50 14") and "hubs" ("Normandie|Bretagne"). With Role Anyone she is nobody here any more. It may be told as
// often as one likes: what is known already changes nothing.
const MemberIntent intents.Intent = "membre"

// What stands between the territories and between the hubs in Values of a MemberIntent.
const (
	TerritorySeparator = " "
	HubSeparator       = "|"
)

// member keeps what the network says of a professional, and welcomes who is one for the first time.
func member(t *Turn) {
	t.Chat = nil // nothing was said: what is open stays open
	if t.MeID == "" {
		if !t.Role.IsPro() {
			return // who may nothing is not kept
		}
		t.meet()
	}
	was := *t.Me
	t.Me.Role, t.Me.Name = t.Role, cmp.Or(plainName(t.Values["name"]), t.Me.Name)
	t.Me.Hubs = parted(t.Values["hubs"], HubSeparator)
	if t.Role.IsPro() { // of who left it stays known where she was: who coordinates there hears her news
		t.Me.Territories = parted(t.Values["territories"], TerritorySeparator)
	}
	if t.Role.IsPro() && !t.Me.Welcomed {
		t.welcome()
	}
	if !reflect.DeepEqual(was, *t.Me) {
		t.savePerson(t.MeID, t.Me)
	}
}

// plainName is a name without the signs that would make something else of it in a post: a link, emphasis.
func plainName(name string) string {
	return clean(strings.Map(func(r rune) rune {
		if strings.ContainsRune("[]()<>{}`*_~|\\#", r) {
			return -1
		}
		return r
	}, name))
}

func parted(text, separator string) []string {
	if text == "" {
		return nil
	}
	return strings.Split(text, separator)
}

// welcome says once in a life who the bot is and how to begin. It waits behind all that is urgent.
func (t *Turn) welcome() {
	t.Me.Welcomed = true
	t.write(Task{To: t.MeID, Network: t.From.Network(), Lane: Broadcast, Purpose: ForTalk, At: t.At,
		Message: &Message{Key: t.Role.rank().welcome, Args: Args{"prenom": t.Me.Name, "service": t.bot.Settings.Service}}})
}

// Professionals are the addresses, on one network, of those whom the bot takes for professionals.
func Professionals(ctx context.Context, s Store, network string) (out []Address, err error) {
	for _, role := range ProRoles() {
		if out, err = appendAddresses(ctx, s, out, role, network); err != nil {
			return nil, err
		}
	}
	return out, nil
}

func appendAddresses(ctx context.Context, s Store, out []Address, role Role, network string) ([]Address, error) {
	for rec, err := range AllRecords(ctx, s, Query{Kind: "person", State: string(role)}) {
		if err != nil {
			return out, err
		}
		var p Person
		if err := decode(rec, &p); err != nil {
			return out, err
		}
		if a := p.On(network); a != "" {
			out = append(out, a)
		}
	}
	return out, nil
}
