PRAGMA application_id = 1347638098;
PRAGMA foreign_keys=OFF;
BEGIN TRANSACTION;
CREATE TABLE goose_db_version (
		id INTEGER PRIMARY KEY AUTOINCREMENT,
		version_id INTEGER NOT NULL,
		is_applied INTEGER NOT NULL,
		tstamp TIMESTAMP DEFAULT (datetime('now'))
	);
INSERT INTO goose_db_version VALUES(1,0,1,'2026-11-29 04:13:11');
INSERT INTO goose_db_version VALUES(2,1,1,'2026-11-29 04:13:11');
CREATE TABLE meta (
  name  TEXT NOT NULL PRIMARY KEY,
  value BLOB NOT NULL
) WITHOUT ROWID;
INSERT INTO meta VALUES('data_key',X'c54af8d1ecfc2681d8923763cbdc07340aa4c1bdeaa8429d743dd605b1b6adf9d96a3805e0e2bc6c76d6a1201e1b18c6944f61400ab99a8366d3ecab');
CREATE TABLE event (
  id TEXT    NOT NULL PRIMARY KEY,
  at INTEGER NOT NULL
) WITHOUT ROWID;
INSERT INTO event VALUES('event/address',1796288400000);
INSERT INTO event VALUES('event/chat',1796288400000);
INSERT INTO event VALUES('event/cursor',1796288400000);
INSERT INTO event VALUES('event/inbox',1796288400000);
INSERT INTO event VALUES('event/job',1796288400000);
INSERT INTO event VALUES('event/objection',1796288400000);
INSERT INTO event VALUES('event/person',1796288400000);
INSERT INTO event VALUES('event/rdv',1796288400000);
INSERT INTO event VALUES('event/thread',1796288400000);
CREATE TABLE record (
  kind    TEXT    NOT NULL,
  id      TEXT    NOT NULL,
  version INTEGER NOT NULL,
  owner   TEXT    NOT NULL,
  subject TEXT    NOT NULL,
  place   TEXT    NOT NULL,
  state   TEXT    NOT NULL,
  at      INTEGER NOT NULL,
  body    BLOB    NOT NULL,
  PRIMARY KEY (kind, id)
) WITHOUT ROWID;
INSERT INTO record VALUES('address','eed8f57b92783e67a82f886d696ba2514abc2cc1f252c88c6311b96a4bacc72f',1,'c1','p1','50/50147','etat',1796288400000,X'0191b759e25030131ce786bb49a2b2ef7a15249c9dddad26efcff39ee6eca66ab7b09065ad010b4cf525e984cadc5501f73de9');
INSERT INTO record VALUES('chat','eed8f57b92783e67a82f886d696ba2514abc2cc1f252c88c6311b96a4bacc72f',1,'c1','p1','50/50147','etat',1796288400000,X'01a8f791c266070297f1d820fb6d48d5c0020cab172bad284b77a33c08c317191d8c2b4daacc37a9797824220eaefdbad857a6');
INSERT INTO record VALUES('cursor','mattermost',1,'c1','p1','50/50147','etat',1796288400000,X'007b2276223a312c226e6f6d223a224a65616e6e65227d');
INSERT INTO record VALUES('inbox','e1',1,'c1','p1','50/50147','etat',1796288400000,X'01c85b4fafabbcf6c9317ce85054e116668b02f1d5ec6303f2e9f1fef628fc525b4bcd858d47919f568ef884f0bf6b8a52c808');
INSERT INTO record VALUES('job','ménage',1,'c1','p1','50/50147','etat',1796288400000,X'007b2276223a312c226e6f6d223a224a65616e6e65227d');
INSERT INTO record VALUES('objection','eed8f57b92783e67a82f886d696ba2514abc2cc1f252c88c6311b96a4bacc72f',1,'c1','p1','50/50147','etat',1796288400000,X'01c32870632624e0f9ae2748f99cac896b0b02a69646345c90c79b62883210ce9633e05aba0a658d12787b7358275ee76b4988');
INSERT INTO record VALUES('person','p1',1,'c1','p1','50/50147','etat',1796288400000,X'01acf686b68b796fbc7992fbcc7e18cddc4afbac47ad5a5ab29211ef9e2d83a117531b14ebe1031a89bbe5e0c74322dbeb2bdb');
INSERT INTO record VALUES('rdv','42',1,'c1','p1','50/50147','etat',1796288400000,X'01cde1fdb2b65c61281b1f55d5728f51397270d4224d7a3a9ba235ad2fae79b061e8d480b74cdaef454e42be705e6c66bfc186');
INSERT INTO record VALUES('thread','c1-p1',1,'c1','p1','50/50147','etat',1796288400000,X'019414976d6f1a76b6e729d27c4c7f1e4d00a9174d4af73fbe8a9dd4334bc3bbcfb73fd41e5051510fde64f090e455fd3ac904');
CREATE TABLE tally (
  kind      TEXT    NOT NULL,
  owner     TEXT    NOT NULL,
  month     TEXT    NOT NULL,
  dimension TEXT    NOT NULL,
  value     TEXT    NOT NULL,
  n         INTEGER NOT NULL,
  PRIMARY KEY (kind, owner, month, dimension, value)
) WITHOUT ROWID;
INSERT INTO tally VALUES('rdv','c1','2026-12','etat','address',1);
INSERT INTO tally VALUES('rdv','c1','2026-12','etat','chat',1);
INSERT INTO tally VALUES('rdv','c1','2026-12','etat','cursor',1);
INSERT INTO tally VALUES('rdv','c1','2026-12','etat','inbox',1);
INSERT INTO tally VALUES('rdv','c1','2026-12','etat','job',1);
INSERT INTO tally VALUES('rdv','c1','2026-12','etat','objection',1);
INSERT INTO tally VALUES('rdv','c1','2026-12','etat','person',1);
INSERT INTO tally VALUES('rdv','c1','2026-12','etat','rdv',1);
INSERT INTO tally VALUES('rdv','c1','2026-12','etat','thread',1);
CREATE TABLE task (
  id        INTEGER PRIMARY KEY,
  state     INTEGER NOT NULL,
  lane      INTEGER NOT NULL,
  says      INTEGER NOT NULL,
  next_at   INTEGER,
  until     INTEGER,
  attempt   INTEGER,
  tries     INTEGER NOT NULL,
  ended     INTEGER NOT NULL,
  at        INTEGER NOT NULL,
  network   TEXT    NOT NULL,
  recipient TEXT    NOT NULL,
  key       TEXT    NOT NULL UNIQUE,
  grp       TEXT    NOT NULL,
  batch     TEXT    NOT NULL,
  subject   TEXT    NOT NULL,
  fate      TEXT    NOT NULL,
  reason    TEXT    NOT NULL,
  ref       TEXT    NOT NULL,
  body      BLOB    NOT NULL
);
INSERT INTO task VALUES(1,1,1,1,1796288460000,0,1,0,1796288400000,1796288400000,'sms','p-sent','sent','rdv/42','camp/7','p1','sent','','ref-1',X'01e8ca530623f2e66d892df13ed0058cde7e07363d85b1ac3c3ac95c6a1d9be47d673ed194d48f3c9f5f564e842b67d097dd224636ea085ea7bf94fa9d77f00b8f9d2459a67c0c5212e9356747b692164e6f4cee0f');
INSERT INTO task VALUES(2,0,1,1,1796288460000,0,1,1,0,1796288400000,'sms','p-retry','retry','rdv/42','camp/7','p1','retry','reseau','',X'012895ef386ea923688f9b4df1c643c95d56522607eb925076fe4e4093fd543b7f19115dd58f3ec97ffdefae688e6ed0b48ca6a1a248a74baa4844661f5c9347a9d9bcb4eaaceec0a03aa81e94f007acf833cca440');
INSERT INTO task VALUES(3,2,1,1,1796288460000,0,1,0,1796288400000,1796288400000,'sms','p-refused','refused','rdv/42','camp/7','p1','refused','stop','',X'0109b38e9dc6842876859dce9866a2d5c5c35e02ed03eb59820bf3a9b5f9086a8775cc93ed02c922a1dc69d981e3d13cfc1d8b79d402dd0335dafb4b0b81268514fc426027c5f8178193fb30fbecb5e370dba44707');
INSERT INTO task VALUES(4,0,1,1,1796288460000,0,1,0,0,1796288400000,'sms','p-deferred','deferred','rdv/42','camp/7','p1','deferred','','',X'01c609673c616805818cf6514be78087afac10e6f63aedccf9507cab4c8e9646c155280cd0e8f50907d23c2eef2fb31124192909f42782d8de7750dd69b5d39f468f4f7e081c3ed3a87fbdeb3e5e6a4c84c74caff0');
INSERT INTO task VALUES(5,0,1,1,1796288460000,1796288460000,1,0,0,1796288400000,'sms','p-leased','leased','rdv/42','camp/7','p1','','','',X'015ff70ea1738479e615930d5e23b8d74230f28ea0f19e886faadacbda3147089bc216254228f964a9ce85c552ef9dde58b62a60e77da7a899ab071bdb045cd1d2fa81fc7b9e71a66c52054aacf5b30f750c6fb616');
INSERT INTO task VALUES(6,3,1,1,1796288400000,0,0,0,1796288400000,1796288400000,'sms','p-dropped','dropped','rdv/43','camp/7','p1','dropped','','',X'01692f85887c9e71ca3b33b6177ddb715f4fccb3aac80987614a00ce890217aad7d8ea724650fc057d663c3b7b6a6660e119810b429d9d35ad13ccd99ce9622c510506a7bee36277765cfbf8ae82746c755e67dcdc');
INSERT INTO task VALUES(7,0,0,0,1796292000000,0,0,0,0,1796292000000,'','','wake','rdv/42','','','','','',X'016e8938a3ed8c05c4c1b2ae8307b659b82b4a3d4be16798719d1802d5140ed436b522970618bc63422db042f04ddf2afb754c501cd435');
DELETE FROM sqlite_sequence;
INSERT INTO sqlite_sequence VALUES('goose_db_version',2);
CREATE INDEX event_at ON event (at);
CREATE INDEX record_at      ON record (kind, at, id);
CREATE INDEX record_owner   ON record (kind, owner, at, id) WHERE owner <> '';
CREATE INDEX record_state   ON record (kind, state, at, id) WHERE state <> '';
CREATE INDEX record_place   ON record (kind, place, at, id) WHERE place <> '';
CREATE INDEX record_subject ON record (subject, at, id)     WHERE subject <> '';
CREATE INDEX task_ready   ON task (network, lane, next_at, id, recipient) WHERE state = 0;
CREATE INDEX task_held    ON task (recipient, until)                      WHERE until > 0;
CREATE INDEX task_ended   ON task (ended)                                 WHERE state > 0;
CREATE INDEX task_to      ON task (recipient, lane)                       WHERE recipient <> '';
CREATE INDEX task_subject ON task (subject)                               WHERE subject <> '';
CREATE INDEX task_grp     ON task (grp)                                   WHERE grp <> '';
CREATE INDEX task_batch   ON task (batch)                                 WHERE batch <> '';
COMMIT;
