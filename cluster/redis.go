package cluster

import (
	"context"
	"crypto/rand"
	"encoding/hex"
	"errors"
	"fmt"
	"log/slog"
	"slices"
	"sync"
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

	trouble trouble
	clock   func() time.Time // this machine's
	server  serverClock
	held    sync.Map // names by key
	wakes   wakes
	stop    context.CancelFunc
	running sync.WaitGroup
}

var _ bot.Cluster = (*Redis)(nil)

// How patient one is with the server. A pace is asked for before each claim: a server that does not answer must not hold sending up.
const (
	dialTimeout   = time.Second
	askTimeout    = 500 * time.Millisecond
	askAgain      = 200 * time.Millisecond // after a pace that was asked for in vain
	failsToBeDown = 3
	leaveAlone    = 2 * time.Second // a server that is down, before it is asked again
	wakeUpsAhead  = 256
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
	r := &Redis{client: redis.NewClient(opts), prefix: prefix, id: token(), here: Alone(), among: max(among, 1), log: log, clock: time.Now, stop: stop}
	r.wakes.init()
	r.running.Go(func() { r.publish(ctx) })
	r.running.Go(func() { r.listen(ctx) })
	return r, nil
}

// Close ends its connections. Release names before: one that is still held ends with its lease.
func (r *Redis) Close() error {
	r.stop()
	err := r.client.Close()
	r.running.Wait()
	return err
}

// Held are the names that this replica holds, in order.
func (r *Redis) Held() (names []string) {
	r.held.Range(func(_, name any) bool {
		names = append(names, name.(string))
		return true
	})
	slices.Sort(names)
	return names
}

// Ping tells whether the server answers, and lets itself be written to.
func (r *Redis) Ping(ctx context.Context) error {
	err := r.client.Set(ctx, r.prefix+"check", r.id, time.Second).Err()
	var refused redis.Error
	switch {
	case errors.As(err, &refused):
		return fmt.Errorf("il répond, et refuse : %w", err)
	case err != nil:
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
// stands back gains nothing; by more than a minute, and it was set: the bucket is empty as of now. Last it says what time the server has.
var gcra = redis.NewScript(`
local now, each, burst, n = tonumber(ARGV[1]), tonumber(ARGV[2]), tonumber(ARGV[3]), tonumber(ARGV[4])
local earned = tonumber(redis.call('GET', KEYS[1]) or '0')
if earned < now then earned = now end
local owed = earned - now
if owed > each * burst + 60000000 then
  owed = each * burst
  earned = now + owed
  redis.call('SET', KEYS[1], string.format('%.3f', earned), 'PX', math.ceil(owed / 1000) + 60000)
end
local left = each * burst - owed
local clock = redis.call('TIME')
local time = clock[1] * 1000000 + clock[2]
local granted = math.floor(left / each + 0.000001)
if granted > n then granted = n end
if granted < 1 then
  return {0, math.max(math.ceil(each - left), 1), time}
end
earned = earned + granted * each
redis.call('SET', KEYS[1], string.format('%.3f', earned), 'PX', math.ceil((earned - now) / 1000) + 60000)
return {granted, 0, time}`)

// Take implements bot.Cluster: all replicas share the pace. Once the server has failed three times in a row, each keeps to its share for a while; before that
// nothing is granted, since the others may have what is left. It returns no error but ctx's.
func (r *Redis) Take(ctx context.Context, key string, rate bot.Rate, n int, now time.Time) (int, time.Duration, error) {
	if n <= 0 || unlimited(rate) {
		return r.here.Take(ctx, key, rate, n, now)
	}
	if r.trouble.down(time.Now()) {
		return r.takeShare(ctx, key, rate, n, now)
	}
	granted, wait, err := r.takeShared(ctx, key, rate, n, now)
	switch {
	case err == nil:
		r.trouble.over()
		return granted, wait, nil
	case ctx.Err() != nil:
		return 0, 0, ctx.Err()
	case r.trouble.failed(time.Now()):
		r.log.Warn("redis does not answer: each replica keeps to its share of the pace", "err", err)
	}
	return 0, askAgain, nil
}

// takeShared takes of the pace that the server keeps, by the server's clock.
func (r *Redis) takeShared(ctx context.Context, key string, rate bot.Rate, n int, now time.Time) (int, time.Duration, error) {
	if err := r.learnClock(ctx); err != nil {
		return 0, 0, err
	}
	asked := r.clock()
	got, err := gcra.Run(ctx, r.client, []string{r.prefix + "pace/" + key}, r.server.by(now).UnixMicro(), fmt.Sprintf("%.6f", 1e6/rate.PerSecond),
		max(rate.Burst, 1), n).Int64Slice()
	if err != nil {
		return 0, 0, err
	}
	r.server.learn(got[2], asked, r.clock())
	return int(got[0]), min(time.Duration(got[1])*time.Microsecond, longest), nil
}

// learnClock asks the server what time it has, if it never said so. It says so with each answer from then on.
func (r *Redis) learnClock(ctx context.Context) error {
	if r.server.known() {
		return nil
	}
	asked := r.clock()
	now, err := r.client.Time(ctx).Result()
	if err == nil {
		r.server.learn(now.UnixMicro(), asked, r.clock())
	}
	return err
}

// takeShare takes of this replica's share of a pace, which begins empty: what was granted before counts.
func (r *Redis) takeShare(ctx context.Context, key string, rate bot.Rate, n int, now time.Time) (int, time.Duration, error) {
	rate.PerSecond, rate.Burst = rate.PerSecond/float64(r.among), max(rate.Burst/r.among, 1)
	if r.trouble.first(key) {
		if _, _, err := r.here.Take(ctx, key, rate, rate.Burst, now); err != nil {
			return 0, 0, err
		}
	}
	return r.here.Take(ctx, key, rate, n, now)
}

// trouble is what is known of a server that fails. Safe for concurrent use.
type trouble struct {
	mu    sync.Mutex
	inRow int
	until time.Time       // before it the server is not asked
	known map[string]bool // keys whose share was begun since it went down
}

// down tells whether the server is left alone.
func (d *trouble) down(now time.Time) bool {
	d.mu.Lock()
	defer d.mu.Unlock()
	return now.Before(d.until)
}

// failed notes that it did not answer, and tells whether it is down by that.
func (d *trouble) failed(now time.Time) bool {
	d.mu.Lock()
	defer d.mu.Unlock()
	if d.inRow++; d.inRow < failsToBeDown {
		return false
	}
	d.until = now.Add(leaveAlone)
	return d.inRow == failsToBeDown
}

// over notes that it answers.
func (d *trouble) over() {
	d.mu.Lock()
	defer d.mu.Unlock()
	d.inRow, d.known = 0, nil
}

// first tells whether a key is asked for the first time since it went down.
func (d *trouble) first(key string) bool {
	d.mu.Lock()
	defer d.mu.Unlock()
	if d.known == nil {
		d.known = map[string]bool{}
	}
	was := d.known[key]
	d.known[key] = true
	return !was
}
