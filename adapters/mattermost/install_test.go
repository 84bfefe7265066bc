package mattermost

import (
	"slices"
	"testing"

	"passeur/bot"
)

// TestEachRoleHasItsChannel: what Install makes gives each role that there is.
func TestEachRoleHasItsChannel(t *testing.T) {
	var given []bot.Role
	for _, r := range roleChannels {
		given = append(given, r.means.Role)
	}
	for _, role := range bot.ProRoles() {
		if !slices.Contains(given, role) {
			t.Errorf("no channel gives the role %s", role)
		}
	}
}
