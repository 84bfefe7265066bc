// Package sim plays a year of questions among counsellors who do not exist, to compare how they are brought to colleagues: by the bot's router, which is
// the product's own code (bot.Inquiry), by a post in the channel of the département, and by always asking the best expert. What is assumed of people
// stands in assumptions.yaml. The router sees what it sees in life, and never what somebody truly knows.
//
// Where to look: world (people, their days and what they know), play (what happens when), strategies (who is asked).
//
// Time is counted in working minutes: those of a year's days, one after the other.
package sim

import (
	_ "embed"
	"slices"

	"passeur/config"
)

//go:embed assumptions.yaml
var assumed []byte

// Assumptions are what is supposed of people: see assumptions.yaml.
type Assumptions struct {
	Counsellors, Departements, Hubs, Themes, Questions int
	Zipf                                               float64
	KnownWell, KnownLittle                             int
	AbleWell, AbleLittle                               float64
	Weeks, DayFrom, DayHours                           int
	InPermanence                                       float64
	LeaveWeeks                                         int
	AskLookMinutes, Ignored                            float64
	ChannelLookMinutes, ChannelAnswers                 float64
	Weariness                                          float64
	Budget                                             int
	NeverHours                                         float64
}

// Assumed reads assumptions.yaml.
func Assumed() (Assumptions, error) {
	var a Assumptions
	err := config.Decode("assumptions.yaml", assumed, &a)
	return a, err
}

// Outcome is what a strategy led to.
type Outcome struct {
	Median  float64 // working hours to the first answer; a question that is never answered counts NeverHours
	Never   float64 // part of the questions that nobody answered
	Asks    float64 // for each question
	Gini    float64 // of how often each was asked: 0 all the same, 1 one alone
	Over    int     // asks beyond somebody's budget, in any seven days
	Dropped int     // questions that nobody answered and that nobody was told of
}

// gini tells how unevenly something is spread.
func gini(counts []int) float64 {
	sorted := slices.Sorted(slices.Values(counts))
	sum, ranked := 0.0, 0.0
	for i, n := range sorted {
		sum += float64(n)
		ranked += float64(i+1) * float64(n)
	}
	if sum == 0 {
		return 0
	}
	n := float64(len(sorted))
	return 2*ranked/(n*sum) - (n+1)/n
}

func median(values []float64) float64 {
	sorted := slices.Sorted(slices.Values(values))
	return sorted[len(sorted)/2]
}
