//go:build unix

package main

import (
	"maps"
	"strings"
	"testing"
	"time"

	"passeur/adapters/telegram/telegramtest"
	"passeur/e2e/peers"
)

// TestServeOnRedis: the running bot listens under a lease of the server and keeps its pace there; while the server is gone it goes on, and it takes its lease
// again once that is back.
func TestServeOnRedis(t *testing.T) {
	redis := peers.StartRedis(t)
	api := telegramtest.New()
	defer api.Close()
	gateway, err := openGateway(func(handedOver) {})
	if err != nil {
		t.Fatal(err)
	}
	defer gateway.close()
	env := overKannel("", gateway.url())
	maps.Copy(env, onTelegram(api.URL, telegramtest.Token, telegramtest.Account))
	env["PASSEUR_REDIS_URL"], env["PASSEUR_LISTEN"] = redis.URL, peers.Addr(peers.FreePort(t))
	startServer(t, env)
	answered := func(chat int64) {
		t.Helper()
		api.Say(chat, "/start")
		if !until(time.Minute, 20*time.Millisecond, func() bool {
			for _, m := range api.Messages() {
				if m.Chat == chat && strings.Contains(m.Text, "Bonjour") {
					return true
				}
			}
			return false
		}) {
			t.Fatalf("chat %d is not answered", chat)
		}
	}
	answered(1)
	redis.Flush(t)
	answered(2)
	redis.Stop(t)
	<-time.After(2 * time.Second)
	redis.Start(t)
	answered(3)
}

// TestCheckRedis: the check says whether the server answers, and an address that is none, without its password.
func TestCheckRedis(t *testing.T) {
	t.Chdir(t.TempDir())
	redis := peers.StartRedis(t)
	t.Setenv("PASSEUR_REDIS_URL", redis.URL)
	out, err := passeur(t, "", "check")
	if err != nil {
		t.Fatal(err)
	}
	contains(t, out, "✓ Redis : il répond.")
	redis.Stop(t)
	out, err = passeur(t, "", "check")
	if err == nil {
		t.Error("a server that is gone is well")
	}
	contains(t, out, "✗ Redis : il ne répond pas", "tout part quand même")
	t.Setenv("PASSEUR_REDIS_URL", "http://:motdepasse@127.0.0.1")
	if out, err = passeur(t, "", "check"); err == nil || strings.Contains(out, "motdepasse") {
		t.Errorf("%v: %s", err, out)
	}
	contains(t, out, "PASSEUR_REDIS_URL", "redis://127.0.0.1:6379/0")
}
