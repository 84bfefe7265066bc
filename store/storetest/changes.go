package storetest

import (
	"fmt"
	"math/rand/v2"
	"testing"
	"time"

	"passeur/bot"
)

var changeTests = []test{
	{"an event is committed once", func(b *bench) {
		b.commit(bot.Change{Event: "sms:1", Records: []bot.Record{person("p1", `{"v":1}`)}})
		b.commitIs(bot.ErrSeen, bot.Change{Event: "sms:1", Records: []bot.Record{person("p2", `{"v":1}`)}})
		b.same("what the second one wrote", len(b.get("person", "p2")), 0)
	}},
	{"an event seen goes before a conflict", func(b *bench) {
		c := bot.Change{Event: "sms:1", Records: []bot.Record{person("p1", `{"v":1}`)}}
		b.commit(c)
		b.commitIs(bot.ErrSeen, c)
	}},
	{"a conflict leaves the event to be handled again", func(b *bench) {
		b.write(person("p1", `{"v":1}`))
		b.commitIs(bot.ErrConflict, bot.Change{Event: "sms:1", Records: []bot.Record{person("p1", `{"v":1}`)}})
		b.commit(bot.Change{Event: "sms:1"})
	}},
	{"no event is no event twice", func(b *bench) {
		b.commit(bot.Change{})
		b.commit(bot.Change{})
	}},
	{"a record that must not exist", func(b *bench) {
		b.write(person("p1", `{"v":1}`))
		b.commitIs(bot.ErrConflict, bot.Change{Records: []bot.Record{person("p1", `{"v":1}`)}})
	}},
	{"a record that has moved", func(b *bench) {
		b.write(person("p1", `{"v":1,"n":0}`))
		r := b.get("person", "p1")[0]
		r.Body = []byte(`{"v":1,"n":1}`)
		b.write(r)
		b.commitIs(bot.ErrConflict, bot.Change{Records: []bot.Record{r}})
		got := b.get("person", "p1")[0]
		b.same("version and body", fmt.Sprint(got.Version, " ", string(got.Body)), `2 {"v":1,"n":1}`)
	}},
	{"a read that has moved", func(b *bench) {
		b.write(person("p1", `{"v":1}`))
		ref := bot.Read{Kind: "person", ID: "p1", Version: 1}
		b.commit(bot.Change{Reads: []bot.Read{ref}})
		b.write(b.get("person", "p1")...)
		b.commitIs(bot.ErrConflict, bot.Change{Reads: []bot.Read{ref}, Tasks: []bot.Task{task("t", "p1")}})
		b.claimed(now)
	}},
	{"a read that was not there", func(b *bench) {
		ref := bot.Read{Kind: "person", ID: "p1"}
		b.commit(bot.Change{Reads: []bot.Read{ref}})
		b.write(person("p1", `{"v":1}`))
		b.commitIs(bot.ErrConflict, bot.Change{Reads: []bot.Read{ref}})
	}},
	{"a read that is gone", func(b *bench) {
		b.commitIs(bot.ErrConflict, bot.Change{Reads: []bot.Read{{Kind: "person", ID: "p1", Version: 1}}})
	}},
	{"a nil body erases", func(b *bench) {
		b.write(person("p1", `{"v":1}`))
		r := b.get("person", "p1")[0]
		r.Body = nil
		r.Version = 7
		b.commitIs(bot.ErrConflict, bot.Change{Records: []bot.Record{r}})
		r.Version = 1
		b.write(r)
		b.same("records left", len(b.get("person", "p1")), 0)
		b.commitIs(bot.ErrConflict, bot.Change{Records: []bot.Record{r}})
	}},
	{"all or nothing", func(b *bench) {
		b.write(person("p1", `{"v":1}`))
		b.plan(task("t", "p1"))
		b.commitIs(bot.ErrConflict, bot.Change{
			Event: "e", Forget: []string{"p1"}, Tally: []bot.Count{{Kind: "k", N: 1}},
			Records: []bot.Record{person("p2", `{"v":1}`), person("p1", `{"v":1}`)},
		})
		b.same("records written", len(b.get("person", "p2")), 0)
		b.tallied(bot.TallyQuery{Kind: "k"})
		b.claimed(now, "t")
	}},
	{"at most 1,000 rows", func(b *bench) {
		b.commit(bot.Change{Event: "e", Tasks: manyTasks(1000)})
		err := b.Store.Commit(b.Context(), bot.Change{Now: now, Tasks: manyTasks(1000), DropTo: []string{"p"}})
		if err == nil {
			b.Fatal("1,001 rows were committed")
		}
	}},
	{"an unknown kind cannot be written", func(b *bench) {
		err := b.Store.Commit(b.Context(), bot.Change{Now: now, Records: []bot.Record{{Kind: "no such kind", ID: "1", Body: []byte("{}")}}})
		if err == nil {
			b.Fatal("a record of an unknown kind was committed")
		}
	}},
	{"odd bytes in names", testOddBytes},
	{"tallies add up", testTallies},
	{"tallies by month", func(b *bench) {
		for _, month := range []string{"2026-11", "2026-12", "2027-01"} {
			b.commit(bot.Change{Tally: []bot.Count{{Kind: "k", Month: month, N: 1}}})
		}
		b.tallied(bot.TallyQuery{Kind: "k", From: "2026-12", To: "2026-12"}, bot.Count{Kind: "k", Month: "2026-12", N: 1})
		b.tallied(bot.TallyQuery{Kind: "k", From: "2027-01"}, bot.Count{Kind: "k", Month: "2027-01", N: 1})
		b.tallied(bot.TallyQuery{Kind: "k", To: "2026-11"}, bot.Count{Kind: "k", Month: "2026-11", N: 1})
	}},
}

// testOddBytes writes what no honest network sends: bytes that are no UTF-8, NUL, what looks like a mark of SQL, and names that have no end.
func testOddBytes(b *bench) {
	odd := []string{"a\x00b", "a\xffb", "a\xfeb", "a?b'\"%_\\", "\u202e\u202e𝄞é", noise(3000, 1), noise(3000, 2), noise(200_000, 3), "\x00" + noise(5000, 4)}
	for _, name := range odd {
		b.commit(bot.Change{Event: name, Records: []bot.Record{person(name, "{}")}, Tasks: []bot.Task{task(name, name)}})
	}
	for _, name := range odd {
		b.commitIs(bot.ErrSeen, bot.Change{Event: name})
		b.same("ids of "+fmt.Sprintf("%q", name), ids(b.get("person", name)), []string{name})
	}
	b.same("ids", ids(b.get("person", odd...)), odd)
	got := b.claim(now, 9)
	b.same("claimed", len(got), len(odd))
	for i, k := range got {
		o := outcome(k, bot.Sent, now)
		o.Ref = odd[i]
		b.settle(o)
	}
	b.claimed(now)
	for _, name := range odd {
		key, err := b.Store.KeyOf(b.Context(), "sms", name)
		b.same("error", err, nil)
		taken, _, err := b.Store.Taken(b.Context(), key)
		b.same("taken", fmt.Sprint(taken, err), "true <nil>")
	}
}

// noise is a text that cannot be made shorter.
func noise(n int, seed uint64) string {
	dice := rand.New(rand.NewPCG(seed, 1))
	text := make([]rune, n)
	for i := range text {
		text[i] = rune('!' + dice.IntN(90))
	}
	return string(text)
}

func (b *bench) tallied(q bot.TallyQuery, want ...bot.Count) {
	b.Helper()
	got, err := b.Store.Tally(b.Context(), q)
	if err != nil {
		b.Fatalf("tally: %v", err)
	}
	b.same("tallies", got, want)
}

func testTallies(b *bench) {
	cell := func(owner, dimension, value string, n int64) bot.Count {
		return bot.Count{Kind: "rdv", Owner: owner, Month: "2026-12", Dimension: dimension, Value: value, N: n}
	}
	b.commit(bot.Change{Tally: []bot.Count{cell("c2", "theme", "mail", 2), cell("c1", "place", "50147", 1), cell("c1", "theme", "caf", 1)}})
	b.commit(bot.Change{Tally: []bot.Count{cell("c1", "theme", "caf", 4), cell("c2", "theme", "mail", -1), {Kind: "other", N: 9}}})
	b.tallied(bot.TallyQuery{Kind: "rdv"}, cell("c1", "place", "50147", 1), cell("c1", "theme", "caf", 5), cell("c2", "theme", "mail", 1))
	b.tallied(bot.TallyQuery{Kind: "rdv", Owner: "c2"}, cell("c2", "theme", "mail", 1))
	b.tallied(bot.TallyQuery{Kind: "rdv", Dimension: "place"}, cell("c1", "place", "50147", 1))
}

var recordTests = []test{
	{"a record comes back whole", func(b *bench) {
		want := bot.Record{Kind: "rdv", ID: "42", Owner: "c1", Subject: "p1", Place: "50/50147", State: "confirmed",
			At: now.Add(123 * time.Millisecond), Body: []byte(`{"v":1,"é":"ù"}`)}
		sent := want
		sent.At = want.At.Add(456 * time.Microsecond).In(time.FixedZone("", 3600))
		b.write(sent)
		want.Version = 1
		b.same("got", b.get("rdv", "42"), []bot.Record{want})
		b.same("found", b.find(bot.Query{Kind: "rdv"}), []bot.Record{want})
	}},
	{"get keeps the order and leaves out what is missing", func(b *bench) {
		b.write(person("p1", "{}"), person("p2", "{}"), person("p3", "{}"))
		b.same("ids", ids(b.get("person", "p3", "none", "p1")), []string{"p3", "p1"})
		b.same("of no ids", len(b.get("person")), 0)
	}},
	{"get many", func(b *bench) {
		var records []bot.Record
		var want []string
		for i := range 700 {
			r := person(fmt.Sprintf("p%d", i*7919%700), "{}")
			records, want = append(records, r), append(want, r.ID)
		}
		b.write(records...)
		b.same("ids", ids(b.get("person", want...)), want)
	}},
	{"an empty body is a body", func(b *bench) {
		r := bot.Record{Kind: "cursor", ID: "x", At: now, Body: []byte{}}
		b.write(r, person("p1", ""))
		b.same("cursor", len(b.get("cursor", "x")), 1)
		b.same("person", len(b.get("person", "p1")), 1)
	}},
	{"keyed ids", testKeyed},
	{"find by facets", testFacets},
	{"find of any kind by subject", func(b *bench) {
		b.write(person("p1", "{}"), bot.Record{Kind: "rdv", ID: "1", Subject: "p1", At: after(1), Body: []byte("{}")},
			bot.Record{Kind: "rdv", ID: "2", Subject: "p2", At: now, Body: []byte("{}")})
		b.found(bot.Query{Subject: "p1"}, "1", "p1")
		b.found(bot.Query{Subject: "p1", Kind: "rdv"}, "1")
	}},
	{"find in pages", testPages},
}

func testKeyed(b *bench) {
	const number = "sms:+33639981234"
	b.write(bot.Record{Kind: "address", ID: number, Subject: "p1", At: now, Body: []byte(`{"v":1}`)})
	got := b.get("address", number)
	b.same("ids as asked for", ids(got), []string{number})
	b.same("another address", len(b.get("address", "sms:+33639981235")), 0)
	b.commitIs(bot.ErrConflict, bot.Change{Reads: []bot.Read{{Kind: "address", ID: number}}})

	stored := b.find(bot.Query{Kind: "address"})
	if len(stored) != 1 || len(stored[0].ID) != 64 {
		b.Fatalf("stored ids: %v, want one HMAC", ids(stored))
	}
	b.same("body", string(stored[0].Body), `{"v":1}`)
	b.same("by its stored id", len(b.get("address", stored[0].ID)), 1)
	stored[0].Body = nil
	b.write(stored...)
	b.same("after erasing what was found", len(b.get("address", number)), 0)
}

func testFacets(b *bench) {
	rdv := func(id, owner, place, state string, at time.Time) bot.Record {
		return bot.Record{Kind: "rdv", ID: id, Owner: owner, Subject: "p" + id, Place: place, State: state, At: at, Body: []byte("{}")}
	}
	b.write(
		rdv("1", "c1", "50/50147", "booked", after(3*time.Hour)),
		rdv("2", "c1", "50/50129", "done", after(2*time.Hour)),
		rdv("3", "c2", "501/50147", "booked", after(1*time.Hour)),
		rdv("4", "c2", "50", "booked", now),
		rdv("5", "", "", "", after(1*time.Hour)))
	for _, tt := range []struct {
		q    bot.Query
		want []string
	}{
		{bot.Query{}, []string{"4", "3", "5", "2", "1"}},
		{bot.Query{Owner: "c1"}, []string{"2", "1"}},
		{bot.Query{Owner: "c2", State: "booked"}, []string{"4", "3"}},
		{bot.Query{Owner: "c1", State: "booked", Subject: "p1"}, []string{"1"}},
		{bot.Query{State: "booked"}, []string{"4", "3", "1"}},
		{bot.Query{Place: "50"}, []string{"4", "2", "1"}},
		{bot.Query{Place: "50/50147"}, []string{"1"}},
		{bot.Query{Place: "50", Owner: "c2"}, []string{"4"}},
		{bot.Query{From: after(time.Hour)}, []string{"3", "5", "2", "1"}},
		{bot.Query{To: after(time.Hour)}, []string{"4"}},
		{bot.Query{From: after(time.Hour), To: after(2 * time.Hour)}, []string{"3", "5"}},
		{bot.Query{Limit: 2}, []string{"4", "3"}},
		{bot.Query{Subject: "nobody"}, nil},
	} {
		tt.q.Kind = "rdv"
		b.Run(fmt.Sprintf("%+v", tt.q), func(t *testing.T) {
			(&bench{T: t, Store: b.Store}).found(tt.q, tt.want...)
		})
	}
}

func testPages(b *bench) {
	var want []string
	for i := range 25 {
		id := fmt.Sprintf("%02d", i)
		b.write(bot.Record{Kind: "rdv", ID: id, Subject: "p", Owner: "c", At: after(time.Duration(i/10) * minute), Body: []byte("{}")})
		want = append(want, id)
	}
	for _, q := range []bot.Query{{Kind: "rdv"}, {Kind: "rdv", Owner: "c"}, {Subject: "p"}} {
		q.Limit = 4
		var got []string
		for page := b.find(q); len(page) > 0; page = b.find(q) {
			got = append(got, ids(page)...)
			q.AfterAt, q.AfterID = page[len(page)-1].At, page[len(page)-1].ID
		}
		b.same("all pages", got, want)
	}
}
