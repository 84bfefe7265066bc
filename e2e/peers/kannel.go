package peers

import (
	"bufio"
	"errors"
	"fmt"
	"io"
	"net"
	"net/http"
	"net/url"
	"os"
	"os/exec"
	"path/filepath"
	"slices"
	"strings"
	"sync"
	"testing"
	"time"
	"unicode/utf16"
	"unicode/utf8"
)

// KannelConfig is what a test decides about its Kannel.
type KannelConfig struct {
	MOURL       string // where incoming texts go (post-url), with Kannel's %-codes
	MaxMessages int    // parts that a long text may have before Kannel cuts it in silence; 0: 8
	SMPP        bool   // its operator is Operator, over SMPP 3.4, instead of SMSC
}

// Kannel is a private bearerbox and smsbox over the fake SMSC protocol, whose other end the test plays: SMSC. Its
// only operator link always delivers, so receipts are those of success.
type Kannel struct {
	URL                string // of smsbox, without a path
	Username, Password string
	SMSC               *Handset  // nil over SMPP
	Operator           *Operator // nil but over SMPP

	dir                string
	bearerbox, smsbox  string // programs
	admin, boxes, fake int    // ports of bearerbox
	sendsms            int    // port of smsbox
	running            *rig
}

// rig collects what Start would have done at the end of the test, so that it can be done in the middle.
type rig struct {
	testing.TB
	undo []func()
}

// Cleanup keeps f for down.
func (r *rig) Cleanup(f func()) { r.undo = append(r.undo, f) }

func (r *rig) down() {
	for _, f := range slices.Backward(r.undo) {
		f()
	}
	r.undo = nil
}

// StartKannel starts Kannel and waits until it takes messages. When the test ends smsbox, the SMSC and bearerbox are
// stopped, in this order, and waited for.
func StartKannel(t testing.TB, c KannelConfig) *Kannel {
	t.Helper()
	k := &Kannel{
		Username: "passeur", Password: "secret", SMSC: newHandset(), dir: t.TempDir(),
		bearerbox: program(t, "bearerbox"), smsbox: program(t, "smsbox"),
		admin: FreePort(t), boxes: FreePort(t), fake: FreePort(t), sendsms: FreePort(t),
	}
	k.URL = "http://" + Addr(k.sendsms)
	if c.MaxMessages == 0 {
		c.MaxMessages = 8
	}
	if c.SMPP {
		k.SMSC, k.Operator = nil, StartOperator(t)
	}
	if err := os.WriteFile(k.file("kannel.conf"), []byte(k.conf(c)), 0o600); err != nil {
		t.Fatal(err)
	}
	t.Cleanup(k.Stop)
	k.Start(t)
	return k
}

// program finds a daemon, which Debian keeps out of the PATH of ordinary people.
func program(t testing.TB, name string) string {
	t.Helper()
	for _, candidate := range []string{name, "/usr/sbin/" + name} {
		if p, err := exec.LookPath(candidate); err == nil {
			return p
		}
	}
	Missing(t, "%s not found (Debian package kannel)", name)
	return ""
}

// Start starts a stopped Kannel again, with the same ports and the messages it had queued.
func (k *Kannel) Start(t testing.TB) {
	t.Helper()
	k.running = &rig{TB: t}
	Start(k.running, k.file("bearerbox.out"), k.command(k.bearerbox))
	Until(t, 15*time.Second, k.file("bearerbox.log"), func() error { return k.status("") })
	if k.Operator == nil {
		Until(t, 15*time.Second, k.file("bearerbox.log"), func() error { return k.SMSC.connect(Addr(k.fake)) })
		k.running.Cleanup(k.SMSC.disconnect)
	} else {
		Until(t, 15*time.Second, k.file("bearerbox.log"), func() error { return k.status("smpp1", "(online") })
	}
	Start(k.running, k.file("smsbox.out"), k.command(k.smsbox))
	Until(t, 15*time.Second, k.file("smsbox.log"), func() error { return k.status("smsbox:", "(online") })
	Until(t, 15*time.Second, k.file("smsbox.log"), k.answers)
}

// Stop stops all of it and waits until it is gone. Stopping twice does nothing.
func (k *Kannel) Stop() {
	if k.running != nil {
		k.running.down()
	}
}

// Logs returns what both programs logged, for the message of a failed test.
func (k *Kannel) Logs() string { return tail(k.file("bearerbox.log")) + tail(k.file("smsbox.log")) }

func (k *Kannel) file(name string) string { return filepath.Join(k.dir, name) }

func (k *Kannel) command(program string) *exec.Cmd {
	cmd := exec.Command(program, "-v", "4", "kannel.conf")
	cmd.Dir = k.dir
	return cmd
}

// status is nil once bearerbox's status page names all the words.
func (k *Kannel) status(words ...string) error {
	res, err := http.Get("http://" + Addr(k.admin) + "/status.txt?password=adminpw")
	if err != nil {
		return err
	}
	defer res.Body.Close()
	page, err := io.ReadAll(res.Body)
	if err != nil {
		return err
	}
	for _, w := range words {
		if !strings.Contains(string(page), w) {
			return fmt.Errorf("status page without %q", w)
		}
	}
	return nil
}

func (k *Kannel) answers() error {
	res, err := http.Get(k.URL + "/cgi-bin/sendsms")
	if err != nil {
		return err
	}
	return res.Body.Close()
}

// conf is kannel.conf. Blank lines separate groups: one inside a group makes bearerbox panic.
func (k *Kannel) conf(c KannelConfig) string {
	return fmt.Sprintf(`group = core
admin-port = %d
admin-interface = 127.0.0.1
admin-password = adminpw
smsbox-port = %d
smsbox-interface = 127.0.0.1
store-type = file
store-location = "kannel.store"
log-level = 1
log-file = "bearerbox.log"
dlr-storage = internal
sms-resend-freq = 1
sms-resend-retry = 3

%s
group = smsbox
bearerbox-host = 127.0.0.1
sendsms-port = %d
sendsms-interface = 127.0.0.1
sendsms-chars = "0123456789 +-"
global-sender = 38000
log-level = 1
log-file = "smsbox.log"
mo-recode = true
http-request-retry = 20
http-queue-delay = 1

group = sendsms-user
username = %s
password = %s
max-messages = %d
concatenation = true

group = sms-service
keyword = default
catch-all = true
max-messages = 0
post-url = "%s"
`, k.admin, k.boxes, k.operator(), k.sendsms, k.Username, k.Password, c.MaxMessages, c.MOURL)
}

// operator is the group of the link to an operator.
func (k *Kannel) operator() string {
	if k.Operator == nil {
		return fmt.Sprintf(`group = smsc
smsc = fake
smsc-id = fake1
host = 127.0.0.1
port = %d
connect-allow-ip = 127.0.0.1
`, k.fake)
	}
	return fmt.Sprintf(`group = smsc
smsc = smpp
smsc-id = smpp1
host = 127.0.0.1
port = %d
transceiver-mode = true
smsc-username = "foo"
smsc-password = "bar"
system-type = "VMA"
source-addr-ton = 5
source-addr-npi = 0
dest-addr-ton = 1
dest-addr-npi = 1
msg-id-type = 0x00
reconnect-delay = 2
`, k.Operator.Port)
}

// SMS is one message as it reaches a phone, its parts joined.
type SMS struct {
	From, To, Text string
	Parts          int
}

// Handset is every phone and the operator at once: the far end of Kannel's fake SMSC, one message a line over TCP.
// Kannel to phone: "from to text …", "from to ucs-2 <encoded>", or for each part of a long text
// "from to udh <encoded header> data <encoded>". The protocol cannot carry a line break in a text of one part.
type Handset struct {
	mu    sync.Mutex
	conn  net.Conn
	parts map[string][]string // of long texts not yet complete, by sender, receiver and reference
	got   chan SMS
}

func newHandset() *Handset {
	return &Handset{parts: map[string][]string{}, got: make(chan SMS, 10_000)}
}

func (h *Handset) connect(addr string) error {
	conn, err := net.Dial("tcp", addr)
	if err != nil {
		return err
	}
	h.mu.Lock()
	h.conn = conn
	h.mu.Unlock()
	go h.read(conn)
	return nil
}

func (h *Handset) disconnect() {
	h.mu.Lock()
	defer h.mu.Unlock()
	_ = h.conn.Close()
}

func (h *Handset) read(conn net.Conn) {
	lines := bufio.NewScanner(conn)
	lines.Buffer(nil, 1<<20)
	for lines.Scan() {
		if m, complete, err := h.parse(lines.Text()); err == nil && complete {
			h.got <- m
		}
	}
}

// Next waits for the next message that reaches a phone.
func (h *Handset) Next(t testing.TB) SMS {
	t.Helper()
	limit := time.NewTimer(15 * time.Second)
	defer limit.Stop()
	select {
	case m := <-h.got:
		return m
	case <-limit.C:
		t.Fatal("no SMS reached the phone within 15 s")
		return SMS{}
	}
}

// Type has a phone send a text, as UTF-16 whatever it holds.
func (h *Handset) Type(t testing.TB, from, to, text string) {
	t.Helper()
	var encoded strings.Builder
	for _, u := range utf16.Encode([]rune(text)) {
		fmt.Fprintf(&encoded, "%%%02X%%%02X", u>>8, u&0xff)
	}
	h.write(t, fmt.Sprintf("%s %s ucs2 %s\n", from, to, encoded.String()))
}

// TypePlain has a phone send one line in the GSM alphabet.
func (h *Handset) TypePlain(t testing.TB, from, to, line string) {
	t.Helper()
	h.write(t, fmt.Sprintf("%s %s text %s\n", from, to, line))
}

func (h *Handset) write(t testing.TB, line string) {
	t.Helper()
	h.mu.Lock()
	defer h.mu.Unlock()
	if _, err := h.conn.Write([]byte(line)); err != nil {
		t.Fatal(err)
	}
}

var errLine = errors.New("not a line of the fake SMSC protocol")

func (h *Handset) parse(line string) (m SMS, complete bool, err error) {
	f := strings.SplitN(line, " ", 4)
	if len(f) != 4 {
		return m, false, errLine
	}
	m = SMS{From: f[0], To: f[1], Parts: 1}
	switch f[2] {
	case "text":
		m.Text = f[3]
		return m, true, nil
	case "udh":
		return h.join(m, f[3])
	case "data", "ucs-2":
		raw, err := url.QueryUnescape(f[3])
		m.Text = fromAir(raw, f[2] == "ucs-2")
		return m, true, err
	}
	return m, false, errLine
}

// join keeps one part and returns the whole text with its last missing part. The header of a part is 05 00 03, then
// reference, total and number.
func (h *Handset) join(m SMS, rest string) (SMS, bool, error) {
	header, data, ok := strings.Cut(rest, " data ")
	udh, err := url.QueryUnescape(header)
	raw, err2 := url.QueryUnescape(data)
	if !ok || err != nil || err2 != nil || len(udh) != 6 || udh[5] < 1 || udh[5] > udh[4] {
		return m, false, errLine
	}
	key := m.From + " " + m.To + " " + udh[3:4]
	if h.parts[key] == nil {
		h.parts[key] = make([]string, udh[4])
	}
	h.parts[key][udh[5]-1] = raw
	for _, p := range h.parts[key] {
		if p == "" {
			return m, false, nil
		}
	}
	whole := strings.Join(h.parts[key], "")
	m.Text, m.Parts = fromAir(whole, !isPlain(whole)), int(udh[4])
	delete(h.parts, key)
	return m, true, nil
}

// isPlain tells UTF-8 from UTF-16, which the line does not say: the zero bytes of Latin letters and the control
// characters of the others stand in no text.
func isPlain(s string) bool {
	return utf8.ValidString(s) && !strings.ContainsFunc(s, func(r rune) bool { return r < ' ' && r != '\n' && r != '\r' })
}

func fromAir(raw string, wide bool) string {
	if !wide {
		return raw
	}
	units := make([]uint16, 0, len(raw)/2)
	for i := 0; i+1 < len(raw); i += 2 {
		units = append(units, uint16(raw[i])<<8|uint16(raw[i+1]))
	}
	return string(utf16.Decode(units))
}
