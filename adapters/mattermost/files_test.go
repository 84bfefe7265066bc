package mattermost

import (
	"bytes"
	"context"
	"encoding/json"
	"errors"
	"fmt"
	"io"
	"log/slog"
	"net/http"
	"net/http/httptest"
	"slices"
	"strconv"
	"strings"
	"testing"

	"passeur/bot"

	"github.com/google/go-cmp/cmp"
	"github.com/mattermost/mattermost/server/public/model"
)

// shelf is as much of a server as files need: one direct channel, its posts, and files.
type shelf struct {
	asked  []string // "POST /files", in order
	posts  []*model.Post
	files  map[string][]byte
	names  map[string]string
	fails  map[string]int    // by request: the status that it is refused with
	says   map[string]string // by request: the error that the refusal names
	loses  bool              // the answer to the next post
	lost   bool              // the answer to this one
	length bool              // files are sent with their length
}

func (s *shelf) ServeHTTP(w http.ResponseWriter, r *http.Request) {
	path := strings.TrimPrefix(r.URL.Path, "/api/v4")
	kind, id, _ := strings.Cut(strings.TrimPrefix(path, "/"), "/")
	request := r.Method + " /" + kind
	s.asked = append(s.asked, request)
	if status := s.fails[request]; status != 0 {
		w.WriteHeader(status)
		_ = json.NewEncoder(w).Encode(model.AppError{Id: orRefused(s.says[request]), StatusCode: status})
		return
	}
	switch request {
	case "GET /users":
		answer(w, model.User{Id: strings.Replace(id, "me", botID, 1)})
	case "POST /channels":
		answer(w, model.Channel{Id: roomID})
	case "GET /channels":
		list := model.NewPostList()
		for _, p := range s.posts {
			list.AddPost(p)
			list.AddOrder(p.Id)
		}
		answer(w, list)
	case "POST /posts":
		s.post(w, r)
	case "GET /posts":
		answer(w, s.posts[s.at(id)])
	case "PUT /posts":
		s.patch(w, r, strings.TrimSuffix(id, "/patch"))
	case "POST /files":
		s.take(w, r)
	case "GET /files":
		s.give(w, id)
	}
}

func orRefused(id string) string {
	if id != "" {
		return id
	}
	return "api.refused"
}

func answer(w http.ResponseWriter, what any) { _ = json.NewEncoder(w).Encode(what) }

func (s *shelf) at(id string) int {
	return slices.IndexFunc(s.posts, func(p *model.Post) bool { return p.Id == id })
}

func (s *shelf) post(w http.ResponseWriter, r *http.Request) {
	var p model.Post
	_ = json.NewDecoder(r.Body).Decode(&p)
	p.Id, p.UserId, p.CreateAt = model.NewId(), botID, int64(len(s.posts)+1)
	s.posts = append(s.posts, &p)
	if s.loses {
		s.loses, s.lost = false, true
	}
	answer(w, &p)
}

func (s *shelf) patch(w http.ResponseWriter, r *http.Request, id string) {
	var change model.PostPatch
	_ = json.NewDecoder(r.Body).Decode(&change)
	p := s.posts[s.at(id)]
	p.Message = *change.Message
	p.SetProps(*change.Props)
	answer(w, p)
}

func (s *shelf) take(w http.ResponseWriter, r *http.Request) {
	if r.URL.Query().Get("channel_id") != roomID || !slices.Contains(s.asked, "POST /channels") {
		http.Error(w, "{}", http.StatusBadRequest)
		return
	}
	id := model.NewId()
	s.files[id], _ = io.ReadAll(r.Body)
	s.names[id] = r.URL.Query().Get("filename")
	answer(w, model.FileUploadResponse{FileInfos: []*model.FileInfo{{Id: id, Name: s.names[id]}}})
}

func (s *shelf) give(w http.ResponseWriter, id string) {
	id, info := strings.CutSuffix(id, "/info")
	data, ok := s.files[id]
	switch {
	case !ok:
		w.WriteHeader(http.StatusNotFound)
		answer(w, model.AppError{Id: "api.file.get_file_info.app_error", StatusCode: http.StatusNotFound})
	case info:
		answer(w, model.FileInfo{Id: id, Name: s.names[id], Size: int64(len(data))})
	default:
		if s.length {
			w.Header().Set("Content-Length", strconv.Itoa(len(data)))
		}
		_, _ = w.Write(data)
	}
}

// shelved is an adapter on a shelf, and what it attaches.
func shelved(t *testing.T, attach bot.Attach) (*Network, *shelf) {
	t.Helper()
	s := &shelf{files: map[string][]byte{}, names: map[string]string{}, fails: map[string]int{}, says: map[string]string{}}
	a := New(Config{URL: "http://mattermost.example", Attach: attach}, nil, slog.New(slog.DiscardHandler))
	a.api.HTTPClient.Transport = s
	return a, s
}

// RoundTrip asks the shelf without a network between.
func (s *shelf) RoundTrip(r *http.Request) (*http.Response, error) {
	if r.Body == nil {
		r.Body = http.NoBody
	}
	w := httptest.NewRecorder()
	s.ServeHTTP(w, r)
	if s.lost {
		s.lost = false
		return nil, io.ErrUnexpectedEOF
	}
	return w.Result(), nil
}

func (s *shelf) count(request string) (n int) {
	for _, r := range s.asked {
		if r == request {
			n++
		}
	}
	return n
}

// standing tells of each post its words and what its file holds.
func (s *shelf) standing() (all []string) {
	for _, p := range s.posts {
		words := p.Message
		for _, id := range p.FileIds {
			words += " +" + s.names[id] + ":" + string(s.files[id])
		}
		all = append(all, words)
	}
	return all
}

// counting attaches a file that says how often it was made.
func counting() bot.Attach {
	n := 0
	return func(_ context.Context, name string) (bot.Attachment, error) {
		n++
		return bot.Attachment{Name: "affiche.pdf", Data: fmt.Appendf(nil, "%%PDF %s %d", name, n)}, nil
	}
}

const mariesAddress = bot.Address("mattermost:" + marieID)

func TestFileIsSent(t *testing.T) {
	a, s := shelved(t, counting())
	if !a.Abilities().Files || New(Config{}, nil, nil).Abilities().Files {
		t.Error("who attaches nothing carries no files")
	}
	id, err := a.Send(t.Context(), mariesAddress, bot.Rendered{Key: "k", Text: "Voici.", File: "poster/1.pdf", Attempt: 1})
	if err != nil {
		t.Fatal(err)
	}
	if diff := cmp.Diff([]string{"Voici. +affiche.pdf:%PDF poster/1.pdf 1"}, s.standing()); diff != "" || s.posts[0].Id != id {
		t.Error(diff)
	}
}

// TestFileIsSentOnce: an attempt that repeats one whose post stands uploads and posts nothing.
func TestFileIsSentOnce(t *testing.T) {
	a, s := shelved(t, counting())
	m := bot.Rendered{Key: "k", Text: "Voici.", File: "poster/1.pdf", Attempt: 1}
	s.loses = true
	if _, err := a.Send(t.Context(), mariesAddress, m); err == nil || errors.Is(err, bot.ErrRefused) {
		t.Fatalf("the answer was lost: %v", err)
	}
	m.Attempt = 2
	id, err := a.Send(t.Context(), mariesAddress, m)
	if err != nil || id != s.posts[0].Id {
		t.Fatalf("id %q, %v", id, err)
	}
	if s.count("POST /files") != 1 || len(s.posts) != 1 {
		t.Errorf("%d uploads, %q", s.count("POST /files"), s.standing())
	}
}

// TestFileOfAnEdit: a post that is edited gets no file: it follows, once, in the same thread.
func TestFileOfAnEdit(t *testing.T) {
	a, s := shelved(t, counting())
	root, err := a.Send(t.Context(), mariesAddress, bot.Rendered{Key: "q", Text: "Laquelle ?"})
	if err != nil {
		t.Fatal(err)
	}
	m := bot.Rendered{Key: "k", About: "permanence/1", Text: "Voici.", File: "poster/1.pdf", Replace: root, Thread: root, Attempt: 1}
	s.loses = true // of the post with the file
	if _, err := a.Send(t.Context(), mariesAddress, m); err == nil {
		t.Fatal("the answer was lost")
	}
	for m.Attempt = 2; m.Attempt < 4; m.Attempt++ {
		if id, err := a.Send(t.Context(), mariesAddress, m); err != nil || id != root {
			t.Fatalf("id %q, want %s; %v", id, root, err)
		}
	}
	if diff := cmp.Diff([]string{"Voici.", " +affiche.pdf:%PDF poster/1.pdf 1"}, s.standing()); diff != "" {
		t.Error(diff)
	}
	if p := s.posts[1]; p.RootId != root || aboutOf(p) != "permanence/1" || s.count("POST /files") != 1 {
		t.Errorf("in the thread %q about %q, %d uploads", p.RootId, aboutOf(p), s.count("POST /files"))
	}
}

// TestFileAfterTheEdit: the text was edited and the upload of the file was not done: the next attempt brings it.
func TestFileAfterTheEdit(t *testing.T) {
	a, s := shelved(t, counting())
	root, err := a.Send(t.Context(), mariesAddress, bot.Rendered{Key: "q", Text: "Laquelle ?"})
	if err != nil {
		t.Fatal(err)
	}
	m := bot.Rendered{Key: "k", Text: "Voici.", File: "poster/1.pdf", Replace: root, Attempt: 1}
	s.fails["POST /posts"] = http.StatusServiceUnavailable
	if _, err := a.Send(t.Context(), mariesAddress, m); err == nil || errors.Is(err, bot.ErrRefused) {
		t.Fatalf("the server was in trouble: %v", err)
	}
	delete(s.fails, "POST /posts")
	m.Attempt = 2
	if id, err := a.Send(t.Context(), mariesAddress, m); err != nil || id != root {
		t.Fatalf("id %q, %v", id, err)
	}
	if diff := cmp.Diff([]string{"Voici.", " +affiche.pdf:%PDF poster/1.pdf 2"}, s.standing()); diff != "" {
		t.Error(diff)
	}
}

// TestFileIsNotSent: what becomes of a message whose file cannot go with it.
func TestFileIsNotSent(t *testing.T) {
	for _, test := range []struct {
		name   string
		data   []byte
		fault  error
		status int    // of the upload
		says   string // the server, of it
		sent   bool
		alone  bool // its words leave without it
	}{
		{name: "there is nothing to send any more", sent: true},
		{name: "it cannot be made", fault: errors.New("the store is away")},
		{name: "it is as large as it may be", data: make([]byte, mostAttached), sent: true},
		{name: "it is too large", data: make([]byte, mostAttached+1), sent: true, alone: true},
		{name: "it is too large for the server", data: []byte("x"), status: http.StatusRequestEntityTooLarge, sent: true, alone: true},
		{name: "the server takes no files", data: []byte("x"), status: http.StatusForbidden, says: filesOff, sent: true, alone: true},
		{name: "the channel is closed for a moment", data: []byte("x"), status: http.StatusForbidden},
		{name: "the server is in trouble", data: []byte("x"), status: http.StatusInternalServerError},
	} {
		a, s := shelved(t, func(context.Context, string) (bot.Attachment, error) {
			return bot.Attachment{Name: "a.pdf", Data: test.data}, test.fault
		})
		s.fails["POST /files"], s.says["POST /files"] = test.status, test.says
		_, err := a.Send(t.Context(), mariesAddress, bot.Rendered{Key: "k", Text: "Voici.", File: "poster/1.pdf"})
		if (err == nil) != test.sent || errors.Is(err, bot.ErrRefused) || errors.Is(err, bot.ErrUncertain) || len(s.posts) > 0 != test.sent {
			t.Errorf("%s: %v, %d posts", test.name, err, len(s.posts))
		}
		for _, p := range s.posts {
			if test.alone && len(p.FileIds) > 0 {
				t.Errorf("%s: the post has a file", test.name)
			}
		}
	}
}

// TestFilesAreHeard: the server tells of files with the post; of what it did not tell yet it is asked, and until the file is there the post is
// not heard. What is gone from an older post is left out.
func TestFilesAreHeard(t *testing.T) {
	a, s := shelved(t, nil)
	there, told, lost := model.NewId(), model.NewId(), model.NewId()
	s.files[there], s.names[there] = []byte("a;b\n"), "liste.csv"
	p := post(func(p *model.Post) {
		p.FileIds, p.CreateAt = model.StringArray{there, told, lost}, model.GetMillis()
		p.Metadata = &model.PostMetadata{Files: []*model.FileInfo{{Id: told, Name: "plan.png", Size: 9}}}
	})
	if _, err := a.filesOf(t.Context(), p); err == nil {
		t.Error("a file that is not there yet is not waited for")
	}
	p.CreateAt = 1
	got, err := a.filesOf(t.Context(), p)
	if err != nil {
		t.Fatal(err)
	}
	if diff := cmp.Diff([]bot.File{{ID: there, Name: "liste.csv", Size: 4}, {ID: told, Name: "plan.png", Size: 9}}, got); diff != "" {
		t.Error(diff)
	}
	s.fails["GET /files"] = http.StatusServiceUnavailable
	if _, err := a.filesOf(t.Context(), p); err == nil {
		t.Error("a server in trouble is believed")
	}
}

func TestDownload(t *testing.T) {
	a, s := shelved(t, nil)
	id := model.NewId()
	s.files[id] = []byte("0123456789")
	for _, test := range []struct {
		name   string
		id     string
		most   int64
		length bool
		status int
		says   string // in the sentence of a refusal; "" it is taken, or may pass
	}{
		{name: "whole", id: id, most: 10, length: true},
		{name: "whole, of unknown length", id: id, most: 10},
		{name: "whole, and less than it may be", id: id, most: 11},
		{name: "too large", id: id, most: 9, length: true, says: "9 octets au plus"},
		{name: "too large, of unknown length", id: id, most: 9, says: "trop gros"},
		{name: "gone", id: model.NewId(), most: 9, says: "envoyez-le à nouveau"},
		{name: "not for the bot", id: id, most: 10, status: http.StatusForbidden, says: "envoyez-le à nouveau"},
		{name: "no id", id: "../users/me", most: 9, says: "envoyez-le à nouveau"},
		{name: "trouble", id: id, most: 10, status: http.StatusServiceUnavailable},
		{name: "a wrong token", id: id, most: 10, status: http.StatusUnauthorized},
	} {
		s.length, s.fails["GET /files"] = test.length, test.status
		var got bytes.Buffer
		err := a.Download(t.Context(), test.id, test.most, &got)
		if errors.Is(err, bot.ErrRefused) != (test.says != "") || test.says != "" && !strings.Contains(err.Error(), test.says) {
			t.Errorf("%s: %v", test.name, err)
		}
		if whole := test.status == 0 && test.says == ""; whole != (err == nil) || whole && got.String() != "0123456789" || int64(got.Len()) > test.most {
			t.Errorf("%s: %q, %v", test.name, got.String(), err)
		}
	}
	delete(s.fails, "GET /files")
	if err := a.Download(t.Context(), id, 10, full{}); !errors.Is(err, errFull) || errors.Is(err, bot.ErrRefused) {
		t.Errorf("nobody takes it: %v", err)
	}
}

var errFull = errors.New("no space is left")

// full is a writer that takes nothing.
type full struct{}

func (full) Write([]byte) (int, error) { return 0, errFull }
