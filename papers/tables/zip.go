package tables

import (
	"archive/zip"
	"errors"
	"io"
	"path"
	"strings"
)

// What a workbook may hold at most.
const (
	mostParts    = 10_000
	mostListed   = 2 << 20  // bytes of the list of parts
	largestPart  = 1 << 30  // unpacked
	mostUnpacked = 2 << 30  // of all that is read, parts that are read twice included
	smallPart    = 16 << 20 // below it, how far a part was packed is not looked at
	mostPacked   = 300      // times: no sheet comes near it
	largestOther = 64 << 20 // shared strings, styles, lists of sheets; unpacked
)

const (
	bomb     = "ce classeur est anormalement gros une fois décompressé : copiez la liste, et elle seule, dans un classeur neuf"
	newStart = "rouvrez-le dans le tableur, et enregistrez-le sous le format Excel (.xlsx) ou sous le format CSV"
)

var errBomb = errors.New(bomb)

// damagedError is of a workbook that does not hold what it should; its message is for people, its cause for who looks into it.
type damagedError struct{ cause error }

func (e *damagedError) Error() string {
	return "le classeur est abîmé ou incomplet : " + newStart
}

func (e *damagedError) Unwrap() error { return e.cause }

func damaged(cause string) error { return &damagedError{errors.New(cause)} }

// book is a workbook: a ZIP archive of parts.
type book struct {
	in    *input
	parts map[string]*zip.File // by their name, in small letters
	read  int64                // bytes that were unpacked
}

// openBook reads the list of parts, and refuses what is no workbook.
func openBook(in *input) (*book, error) {
	in.left = mostListed
	z, err := zip.NewReader(in, in.size)
	in.left = -1
	switch {
	case errors.Is(err, errRation):
		return nil, errBomb
	case z == nil || err != nil && !errors.Is(err, zip.ErrInsecurePath):
		return nil, &damagedError{err}
	case len(z.File) > mostParts:
		return nil, errBomb
	}
	b := &book{in: in, parts: map[string]*zip.File{}}
	for _, f := range z.File {
		if isBomb(f.UncompressedSize64, f.CompressedSize64) {
			return nil, errBomb
		}
		if name := partName(f.Name); b.parts[name] == nil {
			b.parts[name] = f
		}
	}
	return b, b.refuse()
}

// isBomb tells whether so many bytes out of so few are too many.
func isBomb(unpacked, packed uint64) bool {
	return unpacked > largestPart || unpacked > smallPart && unpacked/mostPacked > packed
}

// partName is a name as it is looked for: programs write them with large letters, and with "\".
func partName(name string) string {
	return strings.TrimPrefix(path.Clean("/"+strings.ToLower(strings.ReplaceAll(name, `\`, "/"))), "/")
}

// refuse says what an archive is that is no workbook of Excel.
func (b *book) refuse() error {
	has := func(beginning string) bool {
		for name := range b.parts {
			if strings.HasPrefix(name, beginning) {
				return true
			}
		}
		return false
	}
	switch {
	case b.parts["xl/workbook.bin"] != nil:
		return errors.New("c'est un classeur binaire (.xlsb) : dans le tableur, " + strings.TrimPrefix(newStart, "rouvrez-le dans le tableur, et "))
	case b.parts["[content_types].xml"] != nil && (has("word/") || has("ppt/")):
		return errors.New("c'est un document ou une présentation, pas un tableau : recopiez la liste dans un tableur, et enregistrez-la au format Excel (.xlsx) ou CSV")
	case b.parts["[content_types].xml"] != nil || b.parts["xl/workbook.xml"] != nil:
		return nil
	case b.parts["mimetype"] != nil || has("index/"):
		return errors.New("c'est un classeur d'un autre format (LibreOffice, .ods, ou Numbers) : " + newStart)
	}
	return errors.New(archive)
}

// openPart unpacks a part, of at most so many bytes; nil if there is no such part.
func (b *book) openPart(name string, most int64) (*part, error) {
	f := b.parts[partName(name)]
	if f == nil {
		return nil, nil
	}
	if f.UncompressedSize64 > uint64(most) {
		return nil, errBomb
	}
	r, err := f.Open()
	if err != nil {
		return nil, &damagedError{err}
	}
	return newPart(&unpacked{r: r, b: b, packed: f.CompressedSize64, most: most}), nil
}

// unpacked reads a part, and counts.
type unpacked struct {
	r      io.ReadCloser
	b      *book
	packed uint64
	most   int64
	n      int64
}

func (u *unpacked) Read(p []byte) (int, error) {
	n, err := u.r.Read(p)
	u.n += int64(n)
	u.b.read += int64(n)
	if u.n > u.most || u.b.read > mostUnpacked || isBomb(uint64(u.n), u.packed) {
		return 0, errBomb
	}
	return n, err
}
