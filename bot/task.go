package bot

import (
	"time"

	"passeur/intents"
)

// Lane keeps hurried tasks ahead of patient ones: within a network, lower lanes are served first.
type Lane int

// The lanes. A broadcast never holds a reminder back.
const (
	Reply Lane = iota
	Reminder
	Broadcast
)

// Lanes lists the lanes in the order in which they are served.
var Lanes = []Lane{Reply, Reminder, Broadcast}

// Purpose is why a message is sent. The gate decides by it: what is refused after STOP, what waits for decent hours.
type Purpose string

// The purposes.
const (
	ForRdv        Purpose = "rdv"        // an appointment: reminders, changes
	ForTalk       Purpose = "talk"       // the answer to a person's own words
	ForService    Purpose = "service"    // the answers that leave even after STOP: STOP itself, START, QUI, EFFACER, AIDE, distress
	ForNews       Purpose = "news"       // news and answers to a professional
	ForAlert      Purpose = "alert"      // news of somebody in danger: no hours hold them back
	ForPermanence Purpose = "permanence" // the permanences of a commune, to who asked to be told
	ForOutreach   Purpose = "outreach"   // a campaign, to people of its list
	ForGathering  Purpose = "gathering"  // a gathering, to usagers who were invited to it
	ForWords      Purpose = "words"      // a professional's own words to a person; in the lane of replies when she has just written
)

// Task is something due: a message to send, or a wake-up of the bot itself.
type Task struct {
	Key      string            // unique. Written again when sent: ignored; when pending: moved; when dropped: revived
	Group    string            // dies with "rdv/42"
	Batch    string            // dies with "camp/7"
	To       string            // a person's id or a channel's address; the number is found when sent; "" for a wake-up about nobody
	Subject  string            // the person it tells about, when that is not To: her erasure deletes it too
	Network  string            // "" the bot itself
	Lane     Lane              // its rank on its network
	Purpose  Purpose           // what it is said for: the gate asks
	Place    string            // "50/50147": whose hours and holidays rule; "" the installation's
	At       time.Time         // due
	NotAfter time.Time         // zero: no limit. Past it the task expires: no reminder after the appointment
	Message  *Message          // nil for a wake-up
	Intent   intents.Intent    // of a wake-up: becomes the event's
	Args     map[string]string // of a wake-up: become the event's values

	// What follows is filled in by Claim and ignored by Commit.
	Attempt   int    // rises with every claim; the fence of Settle
	Tries     int    // failed sends so far
	SentToday int    // messages other than replies that went to the recipient in the 24 hours before the claim
	ThreadID  string // the network's id of the post sent under Message.Thread; "" when there is none
	ReplaceID string // the same for Message.Replaces
}

// Message is what a task says. The catalogue's text is rendered when it is sent, in the person's language and
// for the day on which it leaves.
type Message struct {
	Key      string            `json:"key,omitempty"`      // of the catalogue
	Args     map[string]string `json:"args,omitempty"`     // times in RFC 3339 with the place's offset
	Text     string            `json:"text,omitempty"`     // instead of Key: the exact words
	Asks     bool              `json:"asks,omitempty"`     // of Text: it asks for an answer, and leaves only where one can come back
	About    string            `json:"about,omitempty"`    // what it is about, and an answer in its thread: "rdv/42", "person/7"
	Thread   string            `json:"thread,omitempty"`   // key of the task whose post begins the thread; found when sent
	Replaces string            `json:"replaces,omitempty"` // key of the task whose post this one edits; a new post if that is gone
	ReplyTo  string            `json:"reply_to,omitempty"` // the network's own id of the thread's first post, when it is known
	Choices  []Choice          `json:"choices,omitempty"`  // buttons, where the network has them
	Redraws  bool              `json:"redraws,omitempty"`  // of Replaces: it says nothing new; where the post cannot be edited nothing leaves
	File     string            `json:"file,omitempty"`     // what goes with it, made when it is sent: "campaign/7.csv"; on networks that carry files
}

// Rendered is a message ready to leave.
type Rendered struct {
	Key     string // the task's key: the dedupe key where the network knows one
	About   string // of the message, "rdv/42": a network that keeps properties gives it back as the event's About
	Attempt int    // above 1: an earlier attempt may have arrived; a network that can be asked is asked
	Text    string
	OneWay  string   // what leaves instead where no answer comes back, for a network that has such ways out; "" nothing may
	Thread  string   // the network's id of the thread's first post; "" none
	Replace string   // the network's id of the post to edit; "" none
	Choices []Choice // buttons below the text; a post that is edited keeps no others
	Redraws bool     // of Replace: nothing leaves if the post is gone
	File    string   // the name of what goes with it, which Attach makes; "" nothing
}

// Fate is what became of a claimed task.
type Fate string

// The fates. Deferred, Retry: still pending, due again at Next; Rerouted: the same, on another network. The others end the task.
const (
	Deferred  Fate = "deferred"  // not now (hours, pace, shutdown): no try is counted
	Rerouted  Fate = "rerouted"  // it goes by Network, where nothing was tried yet: there is no way to the person by the one it was on
	Retry     Fate = "retry"     // the send failed and may be tried again
	Sent      Fate = "sent"      // the network took it; or the bot handled its wake-up
	Uncertain Fate = "uncertain" // the request was written, no answer came: never sent again
	Failed    Fate = "failed"    // the network refused it for good, or every try failed
	Withheld  Fate = "refused"   // the gate said never
	Expired   Fate = "expired"   // NotAfter passed
)

// Outcome ends or postpones one claimed task.
type Outcome struct {
	Key      string
	Attempt  int // of the claim: an outcome whose attempt is no longer the task's is dropped
	Fate     Fate
	At       time.Time // when it happened
	Next     time.Time // of Deferred, Retry and Rerouted
	Hold     bool      // of Deferred: the recipient is held until Next, as by a lease, so that nothing overtakes it
	Network  string    // of Rerouted
	Ref      string    // the network's id of the message, of Sent
	Reason   string    // a short word for status: never a text, a name or a number
	FollowUp *Task     // written in the same commit, if the outcome still counts: what a rule waits to hear
	Count    *Count    // added to the tallies in the same commit, if the task ends by it
}
