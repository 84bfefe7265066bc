//go:build unix

package main

import (
	"cmp"
	"context"
	"fmt"
	"maps"
	"os"
	"os/exec"
	"path/filepath"
	"slices"
	"strings"
	"sync"
	"testing"
	"time"

	"passeur/adapters/telegram/telegramtest"
)

// takeovers kills the robot that listens to Mattermost and Telegram, again and again, and measures how long both are listened to by nobody.
func takeovers(t *testing.T, program binary, b *bars) {
	c := newTroubled(t, program, 1)
	api := telegramtest.New()
	defer api.Close()
	maps.Copy(c.set, onTelegram(api.URL, telegramtest.Token, telegramtest.Account))
	c.open()
	c.startAll()
	words := c.counsellors()
	var worst time.Duration
	for round := range size("CHAOS_TAKEOVERS", 5) {
		i, holds := c.holder("mattermost")
		killed := time.Now()
		c.take(i).kill(t)
		said := fmt.Sprint("zz ", 9000+round)
		c.mm.Post(t, words.user, said)
		before := api.Polls()
		heard, polled := time.Duration(0), time.Duration(0)
		if !until(time.Minute, 20*time.Millisecond, func() bool {
			if _, answered, _ := c.mm.words(t, words.user); heard == 0 && answered[said] > 0 {
				heard = time.Since(killed)
			}
			if polled == 0 && (!slices.Contains(holds, "telegram") || api.Polls() > before) {
				polled = time.Since(killed)
			}
			return heard > 0 && polled > 0
		}) {
			t.Fatalf("nobody takes over: Mattermost %v, Telegram %v", heard, polled)
		}
		fmt.Printf("  robot %d, which held %s, was killed: Mattermost is answered after %v, Telegram asked after %v\n", i, strings.Join(holds, " and "),
			heard.Round(100*time.Millisecond), polled.Round(100*time.Millisecond))
		worst = max(worst, heard, polled)
		c.start(i)
	}
	words.answered(t)
	b.add("takeover_s", rounded(worst.Seconds(), 1))
	c.stopAll()
}

// holder finds the robot that holds a name, as it says itself, and what else it holds. (It says so every few seconds.)
func (c *troubled) holder(name string) (i int, holds []string) {
	c.t.Helper()
	if !until(time.Minute, 200*time.Millisecond, func() bool {
		all, now, err := replicasNow(c.t.Context(), c.db)
		if err != nil {
			c.t.Fatal(err)
		}
		for _, r := range all {
			_, port, _ := strings.Cut(r.Name, ":")
			i = slices.IndexFunc(c.listen[:], func(at string) bool { return strings.HasSuffix(at, ":"+port) })
			if slices.Contains(r.Holds, name) && now.Sub(r.At) < 2*beatEvery && i >= 0 && r.Since.After(c.begun[i]) { // not of its life before
				holds = r.Holds
				return true
			}
		}
		return false
	}) {
		c.t.Fatalf("nobody holds %s", name)
	}
	return i, holds
}

// rolling replaces three robots of the release before by those of this one, one after the other, while messages leave and come.
// PREVIOUS names the release before as git does; without it that is the last tag, or else the commit before this one.
func rolling(t *testing.T, program binary, b *bars) {
	before := builtOf(t, os.Getenv("PREVIOUS"))
	lasts := time.Duration(size("CHAOS_ROLLING", 90)) * time.Second
	sends, incoming := int(lasts.Seconds())*100, int(lasts.Seconds())*8
	c := newTroubled(t, before, 2)
	c.startAll() // who begin with the schema that they know
	c.open()
	words := c.counsellors()
	c.fill(sends, incoming, lasts)
	ctx, stop := context.WithTimeout(t.Context(), lasts)
	defer stop()
	var crowd sync.WaitGroup
	crowd.Go(func() { c.hear(incoming, lasts) })
	crowd.Go(func() { words.write(ctx, t) })
	c.program = program
	for i := range robots {
		<-time.After(lasts / 4)
		c.restart(i)
		c.alive()
	}
	<-ctx.Done()
	crowd.Wait()
	stuck := c.drain()
	lost := c.missing(sends) + c.unanswered(incoming)
	again, disorder, _ := c.gateway.figures()
	fmt.Printf("  %d robots replaced: %d lost, %d came again, %d in disorder, %d stuck; stops took %v at most\n",
		len(c.stops), lost, again, disorder, stuck, slices.Max(c.stops).Round(time.Millisecond))
	words.answered(t)
	b.add("rolling_lost", float64(lost))
	b.add("rolling_twice", float64(again))
	if lost+again+disorder+stuck > 0 {
		t.Errorf("a rolling restart lost %d, doubled %d, disordered %d and left %d", lost, again, disorder, stuck)
	}
	c.stopAll()
}

// builtOf builds the program of an earlier revision, in a working tree of its own.
func builtOf(t *testing.T, revision string) binary {
	t.Helper()
	if revision == "" {
		out, err := exec.Command("git", "describe", "--tags", "--abbrev=0").Output()
		revision = cmp.Or(strings.TrimSpace(string(out)), "HEAD~1")
		if err != nil {
			revision = "HEAD~1"
		}
	}
	dir := filepath.Join(t.TempDir(), "before")
	if out, err := exec.Command("git", "worktree", "add", "--detach", dir, revision).CombinedOutput(); err != nil {
		t.Fatalf("git worktree: %v\n%s", err, out)
	}
	t.Cleanup(func() { _ = exec.Command("git", "worktree", "remove", "--force", dir).Run() })
	path := filepath.Join(t.TempDir(), "passeur-before")
	build := exec.Command("go", "build", "-o", path, ".")
	build.Dir = dir
	if out, err := build.CombinedOutput(); err != nil {
		t.Fatalf("go build of %s: %v\n%s", revision, err, out)
	}
	fmt.Printf("\nfrom %s to this release, robot by robot, while messages leave and come\n", revision)
	return binary(path)
}
