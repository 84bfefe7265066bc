package store

import (
	"bytes"
	"crypto/aes"
	"crypto/cipher"
	"crypto/hkdf"
	"crypto/hmac"
	"crypto/rand"
	"crypto/sha256"
	"encoding/hex"
	"errors"
	"fmt"
)

// keySize is that of AES-256, for the operator's key as for the data key.
const keySize = 32

// The first byte of a body says how to read the rest.
const (
	plainBody  = 0
	sealedBody = 1 // AES-256-GCM: 12 bytes of random nonce, ciphertext, 16 bytes of tag
)

// ErrUnreadable tells that a sealed body does not open. The file was damaged or tampered with; nothing of it is returned.
var ErrUnreadable = errors.New("contenu scellé illisible : le fichier a été abîmé ou modifié, restaurez une sauvegarde")

// sealer encrypts bodies, hashes addresses and has a key for proofs. All keys are derived from the data key, which is random, lives in the
// file wrapped by the operator's key, and never changes: rotation re-wraps it. Safe for concurrent use.
type sealer struct {
	aead  cipher.AEAD
	index []byte
	proof []byte
}

func newSealer(dataKey []byte) (*sealer, error) {
	body, err := hkdf.Key(sha256.New, dataKey, nil, "passeur body", keySize)
	if err != nil {
		return nil, err
	}
	index, err := hkdf.Key(sha256.New, dataKey, nil, "passeur index", keySize)
	if err != nil {
		return nil, err
	}
	proof, err := hkdf.Key(sha256.New, dataKey, nil, "passeur proof", keySize)
	if err != nil {
		return nil, err
	}
	aead, err := newAEAD(body)
	if err != nil {
		return nil, err
	}
	return &sealer{aead: aead, index: index, proof: proof}, nil
}

func newAEAD(key []byte) (cipher.AEAD, error) {
	block, err := aes.NewCipher(key)
	if err != nil {
		return nil, err
	}
	return cipher.NewGCMWithRandomNonce(block)
}

// seal encrypts a body so that it opens only under the same label: what it belongs to.
func (s *sealer) seal(label string, body []byte) []byte {
	out := make([]byte, 1, 1+len(body)+s.aead.Overhead())
	out[0] = sealedBody
	return s.aead.Seal(out, nil, body, []byte(label))
}

// open reads a stored body into a new one. With must set, one that is not sealed is refused: whoever can write the file must not
// be able to put words into it.
func (s *sealer) open(label string, stored []byte, must bool) ([]byte, error) {
	if len(stored) > 0 && stored[0] == plainBody && !must {
		return append([]byte{}, stored[1:]...), nil
	}
	if len(stored) == 0 || stored[0] != sealedBody {
		return nil, ErrUnreadable
	}
	body, err := s.aead.Open(nil, nil, stored[1:], []byte(label))
	if err != nil {
		return nil, ErrUnreadable
	}
	if body == nil {
		body = []byte{}
	}
	return body, nil
}

// ProofKey is 32 bytes by which Passeur knows what it made itself and others carried: buttons. It is the same for every process
// on the same database, and for ever; it opens nothing.
func (d *DB) ProofKey() []byte { return bytes.Clone(d.seal.proof) }

// hash is the stored form of an id of a keyed kind.
func (s *sealer) hash(id string) string {
	mac := hmac.New(sha256.New, s.index)
	mac.Write([]byte(id))
	return hex.EncodeToString(mac.Sum(nil))
}

// hashed tells the stored form from an address, which has a colon.
func hashed(id string) bool {
	if len(id) != 2*sha256.Size {
		return false
	}
	for i := range len(id) {
		if c := id[i]; (c < '0' || c > '9') && (c < 'a' || c > 'f') {
			return false
		}
	}
	return true
}

const wrapLabel = "passeur data key 1"

// newDataKey makes a data key and returns it with its wrapped form.
func newDataKey(operator []byte) (dataKey, wrapped []byte, err error) {
	dataKey = make([]byte, keySize)
	if _, err := rand.Read(dataKey); err != nil {
		return nil, nil, err
	}
	wrapped, err = wrap(operator, dataKey)
	return dataKey, wrapped, err
}

func wrap(operator, dataKey []byte) ([]byte, error) {
	aead, err := newAEAD(operator)
	if err != nil {
		return nil, err
	}
	return aead.Seal(nil, nil, dataKey, []byte(wrapLabel)), nil
}

func unwrap(operator, wrapped []byte) ([]byte, error) {
	aead, err := newAEAD(operator)
	if err != nil {
		return nil, err
	}
	dataKey, err := aead.Open(nil, nil, wrapped, []byte(wrapLabel))
	if err != nil {
		return nil, fmt.Errorf("%w : indiquez la clé avec laquelle cette base a été créée ou scellée à nouveau", ErrWrongKey)
	}
	return dataKey, nil
}
