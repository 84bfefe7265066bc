// Package french takes short French texts apart, before anybody asks what they mean: into tokens (folded words, numbers, signs,
// with their place in the text), and words into what is the same in them however they are written: SMS spellings undone, stems,
// sounds, words one letter apart, classes of words. It holds the lists of words that more than one reader needs (data/).
//
// Where to look: tokens; spellings (a word that people write otherwise, always in that sense), sound, stem; classes (what part a word plays, data/classes.tsv),
// lists; memo (what is remembered of words); problem (errors that are a sentence).
//
// Everything in intents, in the mask and in the search works on these tokens; nothing here knows an intent.
package french
