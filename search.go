package main

import (
	"context"
	"fmt"
	"math"

	"passeur/bot"
	"passeur/config"
	"passeur/intents/search"
	"passeur/store"
	"passeur/venues"
)

type searchCmd struct {
	Limit int `default:"3" help:"Combien de réponses au plus pour chaque question."`
}

const mostResults = 100

// searchResult and searchResults are what one question gets, as JSON.
type searchResult struct {
	ID    string  `json:"id"`
	Score float64 `json:"score"`
	Show  bool    `json:"show"`
}

type searchResults struct {
	Results []searchResult `json:"results"`
}

// Run answers each line of the standard input with a line of JSON, at once, from what the store holds when it starts. It reads beside a
// running bot.
func (c *searchCmd) Run(ctx context.Context, s streams, load settings) error {
	if c.Limit < 1 || c.Limit > mostResults {
		return fmt.Errorf("--limit va de 1 à %d", mostResults)
	}
	var index *search.Index
	err := reading(ctx, load, func(_ *config.Config, db *store.DB) error {
		answers, err := bot.AnswersIn(ctx, db)
		index = bot.NewAnswerIndex(answers)
		return err
	})
	if err != nil {
		return err
	}
	return eachLine(ctx, s, func(line string) any { return found(index.Search(venues.UTF8(line), c.Limit)) })
}

// found is what was found, its scores to the thousandth; what rounds to nothing is left out.
func found(all []search.Result) searchResults {
	r := searchResults{Results: []searchResult{}}
	for _, f := range all {
		if score := math.Round(f.Score*1000) / 1000; score > 0 {
			r.Results = append(r.Results, searchResult{f.ID, score, f.Show})
		}
	}
	return r
}
