package rdv

import (
	"context"
	"errors"
	"fmt"
	"io/fs"
	"net/http"
	"os"
	"path/filepath"
	"strings"
	"sync"

	"golang.org/x/oauth2"
)

// TokenStore keeps the refresh token. The service gives another with each access token and then forgets the one before: what Save was
// given must be what Load gives back, also after a crash. Implementations need not be safe for concurrent use: Network asks one thing
// at a time.
type TokenStore interface {
	// Load returns the refresh token, "" when there is none. It is asked each time, so that an operator may put a new one in its place.
	Load() (string, error)
	// Save keeps a refresh token in the place of the one before. When it returns nil the token outlives a crash.
	Save(refresh string) error
}

// FileTokens is a TokenStore in a file of one line that only its owner can read. The folder must be writable: the file is replaced, never
// written over.
type FileTokens struct{ path string }

// NewFileTokens returns a store in the file at path. It neither opens nor makes it.
func NewFileTokens(path string) *FileTokens { return &FileTokens{path} }

// Load returns what stands in the file; "" when there is no file.
func (f *FileTokens) Load() (string, error) {
	line, err := os.ReadFile(f.path)
	if errors.Is(err, fs.ErrNotExist) {
		return "", nil
	}
	if err != nil {
		return "", fmt.Errorf("le jeton de renouvellement ne peut pas être lu, vérifier les droits du fichier : %w", err)
	}
	return strings.TrimSpace(string(line)), nil
}

// Save writes the token beside the file, has the disk take it, and puts it in the file's place: whoever looks finds the old one or
// the new one. The file's mode is 0600.
func (f *FileTokens) Save(refresh string) error {
	if err := f.replace(refresh); err != nil {
		return fmt.Errorf("le jeton de renouvellement ne peut pas être gardé, vérifier les droits du dossier : %w", err)
	}
	return nil
}

func (f *FileTokens) replace(refresh string) error {
	folder := filepath.Dir(f.path)
	next, err := os.CreateTemp(folder, "."+filepath.Base(f.path)+"-*") // mode 0600
	if err != nil {
		return err
	}
	_, err = next.WriteString(refresh + "\n")
	err = errors.Join(err, next.Sync(), next.Close())
	if err == nil {
		err = os.Rename(next.Name(), f.path)
	}
	if err != nil {
		return errors.Join(err, os.Remove(next.Name()))
	}
	dir, err := os.Open(folder)
	if err != nil {
		return err
	}
	return errors.Join(dir.Sync(), dir.Close())
}

// tokens hands out access tokens, and asks for one when there is none that still holds.
type tokens struct {
	conf   oauth2.Config
	client *http.Client
	store  TokenStore

	mu      sync.Mutex
	access  *oauth2.Token
	unsaved string // a refresh token that the store did not take yet
}

// token returns an access token. The refresh token that came with it is kept before it is used even once: with its first use the
// service forgets the refresh token before. Its errors are those of bot.Sender.
func (s *tokens) token(ctx context.Context) (string, error) {
	s.mu.Lock()
	defer s.mu.Unlock()
	if err := s.keep(); err != nil {
		return "", err
	}
	if s.access.Valid() {
		return s.access.AccessToken, nil
	}
	refresh, err := s.store.Load()
	if err != nil {
		return "", err
	}
	if refresh == "" {
		return "", errors.New("vérifier l'accès à RDV Service Public : il n'y a pas de jeton de renouvellement (refresh token), redonnez l'autorisation")
	}
	ctx = context.WithValue(ctx, oauth2.HTTPClient, s.client)
	fresh, err := s.conf.TokenSource(ctx, &oauth2.Token{RefreshToken: refresh}).Token()
	if err != nil {
		return "", refusal(err)
	}
	s.access = fresh
	if fresh.RefreshToken != refresh {
		s.unsaved = fresh.RefreshToken
	}
	if err := s.keep(); err != nil {
		return "", err
	}
	return fresh.AccessToken, nil
}

// keep has the store take what it did not take yet.
func (s *tokens) keep() error {
	if s.unsaved == "" {
		return nil
	}
	if err := s.store.Save(s.unsaved); err != nil {
		return err
	}
	s.unsaved = ""
	return nil
}

// drop forgets an access token that the service does not take any more.
func (s *tokens) drop(access string) {
	s.mu.Lock()
	defer s.mu.Unlock()
	if s.access != nil && s.access.AccessToken == access {
		s.access = nil
	}
}

// refusal is why no access token was given, without what the service wrote: it may repeat what it was sent.
func refusal(err error) error {
	r, ok := errors.AsType[*oauth2.RetrieveError](err)
	if !ok {
		return fmt.Errorf("RDV Service Public ne donne pas de jeton d'accès : %w", bare(err))
	}
	switch code := r.Response.StatusCode; code {
	case http.StatusOK, http.StatusBadRequest, http.StatusUnauthorized, http.StatusForbidden: // 200 with an error inside: some proxies
		return fmt.Errorf("%w : le jeton de renouvellement ou l'application OAuth n'est plus accepté, redonnez l'autorisation", &denied{code})
	case http.StatusTooManyRequests, http.StatusServiceUnavailable:
		return patience(r.Response)
	default:
		return &answered{code}
	}
}
