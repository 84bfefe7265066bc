package main

// Imports: a file is read and checked by the command, which says what is wrong with it; what is right goes to the bot as JSON, whether
// it runs or not.

type importCmd struct {
	School    importSchoolCmd    `cmd:"" help:"Les vacances scolaires d'une année, pour les permanences « sauf vacances »."`
	Venues    importVenuesCmd    `cmd:"" help:"Les lieux de médiation numérique : un fichier CSV ou JSON au format national."`
	Answers   importAnswersCmd   `cmd:"" help:"Des questions déjà répondues (colonnes séparées par des tabulations), que « search » retrouve."`
	Resources importResourcesCmd `cmd:"" help:"Des ressources partagées (La Base, CSV ou Excel) : leur titre, leur lien, que « search » et les questions retrouvent."`
	List      importListCmd      `cmd:"" name:"list" help:"Une liste de personnes à inviter (CSV ou Excel), pour une campagne : son coordinateur a la suite dans Mattermost."`
	Rdv       importRdvCmd       `cmd:"" help:"Des rendez-vous tenus ailleurs (CSV ou Excel) : montre ce qui change depuis le dernier import, et demande avant de le faire."`

	Priorities importPrioritiesCmd `cmd:"" help:"Les communes prioritaires (FRR, QPV) : la liste de chaque sorte que contient le fichier remplace celle d'avant."`
}
