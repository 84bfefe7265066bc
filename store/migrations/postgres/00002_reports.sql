-- What tools for dashboards read: counts in French words, in a schema of their own, so that a role may be let into nothing else. No view shows who
-- somebody is, an address, a key or a body. Days and months are those of Paris. A kind of record is shown once it has its row here, and its state where
-- it is one of a few words.

-- +goose Up
CREATE SCHEMA rapport;
COMMENT ON SCHEMA rapport IS 'Des nombres pour les tableaux de bord : à lire seulement, sans nom, numéro ni texte.';

CREATE VIEW rapport.messages AS
SELECT (to_timestamp(t.ended / 1000.0) AT TIME ZONE 'Europe/Paris')::date AS jour,
  t.network AS reseau, l.file, f.sort, t.reason AS raison, count(*) AS nombre
FROM task t
JOIN (VALUES (0, 'réponses'), (1, 'rappels'), (2, 'envois groupés')) AS l (lane, file) ON l.lane = t.lane
JOIN (VALUES ('sent', 'partis'), ('uncertain', 'incertains'), ('failed', 'échoués'), ('refused', 'retenus'), ('expired', 'périmés'),
  ('dropped', 'annulés')) AS f (fate, sort) ON f.fate = t.fate
WHERE t.state > 0 AND t.says = 1
GROUP BY 1, 2, 3, 4, 5;
COMMENT ON VIEW rapport.messages IS 'Ce que sont devenus les messages, par jour. Un message reste compté 35 jours, puis il est effacé.';
COMMENT ON COLUMN rapport.messages.jour IS 'Le jour où le sort du message a été connu, à l''heure de Paris.';
COMMENT ON COLUMN rapport.messages.reseau IS 'Par où : sms, telegram, mattermost.';
COMMENT ON COLUMN rapport.messages.file IS 'Réponses à qui vient d''écrire, rappels, ou envois groupés.';
COMMENT ON COLUMN rapport.messages.sort IS 'Partis, incertains, échoués, retenus (STOP, pause), périmés ou annulés.';
COMMENT ON COLUMN rapport.messages.raison IS 'Pourquoi, dans les mots de « passeur status ». Un SMS arrivé : remis.';
COMMENT ON COLUMN rapport.messages.nombre IS 'Combien de messages.';

CREATE VIEW rapport.a_venir AS
SELECT CASE WHEN t.network = '' THEN 'robot' ELSE t.network END AS reseau, l.file, count(*) AS nombre,
  count(*) FILTER (WHERE t.next_at <= extract(epoch FROM now()) * 1000) AS en_retard,
  to_timestamp(min(t.next_at) FILTER (WHERE t.next_at <= extract(epoch FROM now()) * 1000) / 1000.0) AS plus_ancien
FROM task t
JOIN (VALUES (0, 'réponses'), (1, 'rappels'), (2, 'envois groupés')) AS l (lane, file) ON l.lane = t.lane
WHERE t.state = 0
GROUP BY 1, 2;
COMMENT ON VIEW rapport.a_venir IS 'Ce qui attend son heure, en ce moment.';
COMMENT ON COLUMN rapport.a_venir.reseau IS 'Par où cela partira. « robot » : ce que le robot fera de lui-même.';
COMMENT ON COLUMN rapport.a_venir.file IS 'Réponses à qui vient d''écrire, rappels, ou envois groupés.';
COMMENT ON COLUMN rapport.a_venir.nombre IS 'Combien attendent, en retard ou non.';
COMMENT ON COLUMN rapport.a_venir.en_retard IS 'Combien devraient être partis.';
COMMENT ON COLUMN rapport.a_venir.plus_ancien IS 'Depuis quand attend le plus ancien de ceux qui sont en retard. Vide : aucun ne l''est.';

CREATE VIEW rapport.chiffres AS
SELECT kind AS sorte, owner AS pour, month AS mois, dimension, value AS valeur, n AS nombre
FROM tally
WHERE n <> 0;
COMMENT ON VIEW rapport.chiffres IS 'Les chiffres dont les bilans sont faits. Ils restent quand ce qu''ils comptent est effacé.';
COMMENT ON COLUMN rapport.chiffres.sorte IS 'Ce qui est compté : rdv, activity (activités), question, opinion, campaign (campagnes), partner (prescripteurs), orientation…';
COMMENT ON COLUMN rapport.chiffres.pour IS 'Un territoire (50), ou l''identifiant interne d''un conseiller, d''une campagne ou d''un prescripteur : jamais une personne aidée. Les chiffres d''un conseiller ne regardent que lui : ne les affichez pas.';
COMMENT ON COLUMN rapport.chiffres.mois IS 'Par exemple 2026-12. Vide : sans mois.';
COMMENT ON COLUMN rapport.chiffres.dimension IS 'Selon quoi on compte.';
COMMENT ON COLUMN rapport.chiffres.valeur IS 'Laquelle des valeurs de la dimension.';
COMMENT ON COLUMN rapport.chiffres.nombre IS 'Combien.';

CREATE VIEW rapport.fiches AS
SELECT k.sorte, split_part(r.place, '/', 1) AS territoire,
  coalesce(e.etat, CASE WHEN k.states THEN r.state WHEN r.kind = 'invitee' THEN split_part(r.state, '/', 2) ELSE '' END) AS etat,
  date_trunc('month', to_timestamp(nullif(r.at, -62135596800000) / 1000.0) AT TIME ZONE 'Europe/Paris')::date AS mois,
  count(*) AS nombre
FROM record r
JOIN (VALUES ('person', 'personnes', true), ('rdv', 'rendez-vous', true), ('outside', 'rendez-vous externes', false), ('permanence', 'permanences', true),
  ('gathering', 'rencontres', true), ('occasion', 'dates de rencontres', true), ('rsvp', 'inscriptions aux rencontres', true),
  ('subscription', 'abonnements', false), ('campaign', 'campagnes', true), ('invitee', 'personnes invitées', false), ('partner', 'prescripteurs', true),
  ('referral', 'prescriptions', false), ('inquiry', 'questions à des collègues', true), ('card', 'fiches', true), ('activity', 'activités', true),
  ('filled', 'formulaires remplis', true), ('objection', 'objections', false), ('mandate', 'mandats', false), ('venue', 'lieux', false),
  ('answer', 'réponses connues', false)) AS k (kind, sorte, states) ON k.kind = r.kind
LEFT JOIN (VALUES ('silent', 'pas encore de réponse'), ('confirmed', 'vient'), ('cancelled', 'annulé'), ('failed', 'non joint'), ('seen', 'venu'),
  ('noshow', 'absent'), ('postponed', 'reporté'), ('open', 'ouvert'), ('over', 'terminé'), ('off', 'annulé'), ('invited', 'invité'), ('going', 'vient'),
  ('waiting', 'attend une place'), ('declined', 'ne vient pas'), ('up', 'en attente, la coordination le sait'), ('answered', 'répondu'),
  ('accepted', 'résolu'), ('withdrawn', 'retiré'), ('live', 'à jour'), ('expired', 'à vérifier'), ('active', 'actif'), ('retiree', 'retiré'),
  ('lecture', 'liste en lecture'), ('lue', 'à préparer'), ('prete', 'prête'), ('en-cours', 'en cours'), ('suspendue', 'en pause'),
  ('finie', 'finie'), ('annulee', 'annulée')) AS e (state, etat) ON k.states AND e.state = r.state
GROUP BY 1, 2, 3, 4;
COMMENT ON VIEW rapport.fiches IS 'Combien il y a de quoi, en ce moment. Ce qui a passé sa durée de conservation est effacé et n''est plus compté : pour le passé, lisez « chiffres ».';
COMMENT ON COLUMN rapport.fiches.sorte IS 'De quoi il s''agit.';
COMMENT ON COLUMN rapport.fiches.territoire IS 'Le département, par exemple 50. Vide : aucun.';
COMMENT ON COLUMN rapport.fiches.etat IS 'Où cela en est ; d''une personne son rôle, d''une activité ou d''un formulaire lequel. Vide : cette sorte n''en a pas.';
COMMENT ON COLUMN rapport.fiches.mois IS 'Le premier jour du mois : celui du rendez-vous, de la date, de l''activité ; d''une personne, celui du dernier contact, ou 23 mois plus tôt d''un numéro que personne n''a nommé, qui est effacé au bout d''un mois. À l''heure de Paris.';
COMMENT ON COLUMN rapport.fiches.nombre IS 'Combien. Un très petit nombre dans un petit territoire peut désigner quelqu''un : ne le publiez pas.';

-- +goose Down
DROP SCHEMA rapport CASCADE;
