package rdv

import (
	"context"
	"errors"
	"os"
	"path/filepath"
	"slices"
	"strings"
	"sync"
	"testing"

	"passeur/bot"
)

// stores are all implementations of TokenStore, each holding "refresh-1".
func stores(t *testing.T) map[string]TokenStore {
	file := filepath.Join(t.TempDir(), "token")
	if err := os.WriteFile(file, []byte(" refresh-1\n\n"), 0o644); err != nil {
		t.Fatal(err)
	}
	return map[string]TokenStore{"memory": newMemoryTokens("refresh-1"), "file": NewFileTokens(file)}
}

func TestTokenStores(t *testing.T) {
	for name, store := range stores(t) {
		for _, want := range []string{"refresh-1", "refresh-2", "refresh-3-which-is-longer", "r4"} {
			if want != "refresh-1" {
				if err := store.Save(want); err != nil {
					t.Fatalf("%s: %v", name, err)
				}
			}
			if got, err := store.Load(); got != want || err != nil {
				t.Errorf("%s: %q, %v, want %q", name, got, err, want)
			}
		}
	}
}

func TestTokenFile(t *testing.T) {
	folder := t.TempDir()
	file := filepath.Join(folder, "token")
	store := NewFileTokens(file)
	if got, err := store.Load(); got != "" || err != nil {
		t.Errorf("no file: %q, %v", got, err)
	}
	if err := os.WriteFile(file, []byte("old"), 0o644); err != nil {
		t.Fatal(err)
	}
	if err := store.Save("new"); err != nil {
		t.Fatal(err)
	}
	info, err := os.Stat(file)
	if err != nil || info.Mode().Perm() != 0o600 {
		t.Errorf("mode %v, %v", info.Mode(), err)
	}
	if left, _ := os.ReadDir(folder); len(left) != 1 {
		t.Errorf("%d files are left", len(left))
	}
	err = NewFileTokens(filepath.Join(folder, "absent", "token")).Save("new")
	if err == nil || !strings.Contains(err.Error(), "vérifier les droits du dossier") {
		t.Errorf("no folder: %v", err)
	}
	if _, err = NewFileTokens(folder).Load(); err == nil || !strings.Contains(err.Error(), "vérifier les droits du fichier") {
		t.Errorf("a folder: %v", err)
	}
}

// A token that expires is asked for anew, with the refresh token that came with the one before.
func TestTokensAreRefreshed(t *testing.T) {
	for name, store := range stores(t) {
		s := newService()
		s.expires = 5 // less than the margin: each is expired as it comes
		n := s.start(t, func(c *Config) { c.Tokens = store })
		for range 3 {
			if _, err := n.Send(context.Background(), "rdv:777", bot.Rendered{Text: "seen"}); err != nil {
				t.Fatalf("%s: %v", name, err)
			}
		}
		if kept, _ := store.Load(); kept != "refresh-4" || s.access != 3 {
			t.Errorf("%s: kept %s after %d access tokens", name, kept, s.access)
		}
	}
}

// A token that the service forgot, though it had time to live, is replaced within the same call.
func TestTokenThatIsForgotten(t *testing.T) {
	s := newService()
	n := s.start(t, nil)
	send := func() error {
		_, err := n.Send(context.Background(), "rdv:777", bot.Rendered{Text: "seen"})
		return err
	}
	if err := send(); err != nil {
		t.Fatal(err)
	}
	s.mu.Lock()
	s.access = 7
	s.mu.Unlock()
	s.askedFor()
	if err := send(); err != nil {
		t.Fatal(err)
	}
	want := []string{"PATCH /api/v1/participations/777", "POST /oauth/token", "PATCH /api/v1/participations/777"}
	if got := s.askedFor(); !slices.Equal(got, want) {
		t.Errorf("asked %q", got)
	}
}

// Many at once share one token: each refresh token is used once.
func TestTokensAtOnce(t *testing.T) {
	s := newService()
	n := s.start(t, nil)
	var all sync.WaitGroup
	for range 20 {
		all.Go(func() {
			if _, err := n.Send(context.Background(), "rdv:777", bot.Rendered{Text: "seen"}); err != nil {
				t.Error(err)
			}
		})
	}
	all.Wait()
	if s.access != 1 {
		t.Errorf("%d access tokens", s.access)
	}
}

// full is a store that takes nothing while it is full.
type full struct {
	memoryTokens
	err error
}

func (f *full) Save(refresh string) error {
	if f.err != nil {
		return f.err
	}
	return f.memoryTokens.Save(refresh)
}

// A refresh token that cannot be kept is not lost, and nothing is asked with what came beside it until it is kept.
func TestTokenThatCannotBeKept(t *testing.T) {
	s, store := newService(), &full{err: errors.New("disk is full")}
	_ = store.memoryTokens.Save("refresh-1")
	n := s.start(t, func(c *Config) { c.Tokens = store })
	for range 2 {
		if _, err := n.Send(context.Background(), "rdv:777", bot.Rendered{Text: "seen"}); !errors.Is(err, store.err) || errors.Is(err, bot.ErrRefused) {
			t.Fatalf("%v", err)
		}
	}
	store.err = nil
	if _, err := n.Send(context.Background(), "rdv:777", bot.Rendered{Text: "seen"}); err != nil {
		t.Fatal(err)
	}
	if want := []string{"POST /oauth/token", "PATCH /api/v1/participations/777"}; !slices.Equal(s.askedFor(), want) {
		t.Error("asked more than once for a token")
	}
	if kept, _ := store.Load(); kept != "refresh-2" {
		t.Errorf("kept %s", kept)
	}
}

// An operator mends a lost access by writing a new token into the file, without a restart.
func TestTokenThatIsReplaced(t *testing.T) {
	s, store := newService(), newMemoryTokens("")
	n := s.start(t, func(c *Config) { c.Tokens = store })
	for _, lost := range []string{"", "revoked"} {
		_ = store.Save(lost)
		_, err := n.Send(context.Background(), "rdv:777", bot.Rendered{Text: "seen"})
		if err == nil || !strings.Contains(err.Error(), "redonnez l'autorisation") || lost != "" && strings.Contains(err.Error(), lost) {
			t.Errorf("%q: %v", lost, err)
		}
	}
	_ = store.Save("refresh-1")
	if _, err := n.Send(context.Background(), "rdv:777", bot.Rendered{Text: "seen"}); err != nil {
		t.Error(err)
	}
}

// memoryTokens is a TokenStore for tests: it forgets when the program ends, and the service has then
// forgotten the token that it began with.
type memoryTokens struct {
	mu      sync.Mutex
	refresh string
}

// newMemoryTokens returns a store that holds a refresh token.
func newMemoryTokens(refresh string) *memoryTokens { return &memoryTokens{refresh: refresh} }

// Load returns the token.
func (m *memoryTokens) Load() (string, error) {
	m.mu.Lock()
	defer m.mu.Unlock()
	return m.refresh, nil
}

// Save keeps the token.
func (m *memoryTokens) Save(refresh string) error {
	m.mu.Lock()
	defer m.mu.Unlock()
	m.refresh = refresh
	return nil
}
