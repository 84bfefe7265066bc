// Package cluster is what replicas agree on and may lose at any moment: pace, leases, wake-ups. Nothing that must last
// is here: with everything forgotten, a bucket starts full, a lease starts free and a wake-up is replaced by the next
// look at the store. So an engine may be wiped while the bot runs, and no message, answer or cancellation is lost.
//
// Leases here are names that one replica holds (cluster.Hold). How long a claimed task is leased is the scheduler's, and kept in the store.
//
// Alone is the engine of a single process; Redis that of several, on one Redis or Valkey server (redis, redisclock, redishold, rediswake). While that server is down things are
// slower and never wrong: each replica keeps to its share of a pace, and lets its names go in time. Package clustertest holds what every engine must keep.
//
// Pace is a token bucket: it holds at most Burst tokens, fills with PerSecond tokens a second, and starts full. Within
// any w seconds it grants at most Burst + w·PerSecond. A provider that counts per second is therefore configured with
// what it allows less the burst: 90 % of its rate and a burst of a tenth of a second of it.
package cluster
