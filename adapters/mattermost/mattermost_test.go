package mattermost

import (
	"bytes"
	"encoding/json"
	"errors"
	"fmt"
	"io"
	"strings"
	"testing"
	"testing/synctest"
	"time"
	"unicode/utf8"

	"passeur/bot"

	"github.com/google/go-cmp/cmp"
	"github.com/mattermost/mattermost/server/public/model"
)

const (
	botID   = "bbbbbbbbbbbbbbbbbbbbbbbbbb"
	marieID = "mmmmmmmmmmmmmmmmmmmmmmmmmm"
	roomID  = "cccccccccccccccccccccccccc"
	postID  = "pppppppppppppppppppppppppp"
)

// frame is what the server says of a post.
func frame(t testing.TB, event, channelType string, p *model.Post) []byte {
	t.Helper()
	post, err := json.Marshal(p)
	if err != nil {
		t.Fatal(err)
	}
	b, err := json.Marshal(map[string]any{
		"event": event, "seq": 3, "broadcast": map[string]any{"channel_id": p.ChannelId},
		"data": map[string]any{"channel_type": channelType, "post": string(post)},
	})
	if err != nil {
		t.Fatal(err)
	}
	return b
}

func post(change func(*model.Post)) *model.Post {
	p := &model.Post{Id: postID, ChannelId: roomID, UserId: marieID, Message: "oui", CreateAt: 1}
	if change != nil {
		change(p)
	}
	return p
}

func TestBell(t *testing.T) {
	for _, test := range []struct {
		name string
		in   []byte
		want bool
	}{
		{"words in private", frame(t, "posted", "D", post(nil)), true},
		{"a file without words", frame(t, "posted", "D", post(func(p *model.Post) { p.Message, p.FileIds = "", model.StringArray{postID} })), true},
		{"a public channel", frame(t, "posted", "O", post(nil)), false},
		{"a group", frame(t, "posted", "G", post(nil)), false},
		{"an edit", frame(t, "post_edited", "D", post(nil)), false},
		{"its own post", frame(t, "posted", "D", post(func(p *model.Post) { p.UserId = botID })), false},
		{"a notice", frame(t, "posted", "D", post(func(p *model.Post) { p.Type = model.PostTypeHeaderChange })), false},
		{"a webhook", frame(t, "posted", "D", post(func(p *model.Post) { p.AddProp("from_webhook", "true") })), false},
		{"another bot", frame(t, "posted", "D", post(func(p *model.Post) { p.AddProp("from_bot", "true") })), false},
		{"a mark that says no", frame(t, "posted", "D", post(func(p *model.Post) { p.AddProp("from_bot", "false") })), true},
		{"no id", frame(t, "posted", "D", post(func(p *model.Post) { p.Id = "x" })), false},
		{"no JSON", []byte("{"), false},
		{"a post that is no JSON", []byte(`{"event":"posted","data":{"channel_type":"D","post":"{"}}`), false},
		{"a post that is no text", []byte(`{"event":"posted","data":{"channel_type":"D","post":7}}`), false},
	} {
		channel, from, id, ok := bell(parsed(test.in), botID)
		if ok != test.want {
			t.Errorf("%s: rang %v, want %v", test.name, ok, test.want)
		}
		if ok && (channel != roomID || from != marieID || id != postID) {
			t.Errorf("%s: rang for %s, %s, %s", test.name, channel, from, id)
		}
	}
}

// FuzzWebSocketEvent: no frame panics, and none that is not a person's words in private rings, nor becomes an event.
func FuzzWebSocketEvent(f *testing.F) {
	f.Add(frame(f, "posted", "D", post(nil)))
	f.Add(frame(f, "posted", "D", post(func(p *model.Post) { p.UserId = botID })))
	f.Add(frame(f, "posted", "D", post(func(p *model.Post) { p.AddProp("from_webhook", "true") })))
	f.Add(frame(f, "posted", "O", post(func(p *model.Post) { p.Type = "system_join_channel" })))
	f.Add([]byte(`{"event":"hello","seq":0}`))
	f.Add([]byte(`{"status":"OK","seq_reply":1}`))
	f.Add([]byte(`{"event":"posted","data":{"channel_type":"D","post":"null"}}`))
	f.Fuzz(func(t *testing.T, in []byte) {
		channel, from, id, ok := bell(parsed(in), botID)
		if !ok {
			return
		}
		e, err := model.WebSocketEventFromJSON(bytes.NewReader(in))
		if err != nil || e.EventType() != model.WebsocketEventPosted || e.GetData()["channel_type"] != "D" {
			t.Fatalf("rang for another event: %q", in)
		}
		var p model.Post
		if err := json.Unmarshal([]byte(e.GetData()["post"].(string)), &p); err != nil {
			t.Fatalf("rang for no post: %q", in)
		}
		if p.UserId == botID || p.UserId != from || p.Type != "" || p.DeleteAt > 0 || p.GetProp("from_bot") == "true" {
			t.Fatalf("rang for what nobody wrote: %q", in)
		}
		heard := event(&conversation{channel: channel, other: from}, &p)
		if heard.ID != "mattermost/"+id || heard.Cursor != id || heard.Text != p.Message {
			t.Fatalf("heard %+v of %q", heard, in)
		}
	})
}

func TestNeutral(t *testing.T) {
	for in, want := range map[string]string{
		"@all":                 "@\u200dall",
		"bonjour @Channel !":   "bonjour @\u200dChannel !",
		"@all@here":            "@\u200dall@here", // one word for Mattermost, which calls nobody
		"_@here_":              "_@\u200dhere_",
		"@channel.":            "@\u200dchannel.",
		"jeanne@all.example":   "jeanne@all.example",
		"@allons":              "@allons",
		"@marie, a & b; @ all": "@marie, a & b; @ all",
		"":                     "",
	} {
		if got := Neutral(in); got != want {
			t.Errorf("Neutral(%q) = %q, want %q", in, got, want)
		}
	}
}

// FuzzNeutral: nothing that a reader sees changes, and doing it twice does no more.
func FuzzNeutral(f *testing.F) {
	f.Add("@all @here")
	f.Add("&#64;channel")
	f.Add("\xff@all\xff")
	f.Fuzz(func(t *testing.T, in string) {
		out := Neutral(in)
		if strings.ReplaceAll(out, joiner, "") != strings.ReplaceAll(in, joiner, "") {
			t.Fatalf("Neutral(%q) = %q", in, out)
		}
		if again := Neutral(out); again != out {
			t.Fatalf("Neutral twice: %q, %q", out, again)
		}
	})
}

func TestSplit(t *testing.T) {
	for _, test := range []struct {
		in   string
		want []string
	}{
		{"court", []string{"court"}},
		{"", []string{""}},
		{"aaaaaa\n\nbb c", []string{"aaaaaa", "bb c"}},
		{"aaaaaa\nbbb cc", []string{"aaaaaa", "bbb cc"}},
		{"aaa bbb ccc ddd", []string{"aaa bbb", "ccc ddd"}},
		{"éééééééééééé", []string{"éééééééééé", "éé"}},
		{strings.Repeat(" ", 25) + "a", []string{"a"}},
		{"a\nbbbb\n\nc\nd e", []string{"a\nbbbb", "c\nd e"}},                                               // a paragraph before a later line
		{"aaaaa\nbb c d", []string{"aaaaa", "bb c d"}},                                                     // a line before a later word
		{"aaaaaa\n```\nb\n```", []string{"aaaaaa", "```\nb\n```"}},                                         // not in the code, though a line ends there later
		{"aaaaa b ```c\nd", []string{"aaaaa b", "```c\nd"}},                                                // no block: the line does not begin so
		{"~~~\na\n\nb\nc d\n~~~", []string{"~~~\na", "b\nc d\n~~~"}},                                       // longer than a part: inside the code
		{"e\u0301e\u0301e\u0301e\u0301ee\u0301ee", []string{"e\u0301e\u0301e\u0301e\u0301e", "e\u0301ee"}}, // an accent
		{"aaaaaaa👨\u200d👩\u200d👧b", []string{"aaaaaaa", "👨\u200d👩\u200d👧b"}},                               // one family
		{"aaaaaaaaa👍🏽b", []string{"aaaaaaaaa", "👍🏽b"}},                                                     // its skin
		{"🇫🇷🇫🇷aaaaa🇫🇷b", []string{"🇫🇷🇫🇷aaaaa", "🇫🇷b"}},                                                     // a flag of two letters, not the half of one
		{"a" + strings.Repeat("\u0301", 12), []string{"a" + strings.Repeat("\u0301", 9), strings.Repeat("\u0301", 3)}},
	} {
		if diff := cmp.Diff(test.want, split(test.in, 10)); diff != "" {
			t.Errorf("split(%q): %s", test.in, diff)
		}
	}
}

// FuzzSplit: every part fits, and nothing but white space is lost.
func FuzzSplit(f *testing.F) {
	f.Add("un deux\n\ntrois quatre", 7)
	f.Add("ééééé", 2)
	f.Add("a\n```\nb c\n```\n🇫🇷🇫🇷👨\u200d👩\u200d👧", 3)
	f.Fuzz(func(t *testing.T, in string, limit int) {
		if limit < 1 || limit > 1000 || !utf8.ValidString(in) {
			return
		}
		parts := split(in, limit)
		for _, p := range parts {
			if utf8.RuneCountInString(p) > limit {
				t.Fatalf("part %q above %d", p, limit)
			}
		}
		squeeze := func(s string) string { return strings.NewReplacer(" ", "", "\n", "", "\r", "", "\t", "").Replace(s) }
		if squeeze(strings.Join(parts, "")) != squeeze(in) {
			t.Fatalf("split(%q) = %q", in, parts)
		}
	})
}

func TestRefusal(t *testing.T) {
	said := &model.AppError{Id: "api.post.create_post.app_error", StatusCode: 400}
	response := func(status int) *model.Response { return &model.Response{StatusCode: status} }
	for _, test := range []struct {
		name    string
		resp    *model.Response
		refused bool
	}{
		{"no answer", nil, false},
		{"no valid answer", response(201), false},
		{"invalid", response(400), true},
		{"token", response(401), false},
		{"forbidden", response(403), true},
		{"server", response(503), false},
	} {
		err := refusal(test.resp, said)
		if got := errors.Is(err, bot.ErrRefused); got != test.refused || errors.Is(err, bot.ErrUncertain) {
			t.Errorf("%s: %v, refused %v, want %v", test.name, err, got, test.refused)
		}
	}
}

func TestCallName(t *testing.T) {
	for _, test := range []struct {
		user *model.User
		swap bool
		want string
	}{
		{&model.User{FirstName: "Marie", LastName: "Exemple", Nickname: "mimi", Username: "m.exemple"}, false, "Marie Exemple"},
		{&model.User{FirstName: "Exemple", LastName: "Marie"}, true, "Marie Exemple"},
		{&model.User{FirstName: " Marie ", Username: "m.exemple"}, false, "Marie"},
		{&model.User{Nickname: "mimi", Username: "m.exemple"}, false, "mimi"},
		{&model.User{Username: "m.exemple"}, true, "m.exemple"},
	} {
		if got := callName(test.user, test.swap); got != test.want {
			t.Errorf("called %q, want %q", got, test.want)
		}
	}
}

func TestFullAccount(t *testing.T) {
	for _, test := range []struct {
		name string
		user *model.User
		want bool
	}{
		{"a person", &model.User{Roles: "system_user"}, true},
		{"an administrator", &model.User{Roles: "system_user system_admin"}, true},
		{"a guest", &model.User{Roles: "system_guest"}, false},
		{"a bot", &model.User{Roles: "system_user", IsBot: true}, false},
		{"who left", &model.User{Roles: "system_user", DeleteAt: 1}, false},
	} {
		if got := fullAccount(test.user); got != test.want {
			t.Errorf("%s: %v, want %v", test.name, got, test.want)
		}
	}
}

func TestVersion(t *testing.T) {
	for header, want := range map[string]bool{
		"9.10.0.9.10.0.abc": true, "9.4.2.x": true, "11.1.0.x": true, "9.3.1.x": false, "8.1.0.x": false, "": true, "a.b.c.d": true,
	} {
		if got := version(header); got.OK != want || got.Text == "" {
			t.Errorf("version(%q) = %+v, want %v", header, got, want)
		}
	}
}

func TestBackoff(t *testing.T) {
	synctest.Test(t, func(t *testing.T) {
		b := &backoff{first: time.Second}
		for _, want := range []time.Duration{1, 2, 4, 8, 16, 30, 30} {
			began := time.Now()
			b.sleep(t.Context(), io.ErrUnexpectedEOF)
			if d := time.Since(began); d < want*time.Second*3/4 || d > want*time.Second*5/4 {
				t.Errorf("slept %s, want about %d s", d, want)
			}
		}
		began := time.Now()
		b.sleep(t.Context(), fmt.Errorf("catching up: %w", bot.RetryAfter{Wait: 7 * time.Minute}))
		if d := time.Since(began); d != 7*time.Minute {
			t.Errorf("asked to wait 7 min, slept %s", d)
		}
		b.reset()
		if d := b.next(); d > 1250*time.Millisecond {
			t.Errorf("after a reset %s", d)
		}
	})
}

// TestAnchors: the server leaves out every post of an anchor's own millisecond, so the next page begins one earlier.
func TestAnchors(t *testing.T) {
	at := func(id string, ms int64) *model.Post { return &model.Post{Id: id, CreateAt: ms} }
	page := []*model.Post{at("a", 1), at("b", 1), at("c", 2), at("d", 3), at("e", 3)}
	if got := beforeLast(page); got != "c" {
		t.Errorf("forward from %s, want c", got)
	}
	if got := afterFirst(page); got != "c" {
		t.Errorf("backward from %s, want c", got)
	}
	if got := beforeLast(page[3:]); got != "e" {
		t.Errorf("forward from %s, want e", got)
	}
	ids := ""
	for _, p := range merge(page[:4], page[2:]) {
		ids += p.Id
	}
	if ids != "abcde" {
		t.Errorf("merged %s", ids)
	}
	if got := len(since(page, 3)); got != 2 {
		t.Errorf("%d posts since, want 2", got)
	}
}

func TestSeen(t *testing.T) {
	var s seen
	for i := range 2 * remembered {
		s.add(string(rune('a'+i%26)) + strings.Repeat("x", i))
	}
	if len(s.ids) != remembered || len(s.order) != remembered {
		t.Errorf("%d posts remembered, want %d", len(s.ids), remembered)
	}
}

// TestLateCommit: a post that appears behind the place reached is heard and does not set the cursor back.
func TestLateCommit(t *testing.T) {
	c := &conversation{channel: roomID, at: place{"newer", 10}}
	if e := event(c, post(nil)); e.Cursor != "newer" || e.ID != "mattermost/"+postID {
		t.Errorf("cursor %s", e.Cursor)
	}
}

func TestOtherOf(t *testing.T) {
	for _, test := range []struct {
		channel *model.Channel
		want    string
	}{
		{&model.Channel{Type: "D", Name: botID + "__" + marieID}, marieID},
		{&model.Channel{Type: "D", Name: marieID + "__" + botID}, marieID},
		{&model.Channel{Type: "D", Name: botID + "__" + botID}, ""},
		{&model.Channel{Type: "D", Name: marieID + "__" + roomID}, ""},
		{&model.Channel{Type: "O", Name: "accueil"}, ""},
	} {
		if got := otherOf(test.channel, botID); got != test.want {
			t.Errorf("%s: %q, want %q", test.channel.Name, got, test.want)
		}
	}
}

func TestCheckURL(t *testing.T) {
	for address, want := range map[string]bool{
		"https://mattermost.example.org": true, "http://127.0.0.1:8065/chat": true, "mattermost.example.org": false, "": false, "ftp://x": false, "http://": false,
	} {
		if err := New(Config{URL: address}, nil, nil).checkURL(); (err == nil) != want {
			t.Errorf("%q: %v", address, err)
		}
	}
}
