package mattermost_test

import (
	"bytes"
	"fmt"
	"net/http"
	"net/url"
	"strconv"
	"strings"
	"testing"

	"passeur/adapters/mattermost"
	"passeur/bot"
	"passeur/e2e/peers"

	"github.com/mattermost/mattermost/server/public/model"
)

// commanded starts an adapter whose slash command the server knows.
func commanded(t *testing.T, s *peers.Mattermost, change ...func(*mattermost.Config)) (*listening, *door) {
	t.Helper()
	d := openDoor(t)
	made, _, err := s.Admin.CreateCommand(t.Context(), &model.Command{TeamId: s.Team.Id, Trigger: uniqueName(), Method: model.CommandMethodPost,
		URL: d.URL + "/mattermost/command"})
	if err != nil {
		t.Fatal(err)
	}
	cfg := config(s)
	cfg.PublicURL, cfg.ProofKey, cfg.CommandToken = d.URL, bytes.Repeat([]byte{7}, 32), made.Token
	for _, c := range change {
		c(&cfg)
	}
	l := listen(t, cfg, nil)
	d.inside, d.command, d.token = l.Network, made.Trigger, made.Token
	return l, d
}

// typed types the command in the channel of everybody.
func (d *door) typed(t *testing.T, s *peers.Mattermost, u *peers.User, words string) *model.CommandResponse {
	t.Helper()
	square, _, err := u.API.GetChannelByName(t.Context(), model.DefaultChannelName, s.Team.Id, "")
	if err != nil {
		t.Fatal(err)
	}
	answer, _, err := u.API.ExecuteCommand(t.Context(), square.Id, "/"+d.command+" "+words)
	if err != nil {
		t.Fatal(err)
	}
	return answer
}

func command(t *testing.T, s *peers.Mattermost) {
	l, d := commanded(t, s)
	marie := person(t, s)
	s.Post(t, marie, "bonjour")
	l.wait(t, marie, 1)
	d.typed(t, s, marie, "mes rdv de demain")
	e := l.wait(t, marie, 2)[1]
	if e.Text != "mes rdv de demain" || e.Role != bot.Conseiller || e.Values["name"] == "" || e.Pressed != "" {
		t.Errorf("heard %+v", e)
	}
	if _, answer := d.last(); !strings.Contains(answer.Body.String(), `"ephemeral"`) || !strings.Contains(answer.Body.String(), "mattermost.en-prive") {
		t.Errorf("answered %s", answer.Body)
	}
	d.typed(t, s, marie, "")
	if e := l.wait(t, marie, 3)[2]; e.Text != "aide" {
		t.Errorf("no words are heard as %q", e.Text)
	}
	l.mu.Lock()
	l.refuse = func(bot.Event) bool { return true }
	l.mu.Unlock()
	d.typed(t, s, marie, "mes rdv")
	if _, answer := d.last(); !strings.Contains(answer.Body.String(), "commande-pas-notee") {
		t.Errorf("told %q", answer.Body)
	}
}

// commandForged changes one thing of a real call after the other.
func commandForged(t *testing.T, s *peers.Mattermost) {
	l, d := commanded(t, s)
	marie, zoe := person(t, s), s.NewStranger(t, uniqueName())
	s.Post(t, marie, "bonjour")
	l.wait(t, marie, 1)
	d.typed(t, s, marie, "mes rdv")
	l.wait(t, marie, 2)
	body, _ := d.last()
	genuine, err := url.ParseQuery(string(body))
	if err != nil {
		t.Fatal(err)
	}
	token := genuine.Get("token")
	call := func(authorization string, change func(url.Values)) int {
		form, _ := url.ParseQuery(string(body))
		change(form)
		return d.post(t, "/mattermost/command", "application/x-www-form-urlencoded", authorization, []byte(form.Encode()))
	}
	as := func(v url.Values) {}
	set := func(name, value string) func(url.Values) { return func(v url.Values) { v.Set(name, value) } }
	for name, code := range map[string]int{
		"no token at all":      call("", set("token", "")),
		"no header":            call("", as),
		"another header":       call("Token "+model.NewId(), as),
		"another token":        call("Token "+token, set("token", model.NewId())),
		"half a token":         call("Token "+token[:13], set("token", token[:13])),
		"nobody":               call("Token "+token, set("user_id", "")),
		"an id that is none":   call("Token "+token, set("user_id", "../me")),
		"an unknown person":    call("Token "+token, set("user_id", model.NewId())),
		"the bot itself":       call("Token "+token, set("user_id", me(t, s))),
		"without a trigger id": call("Token "+token, set("trigger_id", "")),
	} {
		if code != http.StatusForbidden {
			t.Errorf("%s: answered %d", name, code)
		}
	}
	if code := call("Token "+token, as); code != http.StatusOK { // once more: the same ID, which the bot handles once
		t.Errorf("a repetition is answered %d", code)
	}
	if n := len(l.from(marie)) + len(l.from(zoe)); n != 2 {
		t.Errorf("%d events heard, want 2", n)
	}
}

func me(t *testing.T, s *peers.Mattermost) string {
	t.Helper()
	u, _, err := s.Bot.GetMe(t.Context(), "")
	if err != nil {
		t.Fatal(err)
	}
	return u.Id
}

// locale: what somebody reads Mattermost in comes with what she writes and with what she presses, also when she changes it.
func locale(t *testing.T, s *peers.Mattermost) {
	l, _ := reachable(t, s)
	marie := person(t, s)
	post := asked(t, s, l, marie, "q1")
	reads(t, marie, "en")
	s.Press(t, marie, post, "Oui")
	s.Post(t, marie, "hello")
	events := l.wait(t, marie, 3)
	if events[0].Values["locale"] != "fr" || events[1].Values["locale"] != "en" || events[2].Values["locale"] != "en" {
		t.Errorf("heard %v", events)
	}
}

// reads sets in what language somebody reads Mattermost.
func reads(t *testing.T, u *peers.User, locale string) {
	t.Helper()
	if _, _, err := u.API.PatchUser(t.Context(), u.Id, &model.UserPatch{Locale: &locale}); err != nil {
		t.Fatal(err)
	}
}

// saidAtOnce: what Mattermost shows of its own is in the language of who reads it, also before she spoke and after she changed it.
func saidAtOnce(t *testing.T, s *peers.Mattermost) {
	h := newHouse(t, s)
	john := person(t, s)
	enter(t, s, h.counsellors, john.Id)
	l, d := commanded(t, s, func(c *mattermost.Config) {
		c.Team, c.Channels = h.cfg.Team, h.cfg.Channels
		c.Say = func(locale, key string) string { return locale + " " + key }
	})
	for _, locale := range []string{"en", "fr"} {
		reads(t, john, locale)
		peers.Until(t, limit, "", func() error {
			if told := l.news(john); len(told) == 0 || told[len(told)-1].Values["locale"] != locale {
				return fmt.Errorf("told %v, and not that he reads %q", told, locale)
			}
			return nil
		})
		m := bot.Rendered{Key: locale, Text: "Which one?"}
		for i := range 9 {
			m.Choices = append(m.Choices, bot.Choice{Words: strconv.Itoa(i), Label: strconv.Itoa(i)})
		}
		post := find(t, s, john, sent(t, l.Network, address(john), m))
		if got := post.Attachments()[0].Actions[0].Name; got != locale+" mattermost.choisir" {
			t.Errorf("the menu is named %q", got)
		}
		d.typed(t, s, john, "mes rdv")
		if _, answer := d.last(); !strings.Contains(answer.Body.String(), locale+" mattermost.en-prive") {
			t.Errorf("answered %s", answer.Body)
		}
	}
}
