package mattermost

import (
	"log/slog"
	"testing"
	"time"

	"passeur/bot"

	"github.com/google/go-cmp/cmp"
	"github.com/mattermost/mattermost/server/public/model"
)

const teamID = "tttttttttttttttttttttttttt"

// said is a frame of the server about people or a channel.
func said(event, data, broadcast string) []byte {
	return []byte(`{"event":"` + event + `","seq":3,"data":{` + data + `},"broadcast":{` + broadcast + `}}`)
}

func TestNews(t *testing.T) {
	user, channel, team := `"user_id":"`+marieID+`"`, `"channel_id":"`+roomID+`"`, `"team_id":"`+teamID+`"`
	for _, test := range []struct {
		name string
		in   []byte
		want notice
		ok   bool
	}{
		{"enters a channel", said("user_added", user+","+team, channel), notice{user: marieID, list: roomID}, true},
		{"leaves a channel", said("user_removed", user, channel), notice{user: marieID, list: roomID}, true},
		{"the bot leaves one", said("user_removed", channel+","+user, ""), notice{user: marieID, list: roomID}, true},
		{"leaves the team", said("leave_team", user+","+team, team), notice{user: marieID, left: true}, true},
		{"leaves another team", said("leave_team", user+`,"team_id":"`+roomID+`"`, ""), notice{}, false},
		{"is changed", said("user_updated", `"user":{"id":"`+marieID+`"}`, ""), notice{user: marieID}, true},
		{"nobody is changed", said("user_updated", "", ""), notice{}, false},
		{"a channel is opened", said("channel_converted", channel, team), notice{list: roomID}, true},
		{"a channel is changed", said("channel_updated", "", channel), notice{list: roomID}, true},
		{"a channel is archived", said("channel_deleted", channel, team), notice{list: roomID}, true},
		{"a channel is back", said("channel_restored", channel, team), notice{list: roomID}, true},
		{"nobody enters", said("user_added", `"user_id":7`, channel), notice{}, false},
		{"no channel", said("channel_converted", `"channel_id":"x"`, ""), notice{}, false},
		{"words", frame(t, "posted", "D", post(nil)), notice{}, false},
		{"no JSON", []byte("{"), notice{}, false},
	} {
		got, ok := news(parsed(test.in), teamID)
		if ok != test.ok || ok && got != test.want {
			t.Errorf("%s: %+v, %v; want %+v, %v", test.name, got, ok, test.want, test.ok)
		}
	}
}

// FuzzNews: no frame panics, and every notice names what may be asked for.
func FuzzNews(f *testing.F) {
	f.Add(said("user_added", `"user_id":"`+marieID+`"`, `"channel_id":"`+roomID+`"`))
	f.Add(said("user_updated", `"user":{"id":"`+marieID+`"}`, ""))
	f.Add(said("user_updated", `"user":7`, "null"))
	f.Add(said("leave_team", `"user_id":"`+marieID+`","team_id":"`+teamID+`"`, ""))
	f.Add(said("channel_updated", "", `"channel_id":"`+roomID+`"`))
	f.Fuzz(func(t *testing.T, in []byte) {
		n, ok := news(parsed(in), teamID)
		if !ok {
			return
		}
		for _, id := range []string{n.user, n.list} {
			if id != "" && !model.IsValidId(id) {
				t.Fatalf("%q asks for %q", in, id)
			}
		}
		if n.user == "" && n.list == "" {
			t.Fatalf("%q asks for everything", in)
		}
	})
}

// manche is a directory of four lists: members by name, each name a person's id.
func manche(lists ...*list) *roster {
	d := &roster{listener: &listener{Network: New(Config{}, nil, slog.New(slog.DiscardHandler))}, lists: lists, accounts: map[string]account{}, told: map[string]standing{},
		bell: make(chan struct{}, 1)}
	for _, name := range []string{"marie", "sophie", "paul", "nobody"} {
		d.accounts[name] = account{name: name, locale: "fr", full: true}
	}
	d.accounts["gone"] = account{name: "gone"}
	return d
}

func among(m bot.Membership, members ...string) *list {
	l := &list{teamChannel: teamChannel{m, m.Channel}}
	for _, user := range members {
		l.put(user, true)
	}
	return l
}

func TestStanding(t *testing.T) {
	d := manche(
		among(bot.Membership{Channel: "a", Role: bot.Coordinateur, Hub: "Normandie"}, "sophie", "paul", "gone"),
		among(bot.Membership{Channel: "b", Role: bot.Conseiller}, "marie", "sophie", "gone"),
		among(bot.Membership{Channel: "c", Territory: "50", Hub: "Normandie"}, "marie", "sophie", "nobody", "gone"),
		among(bot.Membership{Channel: "d", Territory: "50", Hub: "Hub du Sud"}, "sophie"),
		among(bot.Membership{Channel: "e", Territory: "14"}, "sophie"))
	for user, want := range map[string]standing{
		"marie":  {bot.Conseiller, "marie", "fr", "50", "Normandie"},
		"sophie": {bot.Coordinateur, "sophie", "fr", "50 14", "Normandie|Hub du Sud"},
		"paul":   {bot.Coordinateur, "paul", "fr", "", "Normandie"},
		"nobody": {}, "gone": {}, "never seen": {},
	} {
		if got := d.standing(user); got != want {
			t.Errorf("%s: %+v, want %+v", user, got, want)
		}
	}
}

// TestConcerned: which lists are asked again about somebody, for each kind of notice.
func TestConcerned(t *testing.T) {
	team := &list{teamChannel: teamChannel{id: "team"}, ofTeam: true, members: map[string]bool{"marie": true}}
	room := among(bot.Membership{Channel: "room"}, "marie")
	for name, test := range map[string]struct {
		n          notice
		team, room bool
	}{
		"enters the room":       {notice{user: "marie", list: "room"}, false, true},
		"enters another":        {notice{user: "marie", list: "other"}, false, false},
		"a new one enters any":  {notice{user: "zoe", list: "other"}, true, false},
		"leaves the team":       {notice{user: "marie", left: true}, true, true},
		"a stranger leaves it":  {notice{user: "zoe", left: true}, false, false},
		"is changed":            {notice{user: "marie"}, false, false},
		"a stranger is changed": {notice{user: "zoe"}, false, false},
	} {
		if got := team.concerned(test.n); got != test.team {
			t.Errorf("%s: the team is asked: %v", name, got)
		}
		if got := room.concerned(test.n); got != test.room {
			t.Errorf("%s: the room is asked: %v", name, got)
		}
	}
}

// TestNoticed: what waits is noted once, and a look at everything stands for all.
func TestNoticed(t *testing.T) {
	d := manche()
	one, other := notice{user: "marie"}, notice{list: "room"}
	for _, n := range []notice{one, other, one, {}, other, {}} {
		d.notice(n)
	}
	var got []notice
	for n, ok := d.pop(); ok; n, ok = d.pop() {
		got = append(got, n)
	}
	if diff := cmp.Diff([]notice{one, other, {}}, got, cmp.AllowUnexported(notice{})); diff != "" {
		t.Errorf("(-want +got):\n%s", diff)
	}
}

func TestMemberEvent(t *testing.T) {
	at := time.UnixMilli(1795600000123).UTC()
	got := member(marieID, standing{bot.Coordinateur, "Marie Exemple", "fr", "50 14", ""}, at)
	want := bot.Event{ID: "mattermost/member/" + marieID + "/1795600000123", At: at, From: "mattermost:" + marieID, Role: bot.Coordinateur,
		Intent: bot.MemberIntent, Values: map[string]string{"name": "Marie Exemple", "locale": "fr", "territories": "50 14"}}
	if diff := cmp.Diff(want, got); diff != "" {
		t.Errorf("(-want +got):\n%s", diff)
	}
}

func TestGuarded(t *testing.T) {
	yes := true
	for _, test := range []struct {
		name    string
		channel *model.Channel
		want    bool
	}{
		{"private", &model.Channel{Type: model.ChannelTypePrivate}, true},
		{"public", &model.Channel{Type: model.ChannelTypeOpen}, false},
		{"synchronised", &model.Channel{Type: model.ChannelTypeOpen, GroupConstrained: &yes}, true},
	} {
		if got := guarded(test.channel); got != test.want {
			t.Errorf("%s: %v", test.name, got)
		}
		if err := vouches(bot.Membership{Channel: "x", Role: bot.Conseiller}, test.channel); (err == nil) != test.want {
			t.Errorf("%s, as the source of a role: %v", test.name, err)
		}
		if err := vouches(bot.Membership{Channel: "x", Territory: "50"}, test.channel); err != nil {
			t.Errorf("%s, as a place: %v", test.name, err)
		}
	}
}

func TestTeamFinding(t *testing.T) {
	yes := true
	for _, test := range []struct {
		name string
		team *model.Team
		mind bool
	}{
		{"by invitation", &model.Team{Type: model.TeamInvite}, false},
		{"open", &model.Team{Type: model.TeamOpen}, true},
		{"opened", &model.Team{Type: model.TeamInvite, AllowOpenInvite: true}, true},
		{"synchronised", &model.Team{Type: model.TeamOpen, AllowOpenInvite: true, GroupConstrained: &yes}, false},
	} {
		if f := teamFinding(test.team); !f.OK || f.Mind != test.mind {
			t.Errorf("%s: %+v", test.name, f)
		}
	}
}
