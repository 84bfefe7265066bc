package cluster

import (
	"context"
	"sync"
	"time"

	"github.com/redis/go-redis/v9"

	"passeur/bot"
)

// Names that one replica holds, in Redis. A holder renews three times in a lease; one that could not renew lets go before the lease ends on the server, so
// that nobody else can have it meanwhile. After FLUSHALL the holder takes its name again at the next renewal, unless another one was quicker: then
// it is lost.

// renew makes the lease of ARGV[1] last ARGV[2] ms from now, if it is still there or nobody's.
var renew = redis.NewScript(`
local holder = redis.call('GET', KEYS[1])
if holder and holder ~= ARGV[1] then return 0 end
redis.call('SET', KEYS[1], ARGV[1], 'PX', ARGV[2])
return 1`)

// letGo frees a name that ARGV[1] holds.
var letGo = redis.NewScript(`
if redis.call('GET', KEYS[1]) == ARGV[1] then redis.call('DEL', KEYS[1]) end
return 0`)

// Hold implements bot.Cluster. Within this process the first who asks is the first to have it; among replicas whoever looks first once it is free. A
// server that does not answer gives nothing.
func (r *Redis) Hold(ctx context.Context, name string, ttl time.Duration) (bot.Lease, error) {
	turn, err := r.here.Hold(ctx, name, ttl)
	if err != nil {
		return nil, err
	}
	l := &redisLease{r: r, key: r.prefix + "hold/" + name, token: token(), ttl: ttl, turn: turn, lost: make(chan struct{}), released: make(chan struct{})}
	for {
		asked := time.Now()
		free, err := r.client.SetNX(ctx, l.key, l.token, ttl).Result()
		switch {
		case err == nil && free:
			go l.keep(asked)
			return l, nil
		case ctx.Err() != nil:
			turn.Release()
			return nil, ctx.Err()
		}
		select {
		case <-time.After(min(ttl/10, time.Second)):
		case <-ctx.Done():
		}
	}
}

// redisLease is a name held.
type redisLease struct {
	r          *Redis
	key, token string
	ttl        time.Duration
	turn       bot.Lease // of this process
	lost       chan struct{}
	released   chan struct{}
	once       sync.Once
}

func (l *redisLease) Lost() <-chan struct{} { return l.lost }

// Release implements bot.Lease.
func (l *redisLease) Release() {
	l.once.Do(func() {
		close(l.released)
		ctx, cancel := context.WithTimeout(context.Background(), askTimeout)
		defer cancel()
		_ = letGo.Run(ctx, l.r.client, []string{l.key}, l.token).Err() // else it ends by itself
		l.turn.Release()
	})
}

// keep renews until the lease is released or lost. since is when the server was asked last with success: the lease ends ttl behind it, or later.
func (l *redisLease) keep(since time.Time) {
	for {
		select {
		case <-l.released:
			return
		case <-time.After(l.ttl / 3):
		}
		for {
			asked := time.Now()
			ctx, cancel := context.WithTimeout(context.Background(), min(askTimeout, l.ttl/6))
			still, err := renew.Run(ctx, l.r.client, []string{l.key}, l.token, l.ttl.Milliseconds()).Int()
			cancel()
			if err == nil && still == 1 {
				since = asked
				break
			}
			if err == nil || time.Since(since) > l.ttl*5/6 {
				close(l.lost)
				return
			}
			select {
			case <-l.released:
				return
			case <-time.After(l.ttl / 20):
			}
		}
	}
}
