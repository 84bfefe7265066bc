// Package mattermost_test proves the Mattermost adapter against a real server: one server for all of its tests, and new
// people for each of them.
package mattermost_test

import (
	"context"
	"errors"
	"fmt"
	"log/slog"
	"slices"
	"strings"
	"sync"
	"testing"
	"time"

	"passeur/adapters/mattermost"
	"passeur/bot"
	"passeur/e2e/peers"
)

// limit is how long anything may take before a test gives up; nothing is expected to take a second.
const limit = 30 * time.Second

func TestMattermost(t *testing.T) {
	server := peers.StartMattermost(t)
	for _, test := range []struct {
		name string
		run  func(*testing.T, *peers.Mattermost)
	}{
		{"the first message is heard", firstMessage},
		{"a first message written while the bot was down is heard", firstMessageMissed},
		{"what an earlier life answered is not heard again", earlierLife},
		{"a reply tells what its thread is about", reply},
		{"own posts, edits and what integrations post are ignored", ignored},
		{"a deactivated account is ignored", deactivated},
		{"only members of the team are counsellors", members},
		{"roles and places by channel", rolesByChannel},
		{"roles and places by channel: followed by events", comingAndGoing},
		{"roles by the team: followed by events", rolesByTeam},
		{"a name and a language that change", renamed},
		{"events are lost: the sweep finds what they told", eventsLost},
		{"who left while the bot was down", goneMeanwhile},
		{"news of people that are not taken", notTakenYet},
		{"a channel that gives a role becomes public", opened},
		{"a channel that gives a role became public, unheard", openedUnheard},
		{"channels that cannot be what the settings say", badChannels},
		{"a channel synchronised with groups", synchronised},
		{"an open team", openTeam},
		{"words that are not taken are heard again, the others go on", notTaken},
		{"a cursor whose post was deleted", deletedCursor},
		{"300 posts written meanwhile, the server restarted", caughtUp},
		{"two adapters give the same events", twoAdapters},
		{"send: key, thread, replacement, gone posts", send},
		{"send: in the thread of a channel's post, also when that is gone", sendBelow},
		{"send: a lost answer is not a second post", lostAnswer},
		{"send: a long text is split", longText},
		{"send: nobody is called", nobodyCalled},
		{"send: what is refused", refused},
		{"files that come with words, also while the bot was down", filesHeard},
		{"send: a file, once, and after an edit", fileSent},
		{"send: a file to a server that takes none", noFiles},
		{"buttons: pressed, heard, taken off", pressed},
		{"buttons, dialogs, the slash command: nothing forged is heard", forged},
		{"a menu where there are many answers", menu},
		{"buttons: a press that is not kept is told", pressLost},
		{"buttons: a second click does not answer the question that took the place", pressedTwice},
		{"the slash command is heard", command},
		{"the slash command: each proof is asked for", commandForged},
		{"the locale of who speaks is told", locale},
		{"what is said at once is in the reader's language", saidAtOnce},
		{"dialogs: opened, sent, refused by field, sent again", dialogs},
		{"reactions answer a question, also those made meanwhile", reacted},
		{"reactions: any other is nothing", reactedElsewhere},
		{"reactions: one that is older than the question is nothing", reactedBefore},
		{"marks: a post of a channel is marked, heard once, also those made meanwhile", marks},
		{"marks: direct messages, other emojis, bots' posts, deleted posts, who took the mark off are nothing", marksElsewhere},
		{"marks: one that is not taken is told again", marksNotTaken},
		{"marks: among more than the server tells of", marksOfACrowd},
		{"presence: of those who have a role", presence},
		{"presence: read when listening begins", presenceAtOnce},
		{"presence: that it cannot be read ends nothing", presenceRefused},
		{"check", check},
		{"check: the emoji that marks", checkMarks},
		{"check: the bot presses its own button", checkButtons},
		{"check: nothing forged is answered", selfForged},
		{"a revoked token is noticed", revoked},
		{"connections cut and swallowed", cut},
		{"a server that limits the rate", limited},
	} {
		t.Run(test.name, func(t *testing.T) { test.run(t, server) })
	}
}

// listening is a running adapter and what it heard. As the bot does, it handles an ID once and keeps the cursors.
type listening struct {
	*mattermost.Network
	mu      sync.Mutex
	events  []bot.Event
	times   map[string]int
	cursors map[string]string
	refuse  func(bot.Event) bool
	answer  func(bot.Event) bot.Response
	stop    func()
	ended   chan error
}

func config(s *peers.Mattermost) mattermost.Config {
	return mattermost.Config{URL: s.URL, Token: s.Token, Probe: 100 * time.Millisecond, Pause: 20 * time.Millisecond}
}

// listen starts an adapter that resumes from cursors; it ends with the test, or by stop.
func listen(t *testing.T, cfg mattermost.Config, cursors map[string]string) *listening {
	t.Helper()
	l := &listening{times: map[string]int{}, cursors: map[string]string{}, ended: make(chan error, 1)}
	for name, value := range cursors {
		l.cursors[name] = value
	}
	stored := func(context.Context) (map[string]string, error) { return cursors, nil }
	l.Network = mattermost.New(cfg, stored, slog.New(slog.DiscardHandler))
	ctx, cancel := context.WithCancel(context.Background())
	go func() { l.ended <- l.Listen(ctx, l.hear) }()
	l.stop = sync.OnceFunc(func() {
		cancel()
		if err := <-l.ended; err != nil {
			t.Errorf("Listen: %v", err)
		}
	})
	t.Cleanup(l.stop)
	return l
}

func (l *listening) hear(_ context.Context, e bot.Event) (bot.Response, error) {
	l.mu.Lock()
	defer l.mu.Unlock()
	if l.refuse != nil && l.refuse(e) {
		return bot.Response{}, errors.New("the store is away")
	}
	l.times[e.ID]++
	l.cursors[e.Resuming] = e.Cursor
	if l.times[e.ID] == 1 {
		l.events = append(l.events, e)
	}
	if l.answer != nil {
		return l.answer(e), nil
	}
	return bot.Response{}, nil
}

// answers says what the network takes back of the events heard from now on.
func (l *listening) answers(f func(bot.Event) bot.Response) {
	l.mu.Lock()
	defer l.mu.Unlock()
	l.answer = f
}

// from returns what was heard of one person, news returns what was told of her.
func (l *listening) from(u *peers.User) []bot.Event {
	return l.which(func(e bot.Event) bool { return e.From == address(u) && e.Intent != bot.MemberIntent })
}

func (l *listening) news(u *peers.User) []bot.Event {
	return l.which(func(e bot.Event) bool { return e.From == address(u) && e.Intent == bot.MemberIntent })
}

func (l *listening) which(wanted func(bot.Event) bool) []bot.Event {
	l.mu.Lock()
	defer l.mu.Unlock()
	return slices.DeleteFunc(slices.Clone(l.events), func(e bot.Event) bool { return !wanted(e) })
}

// wait returns what was heard of somebody, once that is n events.
func (l *listening) wait(t *testing.T, u *peers.User, n int) []bot.Event {
	t.Helper()
	var events []bot.Event
	peers.Until(t, limit, "", func() error {
		if events = l.from(u); len(events) < n {
			return fmt.Errorf("%d of %d events heard from %s", len(events), n, u.Username)
		}
		return nil
	})
	if len(events) > n {
		t.Fatalf("%d events heard from %s, want %d", len(events), u.Username, n)
	}
	return events
}

func address(u *peers.User) bot.Address { return bot.Address("mattermost:" + u.Id) }

func texts(events []bot.Event) string {
	var all []string
	for _, e := range events {
		all = append(all, e.Text)
	}
	return strings.Join(all, "|")
}

// person makes somebody with a name that no other test uses.
func person(t *testing.T, s *peers.Mattermost) *peers.User {
	t.Helper()
	return s.NewUser(t, uniqueName())
}
