// The page shows what the server tells on its stream and posts what is typed. It keeps nothing that a reload would
// lose, and makes every node by hand: no text is ever read as HTML.

const $ = (selector, root = document) => root.querySelector(selector);

// The elements that a message of the bot may become; the server sends no others, and none would be made.
const elements = new Set(["p", "br", "hr", "h4", "ul", "ol", "li", "blockquote", "pre", "code", "strong", "em", "del",
  "a", "table", "thead", "tbody", "tr", "th", "td"]);

const posts = new Map(); // id → node

function make(tag, properties = {}, ...children) {
  const node = Object.assign(document.createElement(tag), properties);
  node.append(...children);
  return node;
}

function rendered(mark) {
  if (!mark.t) return document.createTextNode(mark.x ?? "");
  if (!elements.has(mark.t)) return document.createTextNode("");
  const node = make(mark.t, {}, ...(mark.k ?? []).map(rendered));
  if (mark.t === "a" && /^https?:\/\//.test(mark.h ?? "")) {
    Object.assign(node, { href: mark.h, target: "_blank", rel: "noopener noreferrer" });
  }
  if (mark.t === "table") {
    const frame = make("div", { className: "scroll", tabIndex: 0, role: "group" }, node);
    frame.setAttribute("aria-label", "Tableau");
    return frame;
  }
  return node;
}

const pane = (name) => document.querySelector(`[data-pane="${CSS.escape(name)}"]`);
const timeOf = (post) => make("time", { dateTime: post.iso, textContent: post.time });

// body is what a message says: pieces for the bot's posts, otherwise the very text.
function body(post) {
  const node = make("div", { className: "text" });
  if (post.blocks) node.append(...post.blocks.map(rendered));
  else node.textContent = post.text;
  return node;
}

function notes(post) {
  const out = [];
  if (post.edited) out.push(make("span", { textContent: "modifié" }));
  if (post.failed) out.push(make("span", { className: "failed", textContent: "non remis" }));
  if (post.parts) out.push(make("span", { className: "parts", textContent: `${post.parts} SMS` }));
  return out;
}

function postNode(post) {
  const initials = post.author.split(/\s+/).map((w) => [...w][0] ?? "").join("").slice(0, 2).toUpperCase();
  const avatar = make("div", { className: post.mine ? "avatar" : "avatar bot" },
    post.mine ? initials : make("img", { src: "icon.svg", alt: "", width: 36, height: 36 }));
  avatar.setAttribute("aria-hidden", "true");
  const line = make("p", { className: "by" }, make("strong", { textContent: post.author }));
  if (!post.mine) line.append(" ", make("span", { className: "tag", textContent: "robot" }));
  line.append(" ", timeOf(post), ...notes(post));
  const main = make("div", { className: "main" }, line);
  if (post.thread) main.append(make("p", { className: "thread", textContent: "↳ " + summary(post.thread) }));
  main.append(body(post));
  if (post.file) main.append(fileLink(post));
  if (post.buttons?.length) main.append(buttons(post));
  if (!post.mine) main.append(replyButton(post));
  const node = make("article", { className: "post" }, avatar, main);
  node.classList.toggle("threaded", Boolean(post.thread));
  return node;
}

// buttons are the answers that a question offers, and its shortcuts.
function buttons(post) {
  return make("div", { className: "buttons" }, ...post.buttons.map((label, choice) => {
    const button = make("button", { type: "button", textContent: label });
    button.addEventListener("click", () => press(post.id, choice));
    return button;
  }));
}

// fileLink is what goes with a message, to be kept.
function fileLink(post) {
  return make("p", { className: "file" }, make("a", { href: `files/${post.id}`, download: post.file, textContent: "📎 " + post.file }));
}

const press = (id, choice) => post("press", { from: document.body.dataset.counsellor, post: id, choice });

function replyButton(post) {
  const button = make("button", { type: "button", className: "reply", textContent: "Répondre dans le fil" });
  button.addEventListener("click", () => replyIn(post));
  return button;
}

function bubbleNode(post) {
  const who = make("span", { className: "hidden", textContent: post.mine ? "Envoyé : " : "Reçu : " });
  const under = make("p", { className: "under" }, timeOf(post), ...notes(post));
  return make("div", { className: "bubble" }, who, body(post), under);
}

// summary is the beginning of a post, to say in which thread an answer stands.
function summary(id) {
  const text = $(".text", posts.get(id) ?? document.createElement("i"))?.innerText ?? "";
  const line = text.replace(/\s+/g, " ").trim();
  return line.length > 60 ? [...line].slice(0, 60).join("") + "…" : line || "un message plus ancien";
}

function show(post) {
  const log = $(".log", pane(post.pane) ?? undefined);
  if (!log) return;
  const node = post.pane === "mattermost" ? postNode(post) : bubbleNode(post);
  node.classList.add(post.mine ? "mine" : "theirs");
  Object.assign(node.dataset, { id: post.id, day: post.day, from: post.mine ? "person" : "bot" });
  const old = posts.get(post.id);
  posts.set(post.id, node);
  const atEnd = !scrolledBack.has(log);
  if (old) {
    old.replaceWith(node);
    if (atEnd) toEnd(log);
    return;
  }
  $(".nothing", log)?.setAttribute("hidden", "");
  const last = [...log.querySelectorAll("[data-day]")].at(-1);
  if (last?.dataset.day !== post.day) log.append(make("p", { className: "day", textContent: post.day }));
  log.append(node);
  if (atEnd || post.mine) toEnd(log);
}

// A log stays at its end, also when its size changes, until somebody scrolls back.
const scrolledBack = new Set();
const toEnd = (log) => { log.scrollTop = log.scrollHeight; };
const sizes = new ResizeObserver((changes) => {
  for (const { target } of changes) if (!scrolledBack.has(target)) toEnd(target);
});
for (const log of document.querySelectorAll(".log")) {
  let before = 0;
  sizes.observe(log);
  log.addEventListener("scroll", () => {
    const atEnd = log.scrollHeight - log.scrollTop - log.clientHeight < 40;
    if (atEnd) scrolledBack.delete(log);
    else if (log.scrollTop < before) scrolledBack.add(log); // the log itself only moves forward
    before = log.scrollTop;
  });
}

function clear() {
  posts.clear();
  stopReplying();
  for (const node of document.querySelectorAll(".post, .bubble, .day")) node.remove();
  for (const node of document.querySelectorAll(".log .nothing")) node.removeAttribute("hidden");
}

function plannedNode(item) {
  return make("li", {},
    make("time", { dateTime: item.iso, textContent: item.when }),
    make("strong", { textContent: item.to }),
    make("span", { textContent: item.what }));
}

function showScene(scene) {
  Object.assign($("#clock"), { textContent: scene.clock, dateTime: scene.iso });
  $("#planned ol").replaceChildren(...scene.planned.map(plannedNode));
  $("#planned ol").hidden = scene.planned.length === 0;
  $("#planned .nothing").hidden = scene.planned.length > 0;
  $("#next").setAttribute("aria-disabled", String(!scene.more));
  const lines = scene.suggestions.map((text) => {
    const button = make("button", { type: "button", textContent: text });
    button.dataset.text = text;
    return button;
  });
  const shown = [...$("#suggestions").children].map((b) => b.dataset.text).join("\n");
  if (shown !== scene.suggestions.join("\n")) $("#suggestions").replaceChildren(...lines); // keeps the focus
}

// say shows a sentence about what went wrong; "" takes it away.
function complain(sentence) {
  $("#error span").textContent = sentence;
  $("#error").hidden = !sentence;
}

async function post(path, value) {
  document.body.setAttribute("aria-busy", "true");
  try {
    const answer = await fetch(path, {
      method: "POST", headers: { "Content-Type": "application/json" }, body: JSON.stringify(value),
    });
    if (answer.ok) return complain(""), true;
    const problem = await answer.json().catch(() => ({}));
    complain(problem.error ?? "La demande n'a pas abouti. Rechargez la page.");
  } catch {
    complain("Le robot ne répond pas. Vérifiez que « passeur demo » tourne encore, puis réessayez.");
  } finally {
    document.body.removeAttribute("aria-busy");
  }
  return false;
}

let replyTo = "";

function replyIn(to) {
  replyTo = to.thread || to.id;
  $(".replying q").textContent = summary(replyTo);
  $(".replying").hidden = false;
  $("#say-mattermost").focus();
}

function stopReplying() {
  replyTo = "";
  $(".replying").hidden = true;
}

async function submit(form) {
  const field = $("textarea", form);
  const text = field.value;
  if (!text.trim()) return field.focus();
  field.value = "";
  fit(field);
  const inThread = form.dataset.from === document.body.dataset.counsellor ? replyTo : "";
  stopReplying();
  if (!await post("say", { from: form.dataset.from, text, reply_to: inThread }) && !field.value) {
    field.value = text; // nothing typed is lost
    fit(field);
  }
}

function fit(field) {
  field.rows = Math.min(5, field.value.split("\n").length);
}

function listen() {
  const stream = new EventSource("events");
  stream.addEventListener("reset", clear);
  stream.addEventListener("post", (e) => show(JSON.parse(e.data)));
  stream.addEventListener("scene", (e) => showScene(JSON.parse(e.data)));
  stream.addEventListener("open", () => { $("#offline").hidden = true; });
  stream.addEventListener("error", () => {
    $("#offline").hidden = false;
    if (stream.readyState === EventSource.CLOSED) setTimeout(listen, 2000); // refused for good: ask anew
  });
}

for (const form of document.querySelectorAll("form")) {
  form.addEventListener("submit", (e) => { e.preventDefault(); submit(form); });
  const field = $("textarea", form);
  field.addEventListener("input", () => fit(field));
  let shifted = false;
  field.addEventListener("keydown", (e) => {
    shifted = e.shiftKey;
    if (e.key !== "Enter" || e.shiftKey || e.isComposing) return;
    e.preventDefault();
    form.requestSubmit();
  });
  // Some keyboards, on screen or automated, break the line beside the key that already sent it.
  field.addEventListener("beforeinput", (e) => {
    if (e.inputType === "insertLineBreak" && !shifted) e.preventDefault();
  });
}
for (const group of document.querySelectorAll(".suggestions")) {
  group.addEventListener("click", (e) => {
    const text = e.target.closest("button")?.dataset.text;
    if (text === undefined) return;
    const field = $("textarea", group.parentElement);
    field.value = text;
    fit(field);
    field.focus();
  });
}
for (const button of document.querySelectorAll("[data-by]")) {
  button.addEventListener("click", () => post("advance", { by: button.dataset.by }));
}
$("#reset").addEventListener("click", () => post("reset", {}));
$("#error button").addEventListener("click", () => complain(""));
$(".replying button").addEventListener("click", () => { stopReplying(); $("#say-mattermost").focus(); });
listen();
