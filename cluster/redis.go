package cluster

import (
	"context"
	"crypto/rand"
	"encoding/hex"
	"errors"
	"fmt"
	"log/slog"
	"sync"
	"sync/atomic"
	"time"

	"github.com/redis/go-redis/v9"
	"github.com/redis/go-redis/v9/logging"

	"passeur/bot"
)

// Redis is the engine of several replicas on one Redis or Valkey server. Make it with OpenRedis, and Close it.
//
// What stands there, under the prefix, may be gone at any moment (FLUSHALL, a restart, a server that is down):
//
//	pace/<key>   when the tokens granted so far will have been earned, in µs (GCRA's theoretical arrival time)
//	hold/<name>  the token of who holds a name, until its lease ends
//	wake         a channel: "<replica> <network>"
//
// With the server down nothing is wrong and some things are slower: each replica keeps to its share of every pace, names are let go before somebody
// else could hold them, and what fell due is found by looking at the store.
type Redis struct {
	client *redis.Client
	prefix string
	id     string     // of this replica
	here   *InProcess // queues of this process, its bells, and its share of paces
	among  int        // replicas, at most: among them a pace is divided while the server is down
	log    *slog.Logger

	downUntil atomic.Int64 // unix ns: before it the server is not asked for pace
	wakes     wakes
	stop      context.CancelFunc
	running   sync.WaitGroup
}

var _ bot.Cluster = (*Redis)(nil)

// How patient one is with the server. A pace is asked for before each claim: a server that does not answer must not hold sending up.
const (
	dialTimeout  = time.Second
	askTimeout   = 500 * time.Millisecond
	leaveAlone   = time.Second // a server that failed, before it is asked for a pace again
	wakeUpsAhead = 256
)

var errURL = errors.New("cette adresse n'est pas celle d'un serveur Redis ; écrivez-la comme redis://127.0.0.1:6379/0")

// CheckURL tells whether OpenRedis takes an address. Its error does not hold it.
func CheckURL(url string) error {
	if _, err := redis.ParseURL(url); err != nil {
		return errURL
	}
	return nil
}

// OpenRedis makes the engine on the server of a URL ("redis://127.0.0.1:6379/0", "rediss://…", "unix://…"). Keys begin with the prefix, which no other
// installation on that server may have. Among so many replicas, at most, a pace is divided while the server does not answer. It connects to nothing yet, and starts
// goroutines that end with Close. Its error is about the URL, and does not hold it.
func OpenRedis(url, prefix string, among int, log *slog.Logger) (*Redis, error) {
	opts, err := redis.ParseURL(url)
	if err != nil {
		return nil, errURL
	}
	opts.DialTimeout, opts.ReadTimeout, opts.WriteTimeout, opts.MaxRetries = dialTimeout, askTimeout, askTimeout, -1
	logging.Disable() // it writes what it sees of connections to the standard error, for the whole process
	ctx, stop := context.WithCancel(context.Background())
	r := &Redis{client: redis.NewClient(opts), prefix: prefix, id: token(), here: Alone(), among: max(among, 1), log: log, stop: stop}
	r.wakes.init()
	r.running.Go(func() { r.publish(ctx) })
	r.running.Go(func() { r.listen(ctx) })
	return r, nil
}

// Close lets all names of this replica go and ends its connections.
func (r *Redis) Close() error {
	r.stop()
	err := r.client.Close()
	r.running.Wait()
	return err
}

// Ping tells whether the server answers.
func (r *Redis) Ping(ctx context.Context) error {
	if err := r.client.Ping(ctx).Err(); err != nil {
		return fmt.Errorf("il ne répond pas : %w", err)
	}
	return nil
}

// token is a word that nobody else has.
func token() string {
	var b [12]byte
	_, _ = rand.Read(b[:]) // never fails (crypto/rand)
	return hex.EncodeToString(b[:])
}

// gcra grants up to ARGV[4] tokens at ARGV[1] (µs) of a bucket of ARGV[3], one each ARGV[2] µs; else it says in how many µs there is one. A clock that
// stands back gains nothing; by more than a minute, and it was set: the bucket is empty as of now.
var gcra = redis.NewScript(`
local now, each, burst, n = tonumber(ARGV[1]), tonumber(ARGV[2]), tonumber(ARGV[3]), tonumber(ARGV[4])
local earned = tonumber(redis.call('GET', KEYS[1]) or '0')
local full = now + each * burst
if earned < now then earned = now end
if earned > full + 60000000 then earned = full end
local granted = math.floor((full - earned) / each + 0.000001)
if granted > n then granted = n end
if granted < 1 then
  return {0, math.ceil(earned + each - full)}
end
earned = earned + granted * each
redis.call('SET', KEYS[1], string.format('%.3f', earned), 'PX', math.ceil((earned - now) / 1000) + 60000)
return {granted, 0}`)

// Take implements bot.Cluster: all replicas share the pace. While the server does not answer each keeps to its share. It returns no error but ctx's.
func (r *Redis) Take(ctx context.Context, key string, rate bot.Rate, n int, now time.Time) (int, time.Duration, error) {
	if n <= 0 || unlimited(rate) || time.Now().UnixNano() < r.downUntil.Load() {
		return r.takeHere(ctx, key, rate, n, now)
	}
	each := 1e6 / rate.PerSecond
	got, err := gcra.Run(ctx, r.client, []string{r.prefix + "pace/" + key}, now.UnixMicro(), fmt.Sprintf("%.6f", each), max(rate.Burst, 1), n).Int64Slice()
	if err != nil || len(got) != 2 {
		if ctx.Err() != nil {
			return 0, 0, ctx.Err()
		}
		r.failed("pace", err)
		return r.takeHere(ctx, key, rate, n, now)
	}
	return int(got[0]), min(time.Duration(got[1])*time.Microsecond, longest), nil
}

// takeHere takes of this replica's share.
func (r *Redis) takeHere(ctx context.Context, key string, rate bot.Rate, n int, now time.Time) (int, time.Duration, error) {
	rate.PerSecond, rate.Burst = rate.PerSecond/float64(r.among), max(rate.Burst/r.among, 1)
	return r.here.Take(ctx, key, rate, n, now)
}

// failed notes that the server did not answer.
func (r *Redis) failed(what string, err error) {
	until := time.Now().Add(leaveAlone).UnixNano()
	if before := r.downUntil.Swap(until); until-before > int64(10*leaveAlone) {
		r.log.Warn("redis does not answer: slower until it does", "what", what, "err", err)
	}
}
