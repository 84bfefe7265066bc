package bot

import "time"

// Act is what the gate decides about a message.
type Act int

// The acts of the gate.
const (
	Send  Act = iota // now, as rendered
	Later            // at Verdict.At, not before
	Never            // Reason tells why; the task ends
)

// Verdict is the gate's answer for one task.
type Verdict struct {
	Act     Act
	To      Address   // of Send
	Message Rendered  // of Send
	At      time.Time // of Later
	Reason  string    // of Later and Never: a short word for status, never a text, a name or a number
}
