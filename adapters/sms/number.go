package sms

import (
	"strings"
	"unicode"

	"github.com/nyaruka/phonenumbers/v2"

	"passeur/bot"
	"passeur/intents/phones"
)

// regions are the French numbering plans, tried in this order for a number in national form: metropolitan France,
// Réunion, Mayotte, Guadeloupe (with Saint-Martin and Saint-Barthélemy), Martinique, Guyane.
var regions = []string{"FR", "RE", "YT", "GP", "MQ", "GF"}

// isMobile tells whether the number is in E.164 and can receive an SMS, in any country.
func isMobile(number string) bool {
	if phones.Fictional(number) {
		return true
	}
	if !strings.HasPrefix(number, "+") || !allDigits(number[1:]) {
		return false
	}
	p, err := phonenumbers.Parse(number, "")
	if err != nil || !phonenumbers.IsValidNumber(p) {
		return false
	}
	kind := phonenumbers.GetNumberType(p)
	return kind == phonenumbers.MOBILE || kind == phonenumbers.FIXED_LINE_OR_MOBILE
}

// normalise brings a sender as gateways write it (33639981234, 0639981234, 0033…, +33…) into E.164. What is no
// phone number of the plans above stays as it is: a short code, a name.
func normalise(sender string) string {
	sender = ungrouped(sender)
	digits := strings.TrimPrefix(sender, "+")
	if !allDigits(digits) || len(digits) < 9 {
		return sender
	}
	if len(digits) == len(sender) && digits[0] == '0' && digits[1] != '0' {
		return national(digits)
	}
	if international := "+" + strings.TrimPrefix(digits, "00"); valid(international, "") {
		return international
	}
	return sender
}

// said is the event of a text that somebody sent, or of what a gateway tells in her place; id is the gateway's own of it. Who speaks by
// SMS is an usager, always.
func said(provider, id, number, text string) bot.Event {
	return bot.Event{ID: "sms/" + provider + "/" + id, From: bot.Address("sms:" + number), Role: bot.Usager, Text: text}
}

// senderOf reads who wrote, as a gateway gives it; "" is nobody.
func senderOf(given string) string {
	from := normalise(strings.TrimSpace(clean(given)))
	if len(from) > 64 {
		return ""
	}
	return from
}

// ungrouped writes a number without what people group its digits with; anything else is left as it is.
func ungrouped(sender string) string {
	bare := strings.Map(func(r rune) rune {
		if unicode.IsSpace(r) || strings.ContainsRune(".-()/", r) {
			return -1
		}
		return r
	}, sender)
	if allDigits(strings.TrimPrefix(bare, "+")) {
		return bare
	}
	return sender
}

func national(digits string) string {
	if n := "+33" + digits[1:]; phones.Fictional(n) {
		return n
	}
	for _, region := range regions {
		if p, err := phonenumbers.Parse(digits, region); err == nil && phonenumbers.IsValidNumber(p) {
			return phonenumbers.Format(p, phonenumbers.E164)
		}
	}
	return digits
}

func valid(number, region string) bool {
	if phones.Fictional(number) {
		return true
	}
	p, err := phonenumbers.Parse(number, region)
	return err == nil && phonenumbers.IsValidNumber(p)
}

func allDigits(s string) bool {
	for _, c := range []byte(s) {
		if c < '0' || c > '9' {
			return false
		}
	}
	return s != ""
}
