package mattermost

import (
	"bytes"
	"context"
	"encoding/json"
	"fmt"
	"net/http"
	"strings"
	"time"

	"github.com/gorilla/websocket"
	"github.com/mattermost/mattermost/server/public/model"
)

// socket is one WebSocket connection. The model package's own client is not used: closing it while the server
// pings can panic, and a peer that vanishes leaves it blocked.
type socket struct {
	conn    *websocket.Conn
	silence time.Duration // after which it is dead, even when nobody closed it
	frames  chan []byte   // closed when the connection is over
	over    chan struct{} // closed by close
}

const (
	silence    = 75 * time.Second // the server pings every 60 s, the bot more than twice in that time
	frameLimit = 8 << 20          // bytes; a post's own limit is 300 kB
)

// dial opens the socket and waits until the server has registered it (hello): what is posted from then on rings.
func (a *Network) dial(ctx context.Context) (*socket, error) {
	if err := a.wire.wait(ctx, time.Now().Add(mostPatience)); err != nil {
		return nil, fmt.Errorf("mattermost: websocket: %w", err)
	}
	dialer := websocket.Dialer{Proxy: http.ProxyFromEnvironment, HandshakeTimeout: 15 * time.Second}
	address := "ws" + strings.TrimPrefix(a.cfg.URL, "http") + model.APIURLSuffix + "/websocket"
	conn, resp, err := dialer.DialContext(ctx, address, http.Header{"Authorization": {"Bearer " + a.cfg.Token}})
	switch {
	case err != nil && resp != nil && resp.StatusCode == http.StatusTooManyRequests:
		return nil, fmt.Errorf("mattermost: websocket: %w", a.wire.limited(resp.Header))
	case err != nil && resp != nil:
		return nil, fmt.Errorf("mattermost: websocket: %w (HTTP %d)", err, resp.StatusCode)
	case err != nil:
		return nil, fmt.Errorf("mattermost: websocket: %w", err)
	}
	s := &socket{conn: conn, silence: a.cfg.Silence, frames: make(chan []byte, 64), over: make(chan struct{})}
	version, err := s.hello()
	if err != nil {
		conn.Close()
		return nil, err
	}
	a.mu.Lock()
	a.major, a.minor = versionOf(version)
	a.mu.Unlock()
	go s.read()
	go s.ping()
	return s, nil
}

// hello waits for the first event of a registered connection, which says the server's version.
func (s *socket) hello() (version string, err error) {
	s.conn.SetReadLimit(frameLimit)
	_ = s.conn.SetReadDeadline(time.Now().Add(15 * time.Second))
	for {
		_, frame, err := s.conn.ReadMessage()
		if err != nil {
			return "", fmt.Errorf("mattermost: websocket: no hello: %w", err)
		}
		if e := parsed(frame); e != nil && e.EventType() == model.WebsocketEventHello {
			version, _ := e.GetData()["server_version"].(string)
			return version, nil
		}
	}
}

// read hands the frames over until the connection ends.
func (s *socket) read() {
	defer close(s.frames)
	s.alive()
	s.conn.SetPongHandler(func(string) error { s.alive(); return nil })
	s.conn.SetPingHandler(func(data string) error {
		s.alive()
		_ = s.conn.WriteControl(websocket.PongMessage, []byte(data), time.Now().Add(5*time.Second))
		return nil
	})
	for {
		_, frame, err := s.conn.ReadMessage()
		if err != nil {
			return
		}
		s.alive()
		select {
		case s.frames <- frame:
		case <-s.over:
			return
		}
	}
}

func (s *socket) alive() { _ = s.conn.SetReadDeadline(time.Now().Add(s.silence)) }

func (s *socket) ping() {
	tick := time.NewTicker(s.silence * 2 / 5)
	defer tick.Stop()
	for {
		select {
		case <-tick.C:
			_ = s.conn.WriteControl(websocket.PingMessage, nil, time.Now().Add(5*time.Second))
		case <-s.over:
			return
		}
	}
}

// close ends the connection and the two goroutines; it is called once.
func (s *socket) close() {
	close(s.over)
	_ = s.conn.Close()
}

// parsed reads a frame; nil when it is no event.
func parsed(frame []byte) *model.WebSocketEvent {
	e, err := model.WebSocketEventFromJSON(bytes.NewReader(frame))
	if err != nil {
		return nil
	}
	return e
}

// bell looks at an event: does it announce words of a person to the bot, in private? Then it tells in which channel, whose, and
// which post. Everything else, the posts of public channels first of all, is dropped unread.
func bell(e *model.WebSocketEvent, me string) (channel, from, post string, ok bool) {
	if e == nil || e.EventType() != model.WebsocketEventPosted {
		return "", "", "", false
	}
	data := e.GetData()
	if kind, _ := data["channel_type"].(string); kind != string(model.ChannelTypeDirect) {
		return "", "", "", false
	}
	text, _ := data["post"].(string)
	var p model.Post
	if json.Unmarshal([]byte(text), &p) != nil || p.UserId == me || !words(&p) {
		return "", "", "", false
	}
	if !model.IsValidId(p.Id) || !model.IsValidId(p.ChannelId) || !model.IsValidId(p.UserId) {
		return "", "", "", false
	}
	return p.ChannelId, p.UserId, p.Id, true
}

// words says whether a post is what a person wrote: not the server's own notices, not what a webhook, a slash command, a
// plugin or another bot posted, perhaps under a person's name.
func words(p *model.Post) bool {
	if p.Type != model.PostTypeDefault || p.DeleteAt > 0 {
		return false
	}
	for _, mark := range []string{model.PostPropsFromWebhook, model.PostPropsFromBot, model.PostPropsFromPlugin} {
		if v := p.GetProp(mark); v != nil && v != "" && v != "false" && v != false {
			return false
		}
	}
	return true
}
