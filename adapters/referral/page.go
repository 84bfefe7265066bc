package referral

import (
	"bytes"
	"crypto/rand"
	"crypto/sha256"
	_ "embed"
	"encoding/base64"
	"encoding/hex"
	"html/template"
	"net/http"
	"regexp"
	"strings"

	"passeur/bot"
)

//go:embed page.html
var pageSource string

//go:embed page.css
var pageStyle string

var pageTemplate = template.Must(template.New("page").Parse(pageSource))

// What is said when there is no form to show, or beside it.
const (
	unknown  = "Ce lien n'existe pas, ou plus. Demandez-en un nouveau à la personne qui coordonne les conseillers numériques."
	tooOften = "Trop d'envois en peu de temps avec ce lien. Attendez une minute, puis recommencez."
	notAForm = "Cet envoi n'est pas lisible. Ouvrez de nouveau le lien, puis remplissez le formulaire."
	later    = "Rien n'a pu être enregistré. Recommencez dans quelques minutes."
)

// drawField is the hidden field that tells one opened page from another.
const drawField = "tirage"

// page is what is shown.
type page struct {
	Partner
	Style   template.CSS
	Draw    string // of this page
	Values  map[string]string
	Wrong   map[string]string // by field; under "" of none
	Message string            // instead of the form, or above it when there is a Draw
	Done    bool
}

// blank is the form as it is opened.
func blank(p Partner) page {
	return page{Partner: p, Draw: draw(), Values: map[string]string{}}
}

// draw is a number that no other page has.
func draw() string {
	var b [16]byte
	_, _ = rand.Read(b[:]) // never fails
	return hex.EncodeToString(b[:])
}

var drawForm = regexp.MustCompile(`^[0-9a-f]{32}$`)

// keptDraw is the number of the page that was sent back; another one if it is none of ours.
func keptDraw(sent string) string {
	if !drawForm.MatchString(sent) {
		return draw()
	}
	return sent
}

// Fields are what is wrong with fields, in the order in which they stand.
func (p page) Fields() (wrong []fieldFault) {
	for _, field := range shownFields {
		if text := p.Wrong[field]; text != "" {
			wrong = append(wrong, fieldFault{field, text})
		}
	}
	return wrong
}

type fieldFault struct{ Field, Text string }

// shownFields are the fields as the page shows them, from top to bottom.
var shownFields = []string{bot.ReferPhone, bot.ReferName, bot.ReferCommune, bot.ReferTold}

// policy lets a page show itself with its own style, be sent back to where it came from, and nothing else.
var policy = "default-src 'none'; style-src 'sha256-" + styleHash() + "'; form-action 'self'; base-uri 'none'; frame-ancestors 'none'"

func styleHash() string {
	sum := sha256.Sum256([]byte(pageStyle))
	return base64.StdEncoding.EncodeToString(sum[:])
}

// guard sets what holds for every answer: nobody keeps it, frames it, indexes it, or learns its address from a link.
func guard(h http.Header) {
	h.Set("Cache-Control", "no-store")
	h.Set("Content-Security-Policy", policy)
	h.Set("Content-Type", "text/html; charset=utf-8")
	h.Set("Referrer-Policy", "no-referrer")
	h.Set("X-Content-Type-Options", "nosniff")
	h.Set("X-Frame-Options", "DENY")
	h.Set("X-Robots-Tag", "noindex, nofollow")
}

// show writes a page.
func (n *Network) show(w http.ResponseWriter, status int, p page) {
	p.Style = template.CSS(pageStyle) //nolint:gosec // ours
	var b bytes.Buffer
	if err := pageTemplate.Execute(&b, p); err != nil {
		n.log.Error("the page cannot be written", "err", err)
		http.Error(w, later, http.StatusInternalServerError)
		return
	}
	if status == http.StatusRequestEntityTooLarge || status == http.StatusNotFound {
		w.Header().Set("Connection", "close") // without reading what else it has to say
	}
	w.WriteHeader(status)
	_, _ = w.Write(bytes.TrimLeft(b.Bytes(), "\n"))
}

// First is the field that the page begins with: the first that is wrong.
func (p page) First() string {
	if wrong := p.Fields(); len(wrong) > 0 {
		return wrong[0].Field
	}
	return ""
}

// Name is the first name that was sent, for the page that says what became of it.
func (p page) Name() string { return strings.TrimSpace(p.Values[bot.ReferName]) }
