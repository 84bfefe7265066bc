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

// renew makes the lease of ARGV[1] last ARGV[2] ms from now, if it is still there or nobody's; so it begins one, too.
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
	return r.hold(ctx, name, ttl, false)
}

// HoldLoosely is Hold for what replicas may do at once without harm, and should not leave undone: when the server has not answered for twice ttl, so
// that whoever held the name has let it go, each has it, until the server answers again.
func (r *Redis) HoldLoosely(ctx context.Context, name string, ttl time.Duration) (bot.Lease, error) {
	return r.hold(ctx, name, ttl, true)
}

func (r *Redis) hold(ctx context.Context, name string, ttl time.Duration, loosely bool) (bot.Lease, error) {
	turn, err := r.here.Hold(ctx, name, ttl)
	if err != nil {
		return nil, err
	}
	l := &redisLease{r: r, key: r.prefix + "hold/" + name, token: token(), ttl: ttl, turn: turn, lost: make(chan struct{}), released: make(chan struct{})}
	answered := time.Now()
	for {
		asked := time.Now()
		free, err := renew.Run(ctx, r.client, []string{l.key}, l.token, ttl.Milliseconds()).Int() // ours already, when an answer came too late
		switch {
		case err == nil && free == 1:
			r.held.Store(l.key, name)
			go l.keep(asked)
			return l, nil
		case ctx.Err() != nil:
			turn.Release()
			return nil, ctx.Err()
		case err == nil:
			answered = time.Now()
		case loosely && time.Since(answered) > 2*ttl:
			r.log.Warn("redis does not answer: this replica does what one of them does, without knowing of the others", "name", name)
			r.held.Store(l.key, name)
			go l.untilAnswered()
			return l, nil
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

// lose tells the holder to stop.
func (l *redisLease) lose() {
	l.r.held.Delete(l.key)
	close(l.lost)
}

func (l *redisLease) Lost() <-chan struct{} { return l.lost }

// Release implements bot.Lease.
func (l *redisLease) Release() {
	l.once.Do(func() {
		close(l.released)
		l.r.held.Delete(l.key)
		ctx, cancel := context.WithTimeout(context.Background(), askTimeout)
		defer cancel()
		_ = letGo.Run(ctx, l.r.client, []string{l.key}, l.token).Err() // else it ends by itself
		l.turn.Release()
	})
}

// untilAnswered loses a lease that nobody gave once the server answers again.
func (l *redisLease) untilAnswered() {
	for {
		select {
		case <-l.released:
			return
		case <-time.After(min(l.ttl/3, time.Second)):
		}
		ctx, cancel := context.WithTimeout(context.Background(), askTimeout)
		err := l.r.Ping(ctx)
		cancel()
		if err == nil {
			l.lose()
			return
		}
	}
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
				l.lose()
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
