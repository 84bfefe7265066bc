package main

import (
	"context"
	"crypto/hmac"
	"crypto/sha256"
	"encoding/hex"
	"log/slog"
	"strings"
	"time"

	"passeur/bot"
	"passeur/cluster"
	"passeur/config"
)

// Redis: what several replicas share and may lose. Without a server in the settings there is one replica, and it shares nothing.

// openCluster is what this process shares with others. What it opens has a Close.
func openCluster(cfg *config.Config, key []byte, log *slog.Logger) (bot.Cluster, error) {
	if cfg.Redis.URL == "" {
		return cluster.Alone(), nil
	}
	return cluster.OpenRedis(cfg.Redis.URL.Reveal(), redisPrefix(cfg, key), cfg.Redis.Replicas, log)
}

// redisPrefix begins the keys of those who share a database: another installation on the same server has others, whatever its settings say.
func redisPrefix(cfg *config.Config, key []byte) string {
	mac := hmac.New(sha256.New, key)
	mac.Write([]byte("redis"))
	return cfg.Redis.Prefix + hex.EncodeToString(mac.Sum(nil)[:6]) + ":"
}

// checkRedis looks at the address of the server, for config.
func checkRedis(cfg *config.Config) []config.Fault {
	if cfg.Redis.URL == "" {
		return nil
	}
	if err := cluster.CheckURL(cfg.Redis.URL.Reveal()); err != nil {
		return []config.Fault{{Setting: "redis.url", Text: err.Error()}}
	}
	return nil
}

// redis tries the server that replicas share.
func (r *report) redis(ctx context.Context, cfg *config.Config, key []byte) {
	if cfg.Redis.URL == "" {
		return
	}
	shared, err := cluster.OpenRedis(cfg.Redis.URL.Reveal(), redisPrefix(cfg, key), cfg.Redis.Replicas, quiet())
	if err != nil {
		r.bad("Redis : %v", err)
		return
	}
	defer shared.Close()
	ctx, cancel := context.WithTimeout(ctx, 5*time.Second)
	defer cancel()
	if err := shared.Ping(ctx); err != nil {
		r.bad("Redis : %s. Sans lui tout part quand même, moins vite ; vérifiez qu'il tourne, et son adresse (redis.url).", strings.TrimSuffix(err.Error(), "."))
		return
	}
	r.ok("Redis : il répond. Rien de ce qui doit durer n'y est : il n'a pas besoin d'être sauvegardé.")
}

// holdLoosely waits for a name that one replica should hold, and that all may have while they cannot agree.
func holdLoosely(ctx context.Context, c bot.Cluster, name string, ttl time.Duration) (bot.Lease, error) {
	if loose, ok := c.(interface {
		HoldLoosely(context.Context, string, time.Duration) (bot.Lease, error)
	}); ok {
		return loose.HoldLoosely(ctx, name, ttl)
	}
	return c.Hold(ctx, name, ttl)
}

// loneTTL is how long a network is left alone that a robot listened to alone when it died.
const loneTTL = 30 * time.Second

// listenAlone listens to a network while no other robot does.
func listenAlone(ctx context.Context, c bot.Cluster, n bot.Network, hear bot.Hear) error {
	for ctx.Err() == nil {
		lease, err := holdLoosely(ctx, c, n.Name(), loneTTL)
		if err != nil {
			return nil // ctx ended
		}
		held, stop := bot.While(ctx, lease)
		err = n.Listen(held, hear)
		stop()
		lease.Release()
		if err != nil {
			return err
		}
	}
	return nil
}
