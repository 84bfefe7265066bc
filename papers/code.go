package papers

import (
	"fmt"
	"unicode/utf8"

	"github.com/skip2/go-qrcode"
)

// modules codes a link; true is black. Error correction is M (15 %), and better where that makes the code no finer: posters get
// torn and rained on. There is no quiet zone in what it returns.
func modules(what, link string) ([][]bool, error) {
	if !utf8.ValidString(link) {
		return nil, unreadable(what)
	}
	code, err := qrcode.New(link, qrcode.Medium)
	if err != nil || code.VersionNumber > largestCode {
		return nil, &TooLong{what, link}
	}
	for _, level := range []qrcode.RecoveryLevel{qrcode.High, qrcode.Highest} {
		if better, err := qrcode.New(link, level); err == nil && better.VersionNumber == code.VersionNumber {
			code = better
		}
	}
	code.DisableBorder = true
	return code.Bitmap(), nil
}

const (
	quietZone = 4 // modules on each side of a QR code (ISO/IEC 18004)
	// largestCode is the version of 57 × 57 modules: on a poster they are 0.8 mm wide then, and a telephone still reads them at
	// arm's length.
	largestCode = 10
)

func unreadable(what string) error {
	return fmt.Errorf("%s : ce texte est illisible, il n'est pas écrit en UTF-8. Tapez-le de nouveau", what)
}
