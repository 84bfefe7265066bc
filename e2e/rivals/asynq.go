package main

import (
	"context"
	"encoding/json"
	"fmt"
	"sync"
	"sync/atomic"
	"time"

	"github.com/hibiken/asynq"
	"github.com/redis/go-redis/v9"
)

// onAsynq is asynq on a Redis that notes everything it is told in a file, which it has written to the disk every second: what its pages
// advise, and what may lose the last second in a power cut.
type onAsynq struct{ server asynq.RedisConnOpt }

func openAsynq(ctx context.Context, at string) (queue, error) {
	o, err := redis.ParseURL(at)
	if err != nil {
		return nil, err
	}
	db := redis.NewClient(o)
	defer db.Close()
	for name, value := range map[string]string{"appendonly": "yes", "appendfsync": "everysec"} {
		if err := db.ConfigSet(ctx, name, value).Err(); err != nil {
			return nil, err
		}
	}
	return &onAsynq{asynq.RedisClientOpt{Addr: o.Addr, DB: o.DB}}, nil
}

func (q *onAsynq) fill(ctx context.Context, messages []Message) (string, error) {
	client := asynq.NewClient(q.server)
	defer client.Close()
	var next atomic.Int64
	var all sync.WaitGroup
	faults := make(chan error, connections)
	for range connections {
		all.Go(func() {
			for i := next.Add(1) - 1; i < int64(len(messages)); i = next.Add(1) - 1 {
				raw, err := json.Marshal(messages[i])
				if err == nil {
					_, err = client.EnqueueContext(ctx, asynq.NewTask(Message{}.Kind(), raw))
				}
				if err != nil {
					faults <- err
					return
				}
			}
		})
	}
	all.Wait()
	close(faults)
	return fmt.Sprintf("asynq: %d workers, Redis with appendonly yes, appendfsync everysec", connections), <-faults
}

func (q *onAsynq) deliver(ctx context.Context, g *gateway, n int) error {
	g.left.Store(int64(n))
	server := asynq.NewServer(q.server, asynq.Config{Concurrency: connections, LogLevel: asynq.FatalLevel})
	err := server.Start(asynq.HandlerFunc(func(ctx context.Context, t *asynq.Task) error {
		var m Message
		if err := json.Unmarshal(t.Payload(), &m); err != nil {
			return err
		}
		return g.send(ctx, m)
	}))
	if err != nil {
		return err
	}
	<-g.all
	return q.untilNoted()
}

// untilNoted waits until no task is left: what was completed is taken out of Redis.
func (q *onAsynq) untilNoted() error {
	inspector := asynq.NewInspector(q.server)
	defer inspector.Close()
	for {
		info, err := inspector.GetQueueInfo("default")
		if err != nil || info.Size == 0 {
			return err
		}
		time.Sleep(time.Millisecond)
	}
}
