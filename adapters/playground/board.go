package playground

import (
	"cmp"
	"crypto/rand"
	"slices"
	"strconv"
	"strings"
	"sync"
	"time"

	"passeur/bot"
	"passeur/intents/dates"
)

// maxPosts bounds the memory of a demonstration that runs for days; the oldest posts go first.
const maxPosts = 1000

// post is one message on the page.
type post struct {
	ID     string   `json:"id"`
	Pane   string   `json:"pane"` // "mattermost", or a phone's number
	Author string   `json:"author"`
	Mine   bool     `json:"mine"` // typed on the page
	Day    string   `json:"day"`  // "jeudi 3 décembre"
	Time   string   `json:"time"` // "18:00"
	ISO    string   `json:"iso"`
	Text   string   `json:"text"`
	Blocks []mark   `json:"blocks,omitempty"`  // of the bot's posts in Mattermost
	Labels []string `json:"buttons,omitempty"` // below the bot's posts in Mattermost
	File   string   `json:"file,omitempty"`    // the name of what goes with it
	Parts  int      `json:"parts,omitempty"`   // SMS it costs
	Thread string   `json:"thread,omitempty"`  // the post whose thread it stands in
	Edited bool     `json:"edited,omitempty"`
	Failed bool     `json:"failed,omitempty"` // the bot could not take it in

	change int64 // number of its last change
	about  string
	key    string

	choices []bot.Choice   // behind Labels
	file    bot.Attachment // behind File
}

// stamp writes the time as the page shows it.
func (p *post) stamp(t time.Time) {
	p.Day, p.Time, p.ISO = dates.FrenchDay(t), t.Format("15:04"), t.Format(time.RFC3339)
}

// board is what the page shows, and who watches it.
type board struct {
	mu      sync.Mutex
	run     string // changes with every start: numbers of another run mean nothing
	change  int64  // number of the last change
	last    int64  // number of the last post
	presses int64  // how many buttons were pressed
	posts   []post // in the order in which they came
	scene   []byte // the clock and what is planned, as JSON
	shown   int64  // counts the scenes
	dirty   bool   // messages came after the scene was made
	readers map[chan struct{}]bool
}

func newBoard() *board {
	return &board{run: newRun(), readers: map[chan struct{}]bool{}}
}

func newRun() string { return strings.ToLower(rand.Text()[:10]) }

// add puts a post at the end and returns its id.
func (b *board) add(item post) string {
	b.mu.Lock()
	defer b.mu.Unlock()
	return b.append(item)
}

func (b *board) append(item post) string {
	b.last++
	item.ID = "p" + strconv.FormatInt(b.last, 10)
	b.posts = append(b.posts, item)
	if len(b.posts) > maxPosts {
		b.posts = slices.Clone(b.posts[len(b.posts)-maxPosts:])
	}
	b.touch(&b.posts[len(b.posts)-1])
	return item.ID
}

// receive adds a message of the bot, or edits the post it replaces, or finds the one that an earlier attempt made.
func (b *board) receive(item post, replace string, attempt int) string {
	b.mu.Lock()
	defer b.mu.Unlock()
	b.dirty = true
	if attempt > 1 && item.key != "" {
		if i := slices.IndexFunc(b.posts, func(p post) bool { return p.key == item.key }); i >= 0 {
			return b.posts[i].ID
		}
	}
	old := b.find(replace)
	if old == nil || old.Mine || old.Pane != item.Pane {
		return b.append(item)
	}
	old.Text, old.Blocks, old.Parts, old.Edited = item.Text, item.Blocks, item.Parts, true
	old.key, old.choices, old.Labels = item.key, item.choices, item.Labels
	old.file, old.File = item.file, item.File
	old.about = cmp.Or(item.about, old.about) // what its thread is about stays
	b.touch(old)
	return old.ID
}

// fail marks a typed line that the bot could not take in.
func (b *board) fail(id string) {
	b.mu.Lock()
	defer b.mu.Unlock()
	if p := b.find(id); p != nil {
		p.Failed = true
		b.touch(p)
	}
}

// about is what the thread of a post is about.
func (b *board) about(id string) string {
	b.mu.Lock()
	defer b.mu.Unlock()
	if p := b.find(id); p != nil {
		return p.about
	}
	return ""
}

// pressed is the post of a button, and what it stands for.
func (b *board) pressed(id string, choice int) (post, bot.Choice, bool) {
	b.mu.Lock()
	defer b.mu.Unlock()
	p := b.find(id)
	if p == nil || choice < 0 || choice >= len(p.choices) {
		return post{}, bot.Choice{}, false
	}
	return *p, p.choices[choice], true
}

// attached is what goes with a post.
func (b *board) attached(id string) (bot.Attachment, bool) {
	b.mu.Lock()
	defer b.mu.Unlock()
	p := b.find(id)
	if p == nil || len(p.file.Data) == 0 {
		return bot.Attachment{}, false
	}
	return p.file, true
}

// pressID is the id of the event of a press: each has its own.
func (b *board) pressID() string {
	b.mu.Lock()
	defer b.mu.Unlock()
	b.presses++
	return "playground/" + b.run + "/press/" + strconv.FormatInt(b.presses, 10)
}

// root is the first post of the thread in which id stands, if it is there in that pane.
func (b *board) root(id, pane string) (string, bool) {
	b.mu.Lock()
	defer b.mu.Unlock()
	p := b.find(id)
	if p == nil || p.Pane != pane {
		return "", false
	}
	if p.Thread != "" {
		return p.Thread, true
	}
	return p.ID, true
}

func (b *board) find(id string) *post {
	if id == "" {
		return nil
	}
	if i := slices.IndexFunc(b.posts, func(p post) bool { return p.ID == id }); i >= 0 {
		return &b.posts[i]
	}
	return nil
}

// eventID is the id of the event that a typed line makes: unique over all runs.
func (b *board) eventID(id string) string {
	b.mu.Lock()
	defer b.mu.Unlock()
	return "playground/" + b.run + "/" + id
}

// clear begins a new run with nothing on the board.
func (b *board) clear() {
	b.mu.Lock()
	defer b.mu.Unlock()
	b.run, b.posts, b.scene = newRun(), nil, nil
	b.wake()
}

// show replaces the scene.
func (b *board) show(scene []byte) {
	b.mu.Lock()
	defer b.mu.Unlock()
	b.scene, b.dirty = scene, false
	b.shown++
	b.wake()
}

// stale says whether the scene is missing or older than the last message.
func (b *board) stale() bool {
	b.mu.Lock()
	defer b.mu.Unlock()
	return b.dirty || b.scene == nil
}

func (b *board) touch(p *post) {
	b.change++
	p.change = b.change
	b.wake()
}

func (b *board) wake() {
	for reader := range b.readers {
		select {
		case reader <- struct{}{}:
		default: // it is awake already
		}
	}
}

// watch returns a channel that gets a value after one or more changes.
func (b *board) watch() (changed chan struct{}, stop func()) {
	b.mu.Lock()
	defer b.mu.Unlock()
	changed = make(chan struct{}, 1)
	changed <- struct{}{}
	b.readers[changed] = true
	return changed, func() {
		b.mu.Lock()
		defer b.mu.Unlock()
		delete(b.readers, changed)
	}
}

// seen is how far one browser is.
type seen struct {
	run    string
	change int64
	shown  int64
}

// news is what a browser has to be told.
type news struct {
	reset bool   // another run began: forget everything
	posts []post // by number of change
	scene []byte // nil: it has the last one
	seen  seen   // how far it is then
}

// since says what changed after s.
func (b *board) since(s seen) news {
	b.mu.Lock()
	defer b.mu.Unlock()
	n := news{reset: s.run != b.run || s.change > b.change}
	if n.reset {
		s = seen{run: b.run}
	}
	for _, p := range b.posts {
		if p.change > s.change {
			n.posts = append(n.posts, p)
		}
	}
	slices.SortFunc(n.posts, func(x, y post) int { return int(x.change - y.change) })
	if s.shown < b.shown {
		n.scene = b.scene
	}
	n.seen = seen{b.run, b.change, b.shown}
	return n
}
