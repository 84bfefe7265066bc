package lacoop

import (
	"bytes"
	"compress/zlib"
	"encoding/base64"
	"encoding/json"
	"fmt"
	"net/url"

	"passeur/bot"
)

// Format is the version of the state of La Coop's forms that links are written in: its JSON in an envelope, zlib, base64url without padding.
const Format = "1"

// longestLink is what servers on the way take of an address; most stop at 8 KiB.
const longestLink = 8000

// Links makes links that open a form of La Coop filled in. The zero value makes none. It may be copied, and used by several goroutines.
type Links struct{ base, format string }

// NewLinks returns the Links to an instance of La Coop, Site if base is "", in a version of its forms' state, Format if it is "". The error says in French what
// is wrong with either.
func NewLinks(base, format string) (Links, error) {
	site, err := siteOf(base)
	if err != nil {
		return Links{}, err
	}
	if format == "" {
		format = Format
	}
	if format != Format {
		return Links{}, fmt.Errorf("le format de lien %q est inconnu : mettez %q", format, Format)
	}
	return Links{site.String(), format}, nil
}

// To returns the link that opens the form of a report, filled in with all of it that La Coop has a field for but the notes and whoever wrote it; somebody who
// is not logged in logs in first. The same report gives the same link as long as the program is the same. A report of several people who were helped one after
// the other fills in that of one of them: La Coop wants as many. What the report does not say, or what La Coop would refuse, is left for who opens it.
//
// ok is false when there is no link: La Coop has no such form, or so much was written that servers may refuse the address. Whoever shows a link shows the
// report as text too.
func (l Links) To(r bot.Report) (link string, ok bool) {
	fill, known := fills[r.Form]
	if l.format != Format || !known {
		return "", false
	}
	s := state{}
	s.text("date", day(r))
	fill(s, r)
	v, err := encode(s)
	if err != nil {
		return "", false
	}
	link = l.base + "/connexion?suivant=" + url.QueryEscape("/coop/mes-activites/cra/"+r.Form+"?v="+v)
	return link, len(link) <= longestLink
}

// encode writes a state as La Coop reads it: see Format.
func encode(s state) (string, error) {
	text, err := json.Marshal(map[string]state{"json": s})
	if err != nil {
		return "", err
	}
	var packed bytes.Buffer
	z := zlib.NewWriter(&packed)
	if _, err := z.Write(text); err != nil {
		return "", err
	}
	if err := z.Close(); err != nil {
		return "", err
	}
	return base64.RawURLEncoding.EncodeToString(packed.Bytes()), nil
}
