package bot

// Presence is whether a professional is there now, as the network in which she works shows it. Nobody's presence is kept.
type Presence string

// The presences.
const (
	PresenceUnknown Presence = ""        // her network does not say
	PresenceOnline  Presence = "online"  // she is there
	PresenceAway    Presence = "away"    // she was there a moment ago
	PresenceBusy    Presence = "dnd"     // she does not want to be disturbed
	PresenceOffline Presence = "offline" // she is not there
)

// presence is that of a professional.
func (b *Bot) presence(a Address) Presence {
	if b.Presence == nil || a == "" {
		return PresenceUnknown
	}
	return b.Presence(a)
}
