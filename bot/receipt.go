package bot

import "passeur/intents"

// ReceiptIntent is that a network says what became of a message that it took. The event is the network's own word (Itself) and
// carries two Values: "receipt", one of the states below, and either "task", the key of the task that was sent, or "ref", what
// Send returned for it.
const ReceiptIntent intents.Intent = "accuse"

// The states of a receipt, all of them final: that a message is under way is not told.
const (
	ReceiptDelivered = "delivered" // it is on the phone
	ReceiptFailed    = "failed"    // the operator gave up: number gone, phone off too long
	ReceiptRejected  = "rejected"  // the operator refused it at once
	ReceiptOpposed   = "opposed"   // the network carries nothing any more to somebody who told it to stop
)

// OptedOut is the reason, behind ErrRefused or of a receipt, of a network that carries nothing any more to somebody who told it to
// stop: it counts as her STOP.
const OptedOut = "liste-noire"
