package mattermost

import (
	"testing"
	"time"

	"passeur/bot"

	"github.com/google/go-cmp/cmp"
	"github.com/mattermost/mattermost/server/public/model"
)

const sophieID = "ssssssssssssssssssssssssss"

// TestAsks: an emoji has several names, and clients choose among them.
func TestAsks(t *testing.T) {
	for _, test := range []struct {
		wanted, put string
		want        bool
	}{
		{"sos", "sos", true},
		{"sos", "ok", false},
		{"thumbsup", "+1", true},
		{"+1", "thumbsup", true},
		{"raised_hand", "raised_hand_dark_skin_tone", true},
		{"raised_hand_with_fingers_splayed", "raised_hand_with_fingers_splayed_light_skin_tone", true},
		{"raising_hand", "raising_hand_woman", false},
		{"entraide", "entraide", true}, // one that the server was given
		{"entraide", "secours", false},
		{"sos", "secours", false},
		{"", "sos", false},
		{"", "", false},
		{"sos", "", false},
	} {
		if got := New(Config{AskEmoji: test.wanted}, nil, nil).asks(test.put); got != test.want {
			t.Errorf("%q asks, %q was put: %v", test.wanted, test.put, got)
		}
	}
}

// reacted is what the server says of a reaction.
func reacted(user, emoji string) []byte {
	return said("reaction_added", `"reaction":"{\"user_id\":\"`+user+`\",\"post_id\":\"`+postID+`\",\"emoji_name\":\"`+emoji+`\"}"`, `"channel_id":"`+roomID+`"`)
}

func TestReactionOf(t *testing.T) {
	for _, test := range []struct {
		name string
		in   []byte
		want bool
	}{
		{"a reaction", reacted(marieID, "sos"), true},
		{"the bot's own", reacted(botID, "sos"), false},
		{"one taken off", said("reaction_removed", `"reaction":"{\"post_id\":\"`+postID+`\"}"`, ""), false},
		{"to no post", said("reaction_added", `"reaction":"{\"user_id\":\"`+marieID+`\",\"post_id\":\"x\"}"`, ""), false},
		{"no text", said("reaction_added", `"reaction":7`, ""), false},
		{"no JSON in it", said("reaction_added", `"reaction":"{"`, ""), false},
		{"words", frame(t, "posted", "O", post(nil)), false},
		{"no JSON", []byte("{"), false},
	} {
		r, ok := reactionOf(parsed(test.in), botID)
		if ok != test.want || ok && (r.PostId != postID || r.EmojiName != "sos") {
			t.Errorf("%s: %v, %+v", test.name, ok, r)
		}
	}
}

// TestMarksOf: only the mark of a person below what a person wrote, and no old one.
func TestMarksOf(t *testing.T) {
	a := New(Config{AskEmoji: "sos"}, nil, nil)
	now := time.Now().UnixMilli()
	old := now - (bot.QuestionLife + time.Minute).Milliseconds()
	put := func(emoji string, at int64) *model.Reaction {
		return &model.Reaction{UserId: marieID, PostId: postID, EmojiName: emoji, CreateAt: at}
	}
	below := func(change func(*model.Post), reactions ...*model.Reaction) *model.Post {
		p := post(change)
		p.Metadata = &model.PostMetadata{Reactions: reactions}
		return p
	}
	for _, test := range []struct {
		name string
		in   *model.Post
		want int
	}{
		{"two marks", below(nil, put("sos", now), put("heart", now), put("sos", now-1)), 2},
		{"an old one", below(nil, put("sos", old)), 0},
		{"another emoji", below(nil, put("heart", now)), 0},
		{"nothing", post(nil), 0},
		{"below a notice", below(func(p *model.Post) { p.Type = model.PostTypeJoinChannel }, put("sos", now)), 0},
		{"below a bot's", below(func(p *model.Post) { p.AddProp("from_bot", "true") }, put("sos", now)), 0},
		{"below a deleted post", below(func(p *model.Post) { p.DeleteAt = now }, put("sos", now)), 0},
	} {
		if got := len(a.marksOf(test.in)); got != test.want {
			t.Errorf("%s: %d marks, want %d", test.name, got, test.want)
		}
	}
}

func TestMarkEvent(t *testing.T) {
	r := &model.Reaction{UserId: sophieID, PostId: postID, EmojiName: "sos", CreateAt: 1795600000123}
	want := bot.Event{ID: "mattermost/mark/" + postID + "/" + sophieID + "/1795600000123", At: time.UnixMilli(1795600000123).UTC(), Text: "oui",
		Intent: bot.MarkIntent, Values: map[string]string{"post": postID, "channel": roomID, "root": postID}}
	if diff := cmp.Diff(want, mark(post(nil), r)); diff != "" {
		t.Errorf("(-want +got):\n%s", diff)
	}
	want.Values["root"] = marieID
	if diff := cmp.Diff(want, mark(post(func(p *model.Post) { p.RootId = marieID }), r)); diff != "" {
		t.Errorf("of a reply (-want +got):\n%s", diff)
	}
}

func TestInATeam(t *testing.T) {
	for kind, want := range map[model.ChannelType]bool{model.ChannelTypeOpen: true, model.ChannelTypePrivate: true, model.ChannelTypeDirect: false, model.ChannelTypeGroup: false} {
		if got := inATeam(&model.Channel{Type: kind}); got != want {
			t.Errorf("%s: %v", kind, got)
		}
	}
}
