package storetest

import (
	"fmt"
	"time"

	"passeur/bot"
)

var taskTests = []test{
	{"a task comes back whole", func(b *bench) {
		want := bot.Task{Key: "k", Group: "rdv/42", Batch: "camp/7", To: "p1", Subject: "p2", Network: "sms", Lane: bot.Reminder,
			Purpose: bot.ForRdv, Place: "50/50147", At: now, NotAfter: after(time.Hour), Intent: "rappel",
			Args:    map[string]string{"a": "1", "b": ""},
			Message: &bot.Message{Key: "rappel", Text: "Bonjour\nà demain", Args: map[string]string{"lieu": "mairie"}, ReplyTo: "post1"}}
		b.plan(want)
		want.Attempt = 1
		b.same("claimed", b.claim(now, 1), []bot.Task{want})
	}},
	{"named by what the network calls it", func(b *bench) {
		one, two := task("k1", "p1"), task("k2", "p2")
		two.Network = "telegram"
		b.plan(one, two)
		for network, ref := range map[string]string{"sms": "ovhcloud:42", "telegram": "42"} {
			done := outcome(b.claimFrom(network, bot.Reminder, now, 1)[0], bot.Sent, now)
			done.Ref = ref
			b.settle(done)
		}
		for _, c := range []struct{ network, ref, want string }{
			{"sms", "ovhcloud:42", "k1"}, {"telegram", "42", "k2"}, {"telegram", "ovhcloud:42", ""}, {"sms", "ovhcloud:4", ""}, {"sms", "", ""},
		} {
			got, err := b.Store.KeyOf(b.Context(), c.network, c.ref)
			b.same(c.network+" "+c.ref, got, c.want)
			if err != nil {
				b.Error(err)
			}
		}
	}},
	{"taken, arrived, or not yet", func(b *bench) {
		b.plan(task("sent", "p1"), task("claimed", "p2"), task("failed", "p3"), task("told", "p4"), task("both", "p5"))
		got := b.claim(now, 5)
		b.settle(outcome(got[0], bot.Sent, now), outcome(got[2], bot.Failed, now), outcome(got[3], bot.Uncertain, now), outcome(got[4], bot.Sent, now))
		b.commit(bot.Change{Receipts: []bot.Receipt{{Task: "told", Word: bot.ReceiptArrived}, {Task: "both", Word: bot.ReceiptArrived}}})
		b.commit(bot.Change{Receipts: []bot.Receipt{{Task: "both", Word: bot.ReceiptLost}, {Task: "failed", Word: bot.ReceiptLost}}})
		for key, want := range map[string][2]bool{"sent": {true, false}, "claimed": {}, "failed": {}, "told": {true, true}, "both": {true, true}, "unknown": {}, "": {}} {
			taken, arrived, err := b.Store.Taken(b.Context(), key)
			b.same(key, [2]bool{taken, arrived}, want)
			if err != nil {
				b.Error(err)
			}
		}
	}},
	{"a receipt is noted, before or after the task is settled", func(b *bench) {
		b.plan(task("early", "p1"), task("late", "p2"), task("none", "p3"))
		got := b.claim(now, 3)
		b.commit(bot.Change{Receipts: []bot.Receipt{{Task: "early", Word: bot.ReceiptArrived}, {Task: "unknown", Word: bot.ReceiptLost}}})
		for _, k := range got {
			b.settle(outcome(k, bot.Sent, now))
		}
		b.commit(bot.Change{Receipts: []bot.Receipt{{Task: "late", Word: bot.ReceiptLost}}})
		b.claimed(now) // noting makes nothing due again
	}},
	{"a wake-up has no message", func(b *bench) {
		b.plan(bot.Task{Key: "k", At: now, Intent: "fin"})
		got := b.claimFrom("", bot.Reply, now, 1)
		if len(got) != 1 || got[0].Message != nil {
			b.Fatalf("got %+v", got)
		}
	}},
	{"pending: moved, all fields replaced", func(b *bench) {
		first := task("k", "p1")
		first.Group, first.NotAfter, first.Args = "rdv/1", after(time.Hour), map[string]string{"a": "1"}
		b.plan(first)
		second := dueAt(task("k", "p2"), after(minute))
		second.Network, second.Lane = "telegram", bot.Broadcast
		b.plan(second)
		b.claimed(after(time.Hour))
		got := b.claimFrom("telegram", bot.Broadcast, after(minute), 9)
		second.Attempt = 1
		b.same("moved", got, []bot.Task{second})
	}},
	{"sent: ignored", func(b *bench) { b.ignored(bot.Sent) }},
	{"uncertain: ignored", func(b *bench) { b.ignored(bot.Uncertain) }},
	{"failed: ignored", func(b *bench) { b.ignored(bot.Failed) }},
	{"refused: ignored", func(b *bench) { b.ignored(bot.Withheld) }},
	{"expired: ignored", func(b *bench) { b.ignored(bot.Expired) }},
	{"dropped by group: revived", func(b *bench) {
		k := task("k", "p1")
		k.Group = "rdv/42"
		b.revived(k, bot.Change{Drop: []string{"rdv/42"}})
	}},
	{"dropped by batch: revived", func(b *bench) {
		k := task("k", "p1")
		k.Batch = "camp/7"
		b.revived(k, bot.Change{Drop: []string{"camp/7"}})
	}},
	{"muted: revived", func(b *bench) { b.revived(task("k", "p1"), bot.Change{DropTo: []string{"p1"}}) }},
	{"forgotten: written anew", func(b *bench) { b.revived(task("k", "p1"), bot.Change{Forget: []string{"p1"}}) }},
	{"drop takes its group and batch only", func(b *bench) {
		one, two, three := task("1", "p1"), task("2", "p2"), task("3", "p3")
		one.Group, two.Batch, three.Group = "rdv/4", "rdv/4", "rdv/42"
		b.plan(one, two, three, task("4", "p4"))
		b.commit(bot.Change{Drop: []string{"rdv/4", ""}})
		b.claimed(now, "3", "4")
	}},
	{"mute takes the recipient's only, whatever the network", func(b *bench) {
		other := task("2", "p1")
		other.Network = "telegram"
		about := task("3", "c1")
		about.Subject = "p1"
		b.plan(task("1", "p1"), other, about, task("4", ""))
		b.commit(bot.Change{DropTo: []string{"p1", ""}})
		b.claimed(now, "3", "4")
		b.same("telegram", len(b.claimFrom("telegram", bot.Reminder, now, 9)), 0)
	}},
	{"forget takes those to and about the person, whatever their state", func(b *bench) {
		about := task("2", "c1")
		about.Subject = "p1"
		b.plan(task("1", "p1"), about, task("3", "p3"))
		b.settle(outcome(b.claim(now, 1)[0], bot.Sent, now))
		b.commit(bot.Change{Forget: []string{"p1", ""}})
		b.claimed(now, "3")
		b.plan(task("1", "p1"))
		b.claimed(now, "1")
	}},
	{"what a change ends does not touch what it writes", func(b *bench) {
		k := task("k", "p1")
		k.Group = "rdv/42"
		b.plan(k)
		b.commit(bot.Change{Drop: []string{"rdv/42"}, DropTo: []string{"p1"}, Forget: []string{"p1"}, Tasks: []bot.Task{k}})
		b.claimed(now, "k")
	}},
	{"a task needs a key", func(b *bench) {
		if err := b.Store.Commit(b.Context(), bot.Change{Now: now, Tasks: []bot.Task{{At: now}}}); err == nil {
			b.Fatal("a task without a key was committed")
		}
	}},
}

// ignored ends a task that way and writes it again.
func (b *bench) ignored(fate bot.Fate) {
	b.Helper()
	b.plan(task("k", "p1"))
	b.settle(outcome(b.claimed(now, "k")[0], fate, now))
	b.plan(dueAt(task("k", "p1"), after(minute)))
	b.claimed(after(time.Hour))
	b.due(time.Time{})
}

// revived ends a pending task by a change and writes it again.
func (b *bench) revived(k bot.Task, end bot.Change) {
	b.Helper()
	b.plan(k)
	b.commit(end)
	b.claimed(now)
	b.due(time.Time{})
	b.plan(dueAt(k, after(minute)))
	b.due(after(minute))
	b.claimed(now)
	b.claimed(after(minute), k.Key)
}

var claimTests = []test{
	{"only what is due", func(b *bench) {
		b.plan(dueAt(task("1", "p1"), after(1)), dueAt(task("2", "p2"), now), dueAt(task("3", "p3"), after(time.Millisecond)))
		b.claimed(now, "1", "2") // one nanosecond is cut off
		b.claimed(after(time.Millisecond), "3")
	}},
	{"the earlier first, then as written", func(b *bench) {
		b.plan(dueAt(task("late", "p1"), now), task("b", "p2"), task("a", "p3"), dueAt(task("early", "p4"), after(-minute)))
		b.same("first two", keys(b.claim(now, 2)), []string{"early", "late"})
		b.claimed(now, "b", "a")
	}},
	{"a moved task goes to the end of its instant", func(b *bench) {
		b.plan(task("a", "p1"), task("b", "p2"))
		b.plan(task("a", "p1"))
		b.claimed(now, "b", "a")
	}},
	{"one network and one lane", func(b *bench) {
		reply, mail := task("reply", "p1"), task("other", "p2")
		reply.Lane, mail.Network = bot.Reply, "telegram"
		b.plan(reply, mail, task("mine", "p3"))
		b.claimed(now, "mine")
	}},
	{"never two of one recipient in an answer", func(b *bench) {
		b.plan(task("1", "p1"), task("2", "p1"), task("3", "p2"))
		b.claimed(now, "1", "3")
	}},
	{"nor while a lease runs, over lanes and networks", func(b *bench) {
		reply, other := task("reply", "p1"), task("other", "p1")
		reply.Lane, other.Network = bot.Reply, "telegram"
		b.plan(task("1", "p1"), reply, other)
		first := b.claimed(now, "1")[0]
		b.same("replies", len(b.claimFrom("sms", bot.Reply, after(minute-time.Millisecond), 9)), 0)
		b.same("telegram", len(b.claimFrom("telegram", bot.Reminder, now, 9)), 0)
		b.settle(outcome(first, bot.Sent, now))
		b.same("replies", keys(b.claimFrom("sms", bot.Reply, now, 9)), []string{"reply"})
	}},
	{"wake-ups about nobody do not wait for each other", func(b *bench) {
		b.plan(task("1", ""), task("2", ""))
		b.claimed(now, "1", "2")
	}},
	{"a lease that runs out makes the task due again", func(b *bench) {
		b.plan(task("k", "p1"))
		b.claimed(now, "k")
		b.claimed(after(minute - time.Millisecond))
		b.due(after(minute))
		again := b.claimed(after(minute), "k")[0]
		b.same("attempt", again.Attempt, 2)
	}},
	{"a lease that ran out holds the recipient no longer", func(b *bench) {
		b.plan(task("1", "p1"), dueAt(task("2", "p1"), after(time.Second)))
		b.claimed(now, "1")
		b.claimed(after(minute), "1")
	}},
	{"what is due again goes before what was planned behind it", func(b *bench) {
		b.plan(task("1", "p1"), dueAt(task("2", "p1"), after(time.Second)), dueAt(task("other", "p2"), after(time.Second)))
		o := outcome(b.claimed(now, "1")[0], bot.Retry, now)
		o.Next = after(minute)
		b.settle(o)
		b.claimed(after(minute), "other", "1")
	}},
	{"and so does what was claimed by who died", func(b *bench) {
		b.plan(task("1", "p1"), task("2", "p1"), dueAt(task("3", "p1"), after(-time.Second)))
		b.claimed(now, "3")
		for _, key := range []string{"3", "1", "2"} {
			b.settle(outcome(b.claimed(after(time.Hour), key)[0], bot.Sent, now))
		}
	}},
	{"what is due again on another network or lane holds nothing back", func(b *bench) {
		reply, mail := task("reply", "p1"), task("mail", "p1")
		reply.Lane, mail.Network = bot.Reply, "telegram"
		b.plan(task("1", "p1"))
		o := outcome(b.claimed(now, "1")[0], bot.Retry, now)
		o.Next = now
		b.settle(o)
		b.plan(dueAt(reply, after(time.Second)))
		b.same("reply", len(b.claimFrom("sms", bot.Reply, after(time.Second), 9)), 1)
		b.settle(outcome(bot.Task{Key: "reply", Attempt: 1}, bot.Sent, now))
		b.plan(dueAt(mail, after(time.Second)))
		b.same("mail", len(b.claimFrom("telegram", bot.Reminder, after(time.Second), 9)), 1)
	}},
	{"a retry that waits holds no later one back", func(b *bench) {
		b.plan(task("1", "p1"), task("2", "p1"))
		o := outcome(b.claimed(now, "1")[0], bot.Retry, now)
		o.Next = after(time.Hour)
		b.settle(o)
		b.claimed(now, "2")
	}},
	{"what is put off with hold is overtaken by nothing", func(b *bench) {
		reply := task("reply", "p1")
		reply.Lane = bot.Reply
		b.plan(task("1", "p1"), dueAt(task("2", "p1"), after(time.Second)), dueAt(reply, after(time.Second)), task("other", "p2"))
		o := outcome(b.claimed(now, "1", "other")[0], bot.Deferred, now)
		o.Next, o.Hold = after(minute), true
		b.settle(o, o)
		b.same("reply", len(b.claimFrom("sms", bot.Reply, after(minute-time.Millisecond), 9)), 0)
		b.claimed(after(minute - time.Millisecond))
		b.due(after(time.Second))
		again := b.claimed(after(minute), "1", "other")[0]
		b.same("attempt and tries", []int{again.Attempt, again.Tries}, []int{2, 0})
		b.settle(outcome(again, bot.Sent, now))
		b.claimed(after(minute), "2")
	}},
	{"what was put off with hold and then dropped, or planned anew, holds nobody", func(b *bench) {
		for name, change := range map[string]bot.Change{
			"drop": {Drop: []string{"rdv/42"}}, "anew": {Tasks: []bot.Task{dueAt(task("held", "p1"), after(time.Hour))}}, "another": {Tasks: []bot.Task{dueAt(task("held", "p2"), after(time.Hour))}},
		} {
			b.commit(bot.Change{Forget: []string{"p1", "p2"}})
			k := task("held", "p1")
			k.Group = "rdv/42"
			b.plan(k)
			o := outcome(b.claimed(now, "held")[0], bot.Deferred, now)
			o.Next, o.Hold = after(minute), true
			b.settle(o)
			b.commit(change)
			b.plan(task("1-"+name, "p1"), task("2-"+name, "p2"))
			b.claimed(now, "1-"+name, "2-"+name)
		}
	}},
	{"what was dropped while it is being sent still holds its recipient", func(b *bench) {
		k := task("1", "p1")
		k.Group = "rdv/42"
		b.plan(k, task("2", "p1"))
		first := b.claimed(now, "1")[0]
		b.commit(bot.Change{Drop: []string{"rdv/42"}})
		b.claimed(now)
		b.settle(outcome(first, bot.Failed, now))
		b.claimed(now, "2")
	}},
	{"sent today", testSentToday},
	{"refs of posts", testRefs},
	{"due", func(b *bench) {
		b.due(time.Time{})
		b.plan(dueAt(task("1", "p1"), after(minute)), dueAt(task("2", "p2"), after(time.Hour)))
		b.due(after(minute))
		b.settle(outcome(b.claimed(after(minute), "1")[0], bot.Sent, now))
		b.due(after(time.Hour))
	}},
	{"more than there are", func(b *bench) {
		b.plan(manyTasks(700)...)
		b.same("claimed", len(b.claim(now, 600)), 600)
		b.same("the rest", len(b.claim(now, 600)), 100)
		b.same("none", len(b.claim(now, 0)), 0)
	}},
}

func testSentToday(b *bench) {
	wake := bot.Task{Key: "wake", To: "p1", At: now}
	reply, failed := task("reply", "p1"), task("failed", "p1")
	reply.Lane = bot.Reply
	b.plan(task("old", "p1"), task("1", "p1"), task("2", "p1"), failed, reply, wake, task("other", "p2"))
	for _, s := range []struct {
		network string
		lane    bot.Lane
		fate    bot.Fate
		at      time.Time
	}{
		{"sms", bot.Reminder, bot.Sent, after(time.Hour)}, // "old" and "other"
		{"sms", bot.Reminder, bot.Sent, after(time.Hour + 1*time.Millisecond)},
		{"sms", bot.Reminder, bot.Sent, after(24 * time.Hour)},
		{"sms", bot.Reminder, bot.Failed, after(24 * time.Hour)},
		{"sms", bot.Reply, bot.Sent, after(24 * time.Hour)},
		{"", bot.Reply, bot.Sent, after(24 * time.Hour)},
	} {
		for _, k := range b.claimFrom(s.network, s.lane, now, 9) {
			b.settle(outcome(k, s.fate, s.at))
		}
	}
	b.plan(dueAt(task("next", "p1"), after(25*time.Hour)))
	b.same("sent today", b.claimed(after(25*time.Hour), "next")[0].SentToday, 2)
}

func testRefs(b *bench) {
	b.plan(task("thread", "p1"), task("post", "p2"))
	for i, k := range b.claim(now, 2) {
		o := outcome(k, bot.Sent, now)
		o.Ref = fmt.Sprintf("ref%d", i)
		b.settle(o)
	}
	k := task("k", "p1")
	k.Message = &bot.Message{Key: "x", Thread: "thread", Replaces: "post"}
	gone := task("gone", "p2")
	gone.Message = &bot.Message{Key: "x", Thread: "never sent"}
	b.plan(k, gone)
	got := b.claimed(now, "k", "gone")
	b.same("refs", []string{got[0].ThreadID, got[0].ReplaceID, got[1].ThreadID, got[1].ReplaceID}, []string{"ref0", "ref1", "", ""})
}
