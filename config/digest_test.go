package config

import (
	"maps"
	"slices"
	"testing"
)

// TestDigests: two robots with the same settings agree, whatever is their own; one other secret, or one item of a list, is seen in its group alone.
func TestDigests(t *testing.T) {
	key := []byte("clé")
	base := fullConfig().Digests(key)
	for _, c := range []struct {
		name   string
		change func(*Config)
		want   []string
	}{
		{"their own", func(c *Config) {
			c.Listen, c.Database, c.Postgres.URL, c.Key, c.KeyFile = ":1", "x", "postgres://x", "k", "f"
		}, nil},
		{"a secret", func(c *Config) { c.SMS.Password = "autre" }, []string{"sms"}},
		{"a list", func(c *Config) { c.Mattermost.Channels[1].Hub = "Hub du Nord" }, []string{"mattermost"}},
		{"of the bot", func(c *Config) { c.Bot.DailyCap++ }, []string{"général"}},
		{"within the bot", func(c *Config) { c.Bot.Reminders.Days = []int{1, 7} }, []string{"reminders"}},
	} {
		t.Run(c.name, func(t *testing.T) {
			changed := fullConfig()
			c.change(changed)
			got := changed.Digests(key)
			var apart []string
			for _, group := range slices.Sorted(maps.Keys(base)) {
				if got[group] != base[group] {
					apart = append(apart, group)
				}
			}
			if !slices.Equal(apart, c.want) || len(got) != len(base) {
				t.Errorf("apart: %v, want %v", apart, c.want)
			}
		})
	}
}
