package storetest

import (
	"time"

	"passeur/bot"
)

var settleTests = []test{
	{"deferred: due again, no try counted", func(b *bench) { b.postponed(bot.Deferred, 0) }},
	{"retry: due again, a try counted", func(b *bench) { b.postponed(bot.Retry, 1) }},
	{"rerouted: due on the other network, under the same key, tried there never", func(b *bench) {
		b.plan(task("k", "p1"), task("later", "p1"))
		again := outcome(b.claimed(now, "k")[0], bot.Retry, now)
		again.Next = now
		b.settle(again)
		o := outcome(b.claimed(now, "k")[0], bot.Rerouted, now)
		o.Network, o.Next = "telegram", now
		o.FollowUp = &bot.Task{Key: "k/follow", At: now, Intent: "injoignable"}
		b.settle(o)
		b.claimed(now, "later")
		b.same("held", len(b.claimFrom("telegram", bot.Reminder, now, 9)), 0)
		b.settle(outcome(bot.Task{Key: "later", Attempt: 1}, bot.Sent, now))
		got := b.claimFrom("telegram", bot.Reminder, now, 9)
		b.same("there", keys(got), []string{"k"})
		b.same("tries", got[0].Tries, 0)
		b.same("network", got[0].Network, "telegram")
		b.same("follow-up", len(b.claimFrom("", bot.Reply, now, 9)), 1)
		b.settle(outcome(got[0], bot.Sent, now))
		b.claimed(now)
	}},
	{"rerouting needs its attempt", func(b *bench) {
		b.plan(task("k", "p1"))
		old := b.claimed(now, "k")[0]
		b.claimed(after(minute), "k")
		o := outcome(old, bot.Rerouted, now)
		o.Network, o.Next = "telegram", now
		b.settle(o)
		b.same("elsewhere", len(b.claimFrom("telegram", bot.Reminder, after(2*minute), 9)), 0)
		b.claimed(after(2*minute), "k")
	}},
	{"what postpones needs its attempt", func(b *bench) { b.fenced(bot.Retry, "k") }},
	{"what fails needs its attempt", func(b *bench) { b.fenced(bot.Failed, "k") }},
	{"what was sent is noted whatever the attempt", func(b *bench) { b.fenced(bot.Sent) }},
	{"settling twice does nothing twice", func(b *bench) {
		b.plan(task("k", "p1"))
		o := outcome(b.claimed(now, "k")[0], bot.Retry, now)
		o.Next = after(minute)
		b.settle(o, o)
		b.settle(o)
		b.same("tries", b.claimed(after(minute), "k")[0].Tries, 1)
	}},
	{"tell is written with the outcome", func(b *bench) {
		b.plan(task("k", "p1"))
		o := outcome(b.claimed(now, "k")[0], bot.Failed, now)
		tell := task("tell", "")
		o.FollowUp = &tell
		b.settle(o)
		b.claimed(now, "tell")
	}},
	{"tell is not written when the outcome does not count", func(b *bench) {
		k := task("k", "p1")
		k.Group = "rdv/42"
		b.plan(k)
		o := outcome(b.claimed(now, "k")[0], bot.Sent, now)
		tell := task("tell", "")
		o.FollowUp = &tell
		b.commit(bot.Change{Drop: []string{"rdv/42"}})
		b.settle(o)
		b.claimed(now)
	}},
	{"dropped while being sent: noted as sent", func(b *bench) { b.dropped(bot.Sent) }},
	{"dropped while being sent: a failure counts for nothing", func(b *bench) { b.dropped(bot.Failed, "k") }},
	{"moved while being sent: a failure counts for nothing", func(b *bench) {
		b.plan(task("k", "p1"))
		claimed := b.claimed(now, "k")[0]
		b.plan(dueAt(task("k", "p1"), after(time.Hour)))
		b.settle(outcome(claimed, bot.Failed, now))
		b.due(after(time.Hour))
		if again := b.claimed(after(time.Hour), "k")[0]; again.Attempt <= claimed.Attempt+1 {
			b.Fatalf("attempt %d after %d: the move raised nothing", again.Attempt, claimed.Attempt)
		}
	}},
	{"moved while being sent: sent all the same", func(b *bench) {
		b.plan(task("k", "p1"))
		claimed := b.claimed(now, "k")[0]
		b.plan(dueAt(task("k", "p1"), after(time.Hour)))
		b.settle(outcome(claimed, bot.Sent, now))
		b.due(time.Time{})
	}},
	{"moved while being sent: the recipient is held", func(b *bench) {
		b.plan(task("k", "p1"))
		claimed := b.claimed(now, "k")[0]
		b.plan(task("k", "p1"))
		b.claimed(now)
		b.settle(outcome(claimed, bot.Sent, now))
	}},
	{"forgotten while being sent", func(b *bench) {
		b.plan(task("k", "p1"))
		claimed := b.claimed(now, "k")[0]
		b.commit(bot.Change{Forget: []string{"p1"}})
		b.settle(outcome(claimed, bot.Sent, now))
		b.claimed(after(time.Hour))
	}},
	{"an unknown fate is refused", func(b *bench) {
		if err := b.Store.Settle(b.Context(), []bot.Outcome{{Key: "k", Fate: "lost"}}); err == nil {
			b.Fatal("an unknown fate was settled")
		}
	}},
	{"nothing to settle", func(b *bench) { b.settle() }},
	{"many in one commit", testSettleMany},
}

// dropped settles a task that was dropped while it was being sent, and plans it again.
func (b *bench) dropped(fate bot.Fate, left ...string) {
	b.Helper()
	k := task("k", "p1")
	k.Group = "rdv/42"
	b.plan(k)
	claimed := b.claimed(now, "k")[0]
	b.commit(bot.Change{Drop: []string{"rdv/42"}})
	b.settle(outcome(claimed, fate, now))
	b.plan(k)
	b.claimed(after(time.Hour), left...)
}

// postponed settles a claimed task for later.
func (b *bench) postponed(fate bot.Fate, tries int) {
	b.Helper()
	b.plan(task("k", "p1"))
	o := outcome(b.claimed(now, "k")[0], fate, now)
	o.Next = after(5 * time.Second)
	b.settle(o)
	b.due(after(5 * time.Second))
	b.claimed(after(4 * time.Second))
	again := b.claimed(after(5*time.Second), "k")[0]
	b.same("attempt and tries", []int{again.Attempt, again.Tries}, []int{2, tries})
}

// fenced settles an attempt whose lease ran out and whose task was claimed again.
func (b *bench) fenced(fate bot.Fate, left ...string) {
	b.Helper()
	b.plan(task("k", "p1"))
	old := b.claimed(now, "k")[0]
	b.claimed(after(minute), "k")
	o := outcome(old, fate, now)
	o.Next = now
	b.settle(o)
	b.claimed(after(minute)) // the second attempt is still under way
	b.claimed(after(2*minute), left...)
}

func testSettleMany(b *bench) {
	b.plan(manyTasks(500)...)
	var done []bot.Outcome
	for i, k := range b.claim(now, 500) {
		fate := []bot.Fate{bot.Sent, bot.Retry, bot.Failed, bot.Deferred}[i%4]
		o := outcome(k, fate, now)
		o.Next = after(minute)
		done = append(done, o)
	}
	b.settle(done...)
	b.same("still pending", len(b.claim(after(minute), 500)), 250)
}
