package bot

import (
	"cmp"
	"slices"

	"passeur/intents"
)

// How an usager is reached: her number is her line, where what is said with her is kept; an account elsewhere that she linked to it is another way to
// the same people. So STOP said on one network holds on both, there is one open question, and a message goes one way and no other.

// telegram is the network of accounts that usagers link to their line.
const telegram = "telegram"

const (
	// BlockedIntent is that who wrote until now has closed an account to the bot: nothing arrives there any more.
	BlockedIntent intents.Intent = "bloque"
	// unreachableIntent is the same, found out by a message that the network refused.
	unreachableIntent intents.Intent = "injoignable"
)

// Unreachable is the reason of a message that ended because its network reaches nobody at the address.
const Unreachable = "injoignable"

// line is where what is said with her is kept: her number, or the only address that she has; "" when she cannot be reached.
func (p *Person) line() Address { return cmp.Or(p.On("sms"), p.first()) }

// prefer puts an address before the others.
func (p *Person) prefer(a Address) { p.Addresses = append([]Address{a}, p.without(a)...) }

// without are the addresses but one.
func (p *Person) without(a Address) []Address {
	return slices.DeleteFunc(slices.Clone(p.Addresses), func(b Address) bool { return b == a })
}

// way is the network by which a message goes to somebody: the first of hers that the installation has.
func (b *Bot) way(p *Person) string {
	for _, a := range p.Addresses {
		if _, open := b.Abilities[a.Network()]; open {
			return a.Network()
		}
	}
	return p.first().Network()
}

// otherWay is the network by which somebody is reached when another one does not; "" when there is none. Only those of usagers take each
// other's messages.
func (b *Bot) otherWay(p *Person, network string) string {
	if b.Abilities[network].AnyHour {
		return ""
	}
	for _, a := range p.Addresses {
		able, open := b.Abilities[a.Network()]
		if open && !able.AnyHour && a.Network() != network {
			return a.Network()
		}
	}
	return ""
}

// lineOf is the line that an address leads to: its own, unless it is an account that was linked.
func (t *Turn) lineOf(a Address) Address {
	holders, _ := load[Holders](t, string(a))
	return cmp.Or(holders.Line, a)
}

// eachOn does something with everybody on a line, and saves them.
func (t *Turn) eachOn(line Address, do func(*Person)) {
	for _, id := range t.peopleAt(line) {
		if p, ok := load[Person](t, id); ok {
			do(p)
			t.savePerson(id, p)
		}
	}
}

// reopen: who writes at an address is reached there, whatever was said of it before.
func (t *Turn) reopen() {
	for _, id := range t.People {
		if p, _ := load[Person](t, id); !slices.Contains(p.Addresses, t.From) {
			p.prefer(t.From)
			t.savePerson(id, p)
		}
	}
}

// blocked: nothing arrives any more where she wrote until now.
func blocked(t *Turn) { t.closeWay(t.From) }

// unreachable: a network refused a message to somebody, because it reaches nobody there any more.
func unreachable(t *Turn) {
	if p, ok := load[Person](t, t.Values["personne"]); ok {
		t.closeWay(p.On(t.Values["reseau"]))
	}
}

// closeWay takes an address off those on its line, until she writes there again. It stays known whose it is.
func (t *Turn) closeWay(a Address) {
	if a == "" {
		return
	}
	for _, id := range t.peopleAt(t.lineOf(a)) {
		if p, ok := load[Person](t, id); ok && slices.Contains(p.Addresses, a) {
			p.V, p.Addresses = 1, p.without(a)
			t.save("person", id, func(*Record) {}) // she is not heard of: she is kept no longer for it
		}
	}
}

// sameWays gives somebody who comes to a line the order in which the others there are reached.
func (t *Turn) sameWays(p *Person, holders *Holders) {
	for _, id := range holders.People {
		if other, ok := load[Person](t, id); ok && other != p && len(other.Addresses) > len(p.Addresses) {
			p.Addresses = slices.Clone(other.Addresses)
			return
		}
	}
}
