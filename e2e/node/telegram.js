// Telegram as npm's telegram-test-api emulates it, on a port of the loopback. Its answers are its own; two things stand before it: bodies of forms,
// which it does not read, and an empty poll is held a while, which it answers at once.
const TelegramServer = require('telegram-test-api'), express = require('express'), multer = require('multer');
const port = Number(process.argv[2]);
const emulator = new TelegramServer({port, host: '127.0.0.1', storeTimeout: 600});
const front = express(), parse = multer().any();
front.use((req, res, next) => parse(req, res, next));
front.use('/bot:token/getUpdates', (req, res, next) => {
  const some = emulator.storage.userMessages.some(u => u.botToken === req.params.token && !u.isRead);
  some ? next() : setTimeout(next, 200);
});
front.use(emulator.webServer);
front.listen(port, '127.0.0.1', () => console.log('listening'));
