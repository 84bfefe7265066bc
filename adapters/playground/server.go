package playground

import (
	"bytes"
	"context"
	"embed"
	"encoding/json"
	"errors"
	"html/template"
	"io"
	"log/slog"
	"mime"
	"net/http"
	"strings"
	"time"

	"passeur/bot"
)

//go:embed page
var files embed.FS

// maxBody bounds a post, in bytes.
const maxBody = 64 << 10

// ServeHTTP answers for the page, its files, its live stream, what goes with messages, and its four posts.
func (p *Playground) ServeHTTP(w http.ResponseWriter, r *http.Request) { p.mux.ServeHTTP(w, r) }

func (p *Playground) routes() http.Handler {
	mux := http.NewServeMux()
	mux.HandleFunc("GET /{$}", p.page)
	mux.HandleFunc("GET /playground.css", asset("text/css; charset=utf-8", "page/playground.css"))
	mux.HandleFunc("GET /playground.js", asset("text/javascript; charset=utf-8", "page/playground.js"))
	mux.HandleFunc("GET /icon.svg", asset("image/svg+xml", "page/icon.svg"))
	mux.HandleFunc("GET /events", p.stream)
	mux.HandleFunc("GET /files/{post}", p.file)
	mux.HandleFunc("POST /say", answer(p.postSay))
	mux.HandleFunc("POST /press", answer(p.postPress))
	mux.HandleFunc("POST /advance", answer(p.postAdvance))
	mux.HandleFunc("POST /reset", answer(p.postReset))
	return p.guard(mux)
}

func asset(kind, name string) http.HandlerFunc {
	return func(w http.ResponseWriter, _ *http.Request) {
		text, err := files.ReadFile(name)
		if err != nil {
			refuse(w, http.StatusNotFound, "Ce fichier n'existe pas.")
			return
		}
		w.Header().Set("Content-Type", kind)
		_, _ = w.Write(text)
	}
}

// view is what the page is made of.
type view struct {
	Counsellor  Counsellor
	Phones      []phoneView
	Suggestions []string
}

type phoneView struct {
	Address, Number, Shown, Name string
}

func (p *Playground) page(w http.ResponseWriter, _ *http.Request) {
	v := view{Counsellor: p.counsellor, Suggestions: phoneSuggestions}
	for _, phone := range p.phones {
		number := phone.Address.ID()
		v.Phones = append(v.Phones, phoneView{string(phone.Address), number, bot.FrenchPhone(number), phone.Name})
	}
	t, err := template.ParseFS(files, "page/index.html")
	var out bytes.Buffer
	if err == nil {
		err = t.Execute(&out, v)
	}
	if err != nil {
		slog.Error("playground: make the page", "error", err)
		refuse(w, http.StatusInternalServerError, "La page ne peut pas être montrée ; le détail est au journal.")
		return
	}
	w.Header().Set("Content-Type", "text/html; charset=utf-8")
	_, _ = w.Write(out.Bytes())
}

// file gives what goes with a post, to be kept and not shown: the page is not its place.
func (p *Playground) file(w http.ResponseWriter, r *http.Request) {
	file, ok := p.board.attached(r.PathValue("post"))
	if !ok {
		refuse(w, http.StatusNotFound, "Ce fichier n'est plus là. Rechargez la page.")
		return
	}
	w.Header().Set("Content-Type", file.Type)
	w.Header().Set("Content-Disposition", mime.FormatMediaType("attachment", map[string]string{"filename": file.Name}))
	_, _ = w.Write(file.Data)
}

// fault is an error with a sentence for the page.
type fault struct {
	status int
	text   string
}

func (f fault) Error() string { return f.text }

// refuse answers with one French sentence.
func refuse(w http.ResponseWriter, status int, sentence string) {
	w.Header().Set("Content-Type", "application/json; charset=utf-8")
	w.WriteHeader(status)
	_ = json.NewEncoder(w).Encode(map[string]string{"error": sentence})
}

// answer makes a handler of a post whose outcome shows on the live stream: 204, or a sentence.
func answer(do func(*http.Request) error) http.HandlerFunc {
	return func(w http.ResponseWriter, r *http.Request) {
		r.Body = http.MaxBytesReader(w, r.Body, maxBody)
		err := do(r)
		var f fault
		switch {
		case err == nil:
			w.WriteHeader(http.StatusNoContent)
		case errors.As(err, &f):
			refuse(w, f.status, f.text)
		default:
			slog.Error("playground: act", "path", r.URL.Path, "error", err)
			refuse(w, http.StatusInternalServerError, "Le robot n'a pas pu le faire. Le détail est au journal ; réessayez, ou recommencez la démonstration.")
		}
	}
}

// read takes one JSON object from the body.
func read(r *http.Request, into any) error {
	if kind, _, err := mime.ParseMediaType(r.Header.Get("Content-Type")); err != nil || kind != "application/json" {
		return fault{http.StatusUnsupportedMediaType, "Cette demande n'est pas en JSON."}
	}
	d := json.NewDecoder(r.Body)
	d.DisallowUnknownFields()
	err := d.Decode(into)
	if err == nil {
		_, err = d.Token()
	}
	var tooLarge *http.MaxBytesError
	switch {
	case errors.As(err, &tooLarge):
		return fault{http.StatusRequestEntityTooLarge, "Ce message est trop long (64 Kio au plus)."}
	case !errors.Is(err, io.EOF): // what must come behind the object is the end
		return fault{http.StatusBadRequest, "Cette demande n'est pas comprise. Rechargez la page."}
	}
	return nil
}

func (p *Playground) postSay(r *http.Request) error {
	var in struct {
		From    bot.Address `json:"from"`
		Text    string      `json:"text"`
		ReplyTo string      `json:"reply_to"`
	}
	if err := read(r, &in); err != nil {
		return err
	}
	pane, ok := p.pane(in.From)
	if !ok {
		return fault{http.StatusBadRequest, "Cette personne n'est pas dans la démonstration. Rechargez la page."}
	}
	if strings.TrimSpace(in.Text) == "" {
		return fault{http.StatusBadRequest, "Le message est vide : écrivez quelque chose."}
	}
	if in.ReplyTo != "" {
		if in.ReplyTo, ok = p.board.root(in.ReplyTo, pane); !ok || pane != Mattermost {
			return fault{http.StatusBadRequest, "Le message auquel vous répondez n'est plus là."}
		}
	}
	return p.say(r.Context(), in.From, in.Text, in.ReplyTo)
}

func (p *Playground) postPress(r *http.Request) error {
	var in struct {
		From   bot.Address `json:"from"`
		Post   string      `json:"post"`
		Choice int         `json:"choice"`
	}
	if err := read(r, &in); err != nil {
		return err
	}
	item, c, ok := p.board.pressed(in.Post, in.Choice)
	if pane, known := p.pane(in.From); !ok || !known || pane != item.Pane {
		return fault{http.StatusConflict, "Ce bouton n'est plus là."}
	}
	return p.press(r.Context(), in.From, item, c)
}

func (p *Playground) postAdvance(r *http.Request) error {
	var in struct {
		By string `json:"by"` // "1h", "1d", "next"
	}
	if err := read(r, &in); err != nil {
		return err
	}
	return p.act(r.Context(), func(ctx context.Context) error {
		to, err := p.destination(ctx, in.By)
		if err != nil {
			return err
		}
		return p.world.Advance(ctx, to)
	})
}

// destination is the time to which a button moves the clock. A day is a day of the calendar: the same hour tomorrow.
func (p *Playground) destination(ctx context.Context, by string) (time.Time, error) {
	now := p.world.Now()
	switch by {
	case "1h":
		return now.Add(time.Hour), nil
	case "1d":
		return now.AddDate(0, 0, 1), nil
	case "next":
		if to, ok := p.world.Next(ctx); ok {
			return to, nil
		}
		return now, fault{http.StatusConflict, "Rien n'est prévu : prenez d'abord un rendez-vous."}
	}
	return now, fault{http.StatusBadRequest, "Cette demande n'est pas comprise. Rechargez la page."}
}

func (p *Playground) postReset(r *http.Request) error {
	if err := read(r, &struct{}{}); err != nil {
		return err
	}
	return p.act(r.Context(), func(ctx context.Context) error {
		p.board.clear()
		return p.world.Reset(ctx)
	})
}
