package main

import (
	"context"
	"fmt"
	"io"
	"net/http"
	"net/url"
	"os"
	"os/exec"
	"path/filepath"
	"strings"
	"sync"
	"testing"
	"time"

	"github.com/chromedp/cdproto/log"
	"github.com/chromedp/cdproto/network"
	"github.com/chromedp/cdproto/runtime"
	"github.com/chromedp/chromedp"
	"github.com/chromedp/chromedp/kb"

	"passeur/e2e/peers"
	"passeur/intents/dates"
)

// TestDemoInChromium plays a story on the page of `passeur demo` in a real browser, with the keyboard alone: two bookings,
// their reminders, an answer from a phone, the news in Mattermost. With PICTURE=<file> it keeps the picture of it.
func TestDemoInChromium(t *testing.T) {
	page := startDemo(t)
	b := openChromium(t)
	b.open(page)
	day := workdayAfterWorkday(time.Now().In(paris(t)))

	b.write(mattermostField, "rdv 06 39 98 56 78 Ahmed "+dates.FrenchDay(day)+" 14h30 médiathèque de Saint-Lô")
	b.sees("#mattermost", "Rendez-vous avec Ahmed", "Répondez oui, non, ou corrigez")
	b.write(mattermostField, "oui")
	b.sees("#planned", "Ahmed", dates.FrenchDay(day)+", 09:00")
	b.write(mattermostField, "rdv 06 39 98 12 34 Jeanne "+dates.FrenchDay(day)+" 10h mairie de Coutances")
	b.sees("#mattermost", "Rendez-vous avec Jeanne", dates.FrenchDay(day)+fmt.Sprint(" ", day.Year())+" à 10h")
	b.press(".post:last-of-type .buttons button:first-child") // Oui
	b.sees("#planned", "Jeanne", dates.FrenchDay(day.AddDate(0, 0, -1))+", 18:00", "Rappel du rendez-vous")

	b.advanceUntil(jeanne, "demain "+dates.FrenchDay(day)+" à 10h, mairie de Coutances", "1 oui, 2 non, 3 changer")
	b.sees(ahmed, "demain "+dates.FrenchDay(day)+" à 14h30")
	b.sees("#clock", dates.FrenchDay(day.AddDate(0, 0, -1)), "18:00")
	b.press("#plus-1h")
	b.sees("#clock", "19:00")
	b.write(jeanne+" textarea", "2")
	b.sees("#mattermost", "❌ Jeanne ne vient pas demain "+dates.FrenchDay(day)+" à 10h")
	b.sees(jeanne, "vous ne venez pas", "Une erreur ? Répondez 1.")
	b.press(".post.threaded:last-of-type .buttons button:first-child") // Répondre
	b.sees("#mattermost", "Que voulez-vous lui répondre ?")
	b.write(mattermostField, "Mardi à 10h, ça vous va ?")
	b.sees("#mattermost", "À Jeanne, 1 SMS", "J'envoie ?")
	b.press(".post:last-of-type .buttons button:first-child") // Envoyer
	b.sees(jeanne, "Marie Lecomte : Mardi à 10h")
	b.picture(picturePath(t))

	b.everythingIsReached()
	b.press("#plus-1d")
	b.sees(ahmed, "aujourd'hui "+dates.FrenchDay(day)+" à 14h30")
	b.press("#reset")
	b.sees(jeanne, "Aucun message.")
	b.sees("#planned", "Rien n'est prévu")
	if n := of[int](b, `document.querySelectorAll(".post, .bubble").length`); n != 0 {
		t.Errorf("%d messages are left after « Recommencer »", n)
	}
	b.hadNoTrouble(page)
}

// TestFileOfTheDemo: what goes with a message can be kept from the page.
func TestFileOfTheDemo(t *testing.T) {
	page := startDemo(t)
	b := openChromium(t)
	b.open(page)
	b.write(mattermostField, "permanence tous les mardis 14h-17h mairie de Périers")
	b.sees("#mattermost", "C'est bon ?")
	b.write(mattermostField, "oui")
	b.write(mattermostField, "affiche")
	b.sees("#mattermost", "Voici l'affiche", "📎 affiche-periers.pdf")
	const fetched = `fetch(document.querySelector(".file a").href).then((r) => r.text()).then((s) => { document.title = s.slice(0, 5); })`
	_ = of[any](b, fetched+"; 0")
	peers.Until(t, 20*time.Second, "", func() error {
		if title := of[string](b, "document.title"); title != "%PDF-" {
			return fmt.Errorf("the link gives %q", title)
		}
		return nil
	})
	b.hadNoTrouble(page)
}

const (
	mattermostField = "#say-mattermost"
	jeanne          = `[data-phone="+33639981234"]`
	ahmed           = `[data-phone="+33639985678"]`
)

// mouse tells the page that the machine has one (the hover and fine pointer of CSS), as a window without a screen does not.
const mouse = "primaryHoverType=2,availableHoverTypes=2,primaryPointerType=4,availablePointerTypes=4"

// picturePath is where the picture goes: the file that PICTURE names, or one that is thrown away.
func picturePath(t *testing.T) string {
	if path := os.Getenv("PICTURE"); path != "" {
		return path
	}
	return filepath.Join(t.TempDir(), "demo.png")
}

// startDemo runs the command itself on a free port until the test ends.
func startDemo(t *testing.T) (page string) {
	t.Helper()
	addr := peers.Addr(peers.FreePort(t))
	ctx, cancel := context.WithCancel(context.Background())
	ended := make(chan error, 1)
	go func() { ended <- run(ctx, []string{"demo", "--addr", addr}, nil, io.Discard, io.Discard) }()
	t.Cleanup(func() {
		cancel()
		if err := <-ended; err != nil {
			t.Errorf("the demo ended with %v", err)
		}
	})
	page = "http://" + addr + "/"
	peers.Until(t, 15*time.Second, "", func() error {
		res, err := http.Get(page)
		if err != nil {
			return err
		}
		return res.Body.Close()
	})
	return page
}

// chromium is a browser with one window, and what went wrong in it.
type chromium struct {
	t   *testing.T
	ctx context.Context

	mu      sync.Mutex
	trouble []string // errors of the console
	asked   []string // every address that the page asked for
}

// openChromium starts Debian's Chromium with a profile of its own; it ends with the test.
func openChromium(t *testing.T) *chromium {
	t.Helper()
	program, err := exec.LookPath("chromium")
	if err != nil {
		peers.Missing(t, "chromium not found (Debian package chromium)")
	}
	options := append(chromedp.DefaultExecAllocatorOptions[:],
		chromedp.ExecPath(program), chromedp.UserDataDir(t.TempDir()), chromedp.DisableGPU, chromedp.NoFirstRun,
		chromedp.Flag("no-sandbox", os.Getuid() == 0), chromedp.Flag("disable-quic", true),
		chromedp.Flag("disable-background-networking", true), chromedp.Flag("disable-component-update", true),
		chromedp.Flag("disable-sync", true), chromedp.Flag("lang", "fr-FR"),
		chromedp.Flag("blink-settings", mouse), chromedp.WSURLReadTimeout(time.Minute))
	background, stop := chromedp.NewExecAllocator(context.Background(), options...)
	b := &chromium{t: t}
	var cancel context.CancelFunc
	b.ctx, cancel = chromedp.NewContext(background, chromedp.WithListener(b.notice))
	t.Cleanup(func() {
		if err := chromedp.Cancel(b.ctx); err != nil {
			t.Log(err)
		}
		cancel()
		stop()
	})
	b.do(chromedp.EmulateViewport(1440, 1000, chromedp.EmulateScale(1.5)))
	return b
}

// notice keeps what must not happen, and where requests go.
func (b *chromium) notice(event any) {
	b.mu.Lock()
	defer b.mu.Unlock()
	switch e := event.(type) {
	case *runtime.EventExceptionThrown:
		b.trouble = append(b.trouble, e.ExceptionDetails.Text)
	case *runtime.EventConsoleAPICalled:
		if e.Type == runtime.ConsoleAPICalledTypeError || e.Type == runtime.ConsoleAPICalledTypeWarning {
			b.trouble = append(b.trouble, fmt.Sprint("console.", e.Type))
		}
	case *log.EventEntryAdded:
		if e.Entry.Level == log.EntryLevelError || e.Entry.Level == log.EntryLevelWarning {
			b.trouble = append(b.trouble, e.Entry.Text+" "+e.Entry.URL)
		}
	case *network.EventRequestWillBeSent:
		b.asked = append(b.asked, e.Request.URL)
	}
}

func (b *chromium) do(actions ...chromedp.Action[chromedp.Void]) {
	b.t.Helper()
	if err := chromedp.Do(b.ctx, actions...); err != nil {
		b.t.Fatal(err)
	}
}

// of runs a script of the page and returns its value.
func of[T any](b *chromium, script string) T {
	b.t.Helper()
	out, err := chromedp.Run(b.ctx, chromedp.Evaluate[T](script))
	if err != nil {
		b.t.Fatal(err)
	}
	return out
}

// open shows the page and waits until the robot has told it the hour.
func (b *chromium) open(page string) {
	b.t.Helper()
	b.do(chromedp.Navigate(page))
	b.sees("#clock", ":")
}

// sees waits until an element shows all the words.
func (b *chromium) sees(selector string, words ...string) {
	b.t.Helper()
	peers.Until(b.t, 20*time.Second, "", func() error { return b.shows(selector, words) })
}

func (b *chromium) shows(selector string, words []string) error {
	shown := strings.Join(strings.Fields(of[string](b, fmt.Sprintf("document.querySelector(%q).innerText", selector))), " ")
	for _, w := range words {
		if !strings.Contains(shown, w) {
			return fmt.Errorf("%q does not stand in %s: %s", w, selector, shown)
		}
	}
	return nil
}

// reach presses Tab until the element has the focus.
func (b *chromium) reach(selector string) {
	b.t.Helper()
	there := fmt.Sprintf("Number(document.activeElement === document.querySelector(%q))", selector)
	for range 100 {
		if of[int](b, there) == 1 {
			return
		}
		b.do(chromedp.KeyEvent(kb.Tab))
	}
	b.t.Fatalf("100 times Tab do not reach %s", selector)
}

// write types a line into a field and sends it with Enter.
func (b *chromium) write(field, line string) {
	b.t.Helper()
	b.reach(field)
	b.do(chromedp.KeyEvent(line), chromedp.KeyEvent(kb.Enter))
	peers.Until(b.t, 20*time.Second, "", func() error {
		if of[int](b, fmt.Sprintf("document.querySelector(%q).value.length + Number(document.body.hasAttribute('aria-busy'))", field)) != 0 {
			return fmt.Errorf("the line stays in %s", field)
		}
		return nil
	})
}

// press reaches a button and presses it with the space bar; it waits until the robot has answered.
func (b *chromium) press(button string) {
	b.t.Helper()
	b.reach(button)
	b.do(chromedp.KeyEvent(" "))
	peers.Until(b.t, 20*time.Second, "", func() error {
		if of[int](b, "Number(document.body.hasAttribute('aria-busy'))") != 0 {
			return fmt.Errorf("the page is still busy after %s", button)
		}
		return nil
	})
}

// advanceUntil presses « Prochain événement » until the element shows the words.
func (b *chromium) advanceUntil(selector string, words ...string) {
	b.t.Helper()
	for range 6 {
		before := of[string](b, "document.querySelector('#clock').dateTime")
		b.press("#next")
		peers.Until(b.t, 20*time.Second, "", func() error {
			if of[string](b, "document.querySelector('#clock').dateTime") == before {
				return fmt.Errorf("the clock stands still")
			}
			return nil
		})
		if b.shows(selector, words) == nil {
			return
		}
	}
	b.sees(selector, words...)
}

// everythingIsReached goes once around the page with Tab: whatever can be pressed, typed into or scrolled had the focus.
func (b *chromium) everythingIsReached() {
	b.t.Helper()
	b.do(chromedp.Evaluate[chromedp.Void](`window.left = new Set([...document.querySelectorAll("a, button, textarea, [tabindex]")]
		.filter((e) => e.checkVisibility()));
		document.addEventListener("focusin", (e) => window.left.delete(e.target));
		window.left.delete(document.activeElement)`))
	for range of[int](b, "window.left.size") + 10 {
		b.do(chromedp.KeyEvent(kb.Tab))
	}
	if left := of[string](b, `[...window.left].map((e) => e.outerHTML.slice(0, 80)).join("\n")`); left != "" {
		b.t.Errorf("the keyboard does not reach:\n%s", left)
	}
}

// picture keeps what the window shows, without the caret and the ring of the focus.
func (b *chromium) picture(path string) {
	b.t.Helper()
	b.do(chromedp.Evaluate[chromedp.Void]("document.activeElement.blur()"))
	png, err := chromedp.Run(b.ctx, chromedp.CaptureScreenshot())
	if err != nil {
		b.t.Fatal(err)
	}
	if err := os.WriteFile(path, png, 0o644); err != nil {
		b.t.Fatal(err)
	}
	if len(png) < 20_000 {
		b.t.Errorf("the picture has %d bytes: it must be empty", len(png))
	}
}

// hadNoTrouble fails on errors of the console, and on requests that left for another host than the page's.
func (b *chromium) hadNoTrouble(page string) {
	b.t.Helper()
	b.mu.Lock()
	defer b.mu.Unlock()
	for _, text := range b.trouble {
		b.t.Errorf("the console says: %s", text)
	}
	home, err := url.Parse(page)
	if err != nil {
		b.t.Fatal(err)
	}
	for _, address := range b.asked {
		if u, err := url.Parse(address); err != nil || u.Host != home.Host {
			b.t.Errorf("the page asked for %s", address)
		}
	}
	if len(b.asked) < 5 {
		b.t.Errorf("only %d requests were seen: the ear is deaf", len(b.asked))
	}
}
