package intents

import "testing"

// TestReadBroadcast: whom a broadcast is for stands behind "diffuser", whatever is said around it.
func TestReadBroadcast(t *testing.T) {
	reads(t, ReadCampaign, map[string]CampaignOrder{
		"diffuser":                                   {Act: Diffusion},
		"Diffuser.":                                  {Act: Diffusion},
		"diffuser à Périers":                         {Act: Diffusion, Rest: "Périers"},
		"diffuser a la Haye":                         {Act: Diffusion, Rest: "la Haye"},
		"diffuser à la mairie de Périers":            {Act: Diffusion, Rest: "la mairie de Périers"},
		"diffuser aux habitants de Saint-Lô":         {Act: Diffusion, Rest: "Saint-Lô"},
		"diffuser aux inscrits de l'atelier 3":       {Act: Diffusion, Rest: "3"},
		"diffuser pour la permanence du CCAS":        {Act: Diffusion, Rest: "CCAS"},
		"diffuser à toutes les personnes de Périers": {Act: Diffusion, Rest: "Périers"},
	}, "diffuser un événement", "diffuser l'info", "diffuser à", "diffuseur à Périers")
}

// TestReadCampaign: what stands behind the words is read whatever the words are.
func TestReadCampaign(t *testing.T) {
	reads(t, ReadCampaign, map[string]CampaignOrder{
		"campagnes":                     {Act: MesCampagnes},
		"mes campagnes":                 {Act: MesCampagnes},
		"campagne 1":                    {Act: MaCampagne, Number: 1},
		"campagne 1 csv":                {Act: MaCampagne, Number: 1, Rest: "csv", Table: true},
		"campagne 1 excel":              {Act: MaCampagne, Number: 1, Rest: "excel", Table: true},
		"campagne 1 tableau":            {Act: MaCampagne, Number: 1, Rest: "tableau", Table: true},
		"exporter campagne 1":           {Act: MaCampagne, Number: 1, Table: true},
		"exporter la campagne 1":        {Act: MaCampagne, Number: 1, Table: true},
		"chiffres de la campagne 1":     {Act: MaCampagne, Number: 1},
		"statistiques campagne 1":       {Act: MaCampagne, Number: 1},
		"pause campagne 1":              {Act: PauseCampagne, Number: 1},
		"mettre en pause la campagne 1": {Act: PauseCampagne, Number: 1},
		"mets en pause la campagne":     {Act: PauseCampagne},
		"démarrer 3":                    {Act: DemarrerCampagne, Number: 3},
		"lancer 3":                      {Act: DemarrerCampagne, Number: 3},
		"demarre 3":                     {Act: DemarrerCampagne, Number: 3},
		"Lancez 3 personnes":            {Act: DemarrerCampagne, Number: 3, Rest: "personnes"},
		"essayer 06 39 98 12 34":        {Act: EssayerCampagne, Rest: "06 39 98 12 34"},
		"tester 06 39 98 12 34":         {Act: EssayerCampagne, Rest: "06 39 98 12 34"},
		"essai 06 39 98 12 34":          {Act: EssayerCampagne, Rest: "06 39 98 12 34"},
		"nouvelle campagne":             {Act: NouvelleCampagne},
		"importer une liste":            {Act: NouvelleCampagne},
		"Créer une nouvelle campagne !": {Act: NouvelleCampagne},
		"appels":                        {Act: MesAppels},
		"liste d'appels":                {Act: MesAppels},
		"qui dois-je appeler ?":         {Act: MesAppels},
		"à qui téléphoner":              {Act: MesAppels},
		"appel 1":                       {Act: Appel, Number: 1},
		"appel 1 messagerie":            {Act: Appel, Number: 1, Rest: "messagerie"},
		"appel 2 pas joignable":         {Act: Appel, Number: 2, Rest: "pas joignable"},
	}, "mettre la campagne à jour", "lancer un atelier", "tester la visio", "test", "chiffres de la campagnarde", "importer", "appel à projets",
		"statistiques", "qui dois-je appeler pour la fibre", "exporter mes activités")
}
