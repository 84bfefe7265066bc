package store

import (
	"crypto/rand"
	"encoding/base64"
	"encoding/hex"
	"errors"
	"fmt"
	"io/fs"
	"os"
	"path/filepath"
	"strings"
)

// KeyFileName is the file made beside the database when the operator configured no key.
const KeyFileName = "passeur.key"

// KeyInfo tells where the operator's key came from, for `passeur check`.
type KeyInfo struct {
	Path   string // of the file it was read from; "" when it was given as bytes
	Beside bool   // it was not configured: it lies beside the database, so whoever copies the folder reads everything
	Loose  bool   // the file may be read by others than its owner
}

// operatorKey finds the operator's key. A key is made only for a database that does not exist yet: for one that
// does, a missing key must be found again, since a new one opens nothing.
func operatorKey(path string, o Options, fresh bool) ([]byte, KeyInfo, error) {
	switch {
	case len(o.Key) > 0:
		if len(o.Key) != keySize {
			return nil, KeyInfo{}, fmt.Errorf("la clé doit faire %d octets, celle-ci en fait %d", keySize, len(o.Key))
		}
		return o.Key, KeyInfo{}, nil
	case o.KeyFile != "":
		key, info, err := readKey(o.KeyFile)
		if errors.Is(err, fs.ErrNotExist) {
			err = fmt.Errorf("le fichier de clé %s n'existe pas ; créez-le avec « openssl rand -base64 32 » : %w", o.KeyFile, err)
		}
		return key, info, err
	}
	if OnServer(path) {
		return nil, KeyInfo{}, errors.New("une base sur un serveur a besoin d'une clé, la même pour tous ceux qui l'ouvrent : donnez-la (key_file ou key) ; une nouvelle se fait avec « openssl rand -base64 32 »")
	}
	beside := filepath.Join(filepath.Dir(path), KeyFileName)
	if fresh && !o.ReadOnly {
		if err := makeKey(beside); err != nil {
			return nil, KeyInfo{}, err
		}
	}
	key, info, err := readKey(beside)
	if errors.Is(err, fs.ErrNotExist) {
		err = fmt.Errorf("aucune clé n'est configurée et %s manque ; remettez ce fichier, sans lui la base ne s'ouvre pas : %w", beside, err)
	}
	info.Beside = true
	return key, info, err
}

// readKey reads 32 bytes, written as they are, in hexadecimal or in base64.
func readKey(path string) ([]byte, KeyInfo, error) {
	raw, err := os.ReadFile(path)
	if err != nil {
		return nil, KeyInfo{}, err
	}
	stat, err := os.Stat(path)
	if err != nil {
		return nil, KeyInfo{}, err
	}
	key, err := ParseKey(raw)
	if err != nil {
		return nil, KeyInfo{}, fmt.Errorf("%s : %w", path, err)
	}
	return key, KeyInfo{Path: path, Loose: stat.Mode().Perm()&0o077 != 0}, nil
}

// ParseKey reads a key as operators write it: 32 bytes as they are, in hexadecimal or in base64, spaces around it
// left out.
func ParseKey(raw []byte) ([]byte, error) {
	if len(raw) == keySize {
		return raw, nil
	}
	text := strings.TrimSpace(string(raw))
	if key, err := hex.DecodeString(text); err == nil && len(key) == keySize {
		return key, nil
	}
	if key, err := base64.StdEncoding.DecodeString(text); err == nil && len(key) == keySize {
		return key, nil
	}
	return nil, errors.New("ce n'est pas une clé : il faut 32 octets, bruts, en hexadécimal ou en base64 (« openssl rand -base64 32 »)")
}

// makeKey writes a new key that only its owner may read, and makes sure that it lasts before anything is sealed
// under it. It has its name only once it is whole. A key that is there already is kept.
func makeKey(path string) error {
	if _, err := os.Stat(path); err == nil {
		return nil
	}
	key := make([]byte, keySize)
	if _, err := rand.Read(key); err != nil {
		return err
	}
	unfinished := path + ".tmp"
	f, err := os.OpenFile(unfinished, os.O_WRONLY|os.O_CREATE|os.O_TRUNC, 0o600)
	if err != nil {
		return fmt.Errorf("impossible de créer la clé : %w", err)
	}
	_, err = f.WriteString(base64.StdEncoding.EncodeToString(key) + "\n")
	err = errors.Join(err, f.Sync(), f.Close())
	if err == nil {
		err = errors.Join(os.Rename(unfinished, path), syncDir(filepath.Dir(path)))
	}
	if err != nil {
		return fmt.Errorf("impossible d'écrire la clé %s : %w", path, err)
	}
	return nil
}

// syncDir makes the names in a folder last.
func syncDir(path string) error {
	d, err := os.Open(path)
	if err != nil {
		return err
	}
	return errors.Join(d.Sync(), d.Close())
}
