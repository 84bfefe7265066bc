// Package dates reads the days and hours of short French texts, as people write them by SMS: Read what a text says and does not
// refuse, Mentioned with what it refuses, Proposed and ProposedByPro the one that a message is about.
//
// It is a parser of its own, from left to right over tokens (package french): general ones read "14h" as tomorrow and "le 3/12" as
// 12 March, without a sign of doubt.
//
// Where to look. What is read: readers.go lists the sorts; words.go and phrases.go hold the words, read.go the
// days, week.go weekdays and weeks, hours.go the clock, parts.go relatives ("dans trois jours"), parts of the day and spans, feasts.go feasts, ear.go what is spelt
// by ear. What is meant: lookalikes.go takes out numbers that are none of the clock, told.go what only tells, aside.go what dates
// something else, refused.go what is refused, proposed.go chooses. dates.go is the parser.
//
// A phrase that is not read: its row in the table of its sort (relatives and dayParts in parts.go, feasts in feasts.go, weekdays in words.go; months are in french/lists.go), and a line of
// testdata/dates-messages.tsv with the day and the hour it stands for. A new sort is a method and its row in readers.go. Days are
// midnights in the zone of now; nothing else is known of the clock.
package dates
