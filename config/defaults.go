package config

import "passeur/bot"

// defaults are the settings of an installation that decided nothing.
func defaults() *Config {
	return &Config{
		Database: "passeur.db",
		Listen:   "127.0.0.1:8080", // the loopback: nothing is offered to a network unless the operator says so
		Bot: bot.Settings{
			Service:     "Passeur",
			Territories: []string{"50"}, // the Manche, where the service began; Load warns when nobody chose
			// Operators refuse marketing texts from 22h to 8h (some from 20h), on Sundays and holidays. Service texts
			// are free; 9h–19h, Monday to Saturday, keeps well inside and is what a public office would do.
			Hours: bot.Hours{Open: clock(9, 0), Close: clock(19, 0)},
			Work:  bot.WorkWeek{Open: clock(9, 0), Close: clock(17, 0), Days: []string{"lundi", "mardi", "mercredi", "jeudi", "vendredi"}},
			Reminders: bot.Reminders{
				Days: []int{4, 1}, // the day before for all; four days before leaves time to give the slot to somebody else
				At:   clock(18, 0),
				// A text at the opening hour helps only when there is time left to answer and to leave home.
				Morning:     clock(9, 0),
				MorningFrom: clock(10, 30),
			},
			DailyCap: 4, // a reminder, a change, its correction and one more: beyond that something is wrong with us

			KeepMisread: true, // masked, thirty days, and learnt by nobody but who labels it
		},
		SMS: SMS{
			// Rate: the least of what French gateways allow (10 to 1,000). A gateway answers within 0.4 s, so four in flight reach it.
			Gateway: Gateway{Provider: "log", Rate: 10, Parallel: 4},
			Backup:  Gateway{Rate: 10, Parallel: 4},
		},
		Redis:      Redis{Prefix: "passeur:", Replicas: 3},
		Mattermost: Mattermost{AskEmoji: "sos"}, // 🆘: nobody puts it below what asks nothing
	}
}

func clock(hour, minute int) bot.Clock { return bot.Clock(hour*60 + minute) }
