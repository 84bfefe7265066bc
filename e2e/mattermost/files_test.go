package mattermost_test

import (
	"bytes"
	"context"
	"errors"
	"strings"
	"testing"

	"passeur/bot"
	"passeur/e2e/peers"

	"github.com/google/go-cmp/cmp"
	"github.com/mattermost/mattermost/server/public/model"
)

const list = "prénom;téléphone\nJeanne;06 39 98 12 34\n"

// attach has somebody post a file in a direct message to the bot, and returns the file's id.
func attach(t *testing.T, s *peers.Mattermost, u *peers.User, text, name string, data []byte) string {
	t.Helper()
	room := s.DM(t, u)
	up, _, err := u.API.UploadFile(t.Context(), data, room.Id, name)
	if err != nil {
		t.Fatal(err)
	}
	id := up.FileInfos[0].Id
	if _, _, err := u.API.CreatePost(t.Context(), &model.Post{ChannelId: room.Id, Message: text, FileIds: model.StringArray{id}}); err != nil {
		t.Fatal(err)
	}
	return id
}

func filesHeard(t *testing.T, s *peers.Mattermost) {
	marie, zoe := person(t, s), person(t, s)
	before := listen(t, config(s), nil)
	s.Post(t, marie, "bonjour")
	before.wait(t, marie, 1)
	before.stop()
	missed := attach(t, s, marie, "voici", "plan d'accès.png", []byte("\x89PNG")) // while the bot is down
	l := listen(t, config(s), before.cursors)
	l.wait(t, marie, 1)
	id := attach(t, s, marie, "", "liste.csv", []byte(list)) // without a word
	want := []bot.File{{ID: missed, Name: "plan d'accès.png", Size: 4}, {ID: id, Name: "liste.csv", Size: int64(len(list))}}
	events := l.wait(t, marie, 2)
	if diff := cmp.Diff(want, append(events[0].Files, events[1].Files...)); diff != "" || texts(events) != "voici|" {
		t.Errorf("%q %s", texts(events), diff)
	}
	var got bytes.Buffer
	if err := l.Download(t.Context(), id, int64(len(list)), &got); err != nil || got.String() != list {
		t.Errorf("read %q, %v", got.String(), err)
	}
	if err := l.Download(t.Context(), id, 10, &got); !errors.Is(err, bot.ErrRefused) || !strings.Contains(err.Error(), "trop gros") {
		t.Errorf("above the limit: %v", err)
	}
	between, _, err := zoe.API.CreateDirectChannel(t.Context(), zoe.Id, marie.Id)
	if err != nil {
		t.Fatal(err)
	}
	up, _, err := zoe.API.UploadFile(t.Context(), []byte("x"), between.Id, "x.txt")
	if err != nil {
		t.Fatal(err)
	}
	for _, id := range []string{up.FileInfos[0].Id, model.NewId()} {
		if err := l.Download(t.Context(), id, 10, &got); !errors.Is(err, bot.ErrRefused) || !strings.Contains(err.Error(), "envoyez-le à nouveau") {
			t.Errorf("a file that the bot cannot read: %v", err)
		}
	}
}

func fileSent(t *testing.T, s *peers.Mattermost) {
	cfg := config(s)
	proxy, lose := lossy(t, s.URL)
	cfg.URL = proxy
	cfg.Attach = func(_ context.Context, name string) (bot.Attachment, error) {
		return bot.Attachment{Name: "affiche été.pdf", Type: "application/pdf", Data: []byte("%PDF-1.7 " + name)}, nil
	}
	a, marie := sender(cfg), person(t, s)
	m := bot.Rendered{Key: "affiche", Text: "Voici l'affiche.", File: "poster/1.pdf", Attempt: 1}
	lose.Store(true)
	if _, err := a.Send(t.Context(), address(marie), m); err == nil { // the first thing that this person hears: there is no channel yet
		t.Fatal("the answer was lost")
	}
	m.Attempt = 2
	id := sent(t, a, address(marie), m)
	posts := s.Posts(t, marie)
	if len(posts) != 1 || posts[0].Id != id {
		t.Fatalf("%d posts stand", len(posts))
	}
	isPDF(t, marie, posts[0], "%PDF-1.7 poster/1.pdf")
	m = bot.Rendered{Key: "autre", Text: "Voici l'autre.", File: "poster/2.pdf", Replace: id, Attempt: 1}
	if again := sent(t, a, address(marie), m); again != id {
		t.Errorf("edited %s, want %s", again, id)
	}
	m.Attempt = 2
	sent(t, a, address(marie), m)
	posts = s.Posts(t, marie)
	if len(posts) != 2 || posts[0].Message != "Voici l'autre." || posts[1].Message != "" {
		t.Fatalf("%d posts stand after the edit", len(posts))
	}
	isPDF(t, marie, posts[1], "%PDF-1.7 poster/2.pdf")
}

// isPDF is what somebody gets who opens the file of a post.
func isPDF(t *testing.T, u *peers.User, p *model.Post, want string) {
	t.Helper()
	if len(p.FileIds) != 1 {
		t.Fatalf("%d files", len(p.FileIds))
	}
	data, _, err := u.API.GetFile(t.Context(), p.FileIds[0])
	if err != nil || string(data) != want {
		t.Errorf("downloaded %q, %v", data, err)
	}
	info, _, err := u.API.GetFileInfo(t.Context(), p.FileIds[0])
	if err != nil || info.Name != "affiche été.pdf" || info.MimeType != "application/pdf" {
		t.Errorf("it is %q, %q, %v", info.Name, info.MimeType, err)
	}
}

// noFiles: to a server that takes none the words go alone, and it is known beforehand.
func noFiles(t *testing.T, s *peers.Mattermost) {
	s.Restart(t, "MM_FILESETTINGS_ENABLEFILEATTACHMENTS=false")
	defer s.Restart(t)
	cfg := config(s)
	cfg.Attach = func(context.Context, string) (bot.Attachment, error) {
		return bot.Attachment{Name: "affiche.pdf", Data: []byte("%PDF-1.7")}, nil
	}
	a, marie := sender(cfg), person(t, s)
	sent(t, a, address(marie), bot.Rendered{Key: "affiche", Text: "Voici l'affiche.", File: "poster/1.pdf"})
	if posts := s.Posts(t, marie); len(posts) != 1 || posts[0].Message != "Voici l'affiche." || len(posts[0].FileIds) != 0 {
		t.Errorf("%d posts stand: the words go, and no file", len(posts))
	}
	var minded []string
	for _, f := range a.Check(t.Context()) {
		if f.Mind && strings.Contains(f.Text, "ne prend pas de fichiers") {
			minded = append(minded, f.Text)
		}
	}
	if len(minded) != 1 {
		t.Errorf("check minds %q", minded)
	}
}
