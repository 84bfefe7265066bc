package bot

import (
	"context"
	"strings"
	"time"

	"passeur/intents"
)

// Address says where somebody is reached: a network and that network's own id, never a name, which
// changes hands: "sms:+33639981234", "mattermost:<user id>", "mattermost:#<channel id>".
type Address string

// Network returns the part before the colon: "sms", "mattermost".
func (a Address) Network() string {
	network, _, _ := strings.Cut(string(a), ":")
	return network
}

// ID returns the part behind the colon: a number in E.164, a user id, "#" and a channel id.
func (a Address) ID() string {
	_, id, _ := strings.Cut(string(a), ":")
	return id
}

// KeepEnded is how long the IDs of handled events are known, and ended tasks: no network repeats itself for longer. What could make an
// old event anew must look less far back.
const KeepEnded = 35 * day

// Event is something that happened. The same ID is handled once, however often it is heard.
type Event struct {
	ID       string            // made of what the network gives: a post's id, the gateway's id of an SMS, a due task's key
	At       time.Time         // when it was heard; a post, when it was written
	From     Address           // who; empty when the bot speaks to itself
	Role     Role              // vouched for by the adapter
	About    string            // "rdv/42", "person/7" when it is known: a wake-up's group, what a post or a form is about
	ReplyTo  string            // the network's id of the message whose thread it stands in
	Pressed  string            // the key of the question whose button was pressed; Text is then the words of the choice
	Text     string            // what the person wrote, as it came
	Intent   intents.Intent    // set when the event is no text; otherwise read from Text
	Values   map[string]string // state of a receipt, arguments of a wake-up, "name" of the one who writes
	Cursor   string            // from where to resume listening once this is kept; empty: the network repeats what was not taken
	Resuming string            // the cursor's name, when Cursor is set: "mattermost:<channel id>"
	Trigger  bool              // the network can open a form on the spot, for whoever caused this
	Files    []File            // what came with the text
}

// File is a file that somebody sent. Its bytes stay with the network until something reads them.
type File struct {
	ID   string // the network's own
	Name string // as its sender has it: "liste.csv"
	Size int64  // in bytes, as the network says
}

// Response is what a network takes back on the spot, once the event is handled. It is empty for an event that was seen before.
type Response struct {
	Form   *Dialog           // to open for who caused the event; only after one with Trigger
	Errors map[string]string // of a submitted form: what is wrong, by field. Nothing was done, and the form may be submitted again
}

// Hear takes one event in. When it returns nil the event is kept or handled for good; on an error the
// network must repeat it, or answer 5xx so that its own caller does.
type Hear func(ctx context.Context, e Event) (Response, error)
