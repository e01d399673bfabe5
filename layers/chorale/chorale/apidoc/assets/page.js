"use strict";
// Without script the page is a manual: what needs one is hidden until here.
document.documentElement.classList.add("js");
// Behind API Gateway the page is under a stage: /sandbox/docs. Everything is called beside it.
const base = location.pathname.replace(/\/docs\/?$/, "");
document.getElementById("openapi").href = `${base}/docs/openapi.json`;

// The first steps are typed against this very server.
for (const code of document.querySelectorAll("[data-server] pre")) {
  code.textContent = code.textContent.replace(/^CHORALE=\S+/, `CHORALE=${location.origin}${base}`);
}

const connection = document.getElementById("connection");
const connected = document.getElementById("connected");
let token = "";

const inBase64 = (text) => btoa(String.fromCharCode(...new TextEncoder().encode(text)));

function say(place, text, kind) {
  place.textContent = text;
  place.className = kind;
}

async function getToken() {
  const given = new FormData(connection);
  const form = new URLSearchParams({
    grant_type: "client_credentials",
    client_id: given.get("client"),
    client_secret: given.get("secret"),
    scope: "openid",
  });
  say(connected, "Demande du jeton…", "");
  try {
    const answer = await fetch(`${base}/api/oauth/token`, { method: "POST", body: form });
    const content = await answer.json();
    token = content.access_token || "";
    if (token) say(connected, `Jeton obtenu, valable ${Math.round(content.expires_in / 60)} minutes.`, "done");
    else say(connected, content.error_description || content.libelle || `HTTP ${answer.status}`, "refused");
  } catch (error) {
    say(connected, `Le service ne répond pas (${error.message}).`, "refused");
  }
}

connection.addEventListener("submit", (event) => {
  event.preventDefault();
  getToken();
});

function headers(media) {
  const given = new FormData(connection);
  const named = media ? { "Content-Type": media } : {};
  if (token) named.Authorization = `Bearer ${token}`;
  if (given.get("login")) named["cpro-account"] = inBase64(`${given.get("login")}:${given.get("password")}`);
  return named;
}

// What a file in base64 begins with, and what it is called once saved.
const KINDS = [["JVBERi", "pdf"], ["UEsDB", "zip"], ["PD94", "xml"], ["H4sI", "tar.gz"]];
const SHORTEST_FILE = 24;
const SHOWN_AT_MOST = 200000;

function filesOf(content, found = []) {
  if (content && typeof content === "object") {
    for (const [name, value] of Object.entries(content)) {
      const kind = typeof value === "string" && value.length >= SHORTEST_FILE && KINDS.find(([first]) => value.startsWith(first));
      if (kind) found.push({ name, value, file: `${name}.${kind[1]}` });
      else filesOf(value, found);
    }
  }
  return found;
}

function saveLink(label, file, bytes) {
  const link = document.createElement("a");
  link.href = URL.createObjectURL(new Blob([bytes], { type: "application/octet-stream" }));
  link.download = file;
  link.textContent = label;
  link.className = "save";
  return link;
}

function parsed(text) {
  try {
    return JSON.parse(text);
  } catch {
    return undefined;
  }
}

function show(place, status, text, done, name) {
  const verdict = document.createElement("p");
  say(verdict, status, done ? "done" : "refused");
  const links = document.createElement("p");
  links.className = "actions";
  const content = parsed(text);
  let shown = text;
  for (const { name: field, value, file } of filesOf(content)) {
    const bytes = Uint8Array.from(atob(value), (letter) => letter.charCodeAt(0));
    const size = Math.max(1, Math.round(bytes.length / 1000));
    links.append(saveLink(`Enregistrer ${field} (${size} ko)`, file, bytes));
    shown = shown.replace(value, `${value.slice(0, 40)}… (${value.length} caractères)`);
  }
  if (content && /^https?:/.test(content.lienTelechargement || "")) {
    const link = document.createElement("a");
    link.href = content.lienTelechargement;
    link.textContent = "Télécharger le fichier";
    links.append(link);
  }
  if (text) links.append(saveLink("Enregistrer la réponse", `${name}.${content === undefined ? "txt" : "json"}`, text));
  const body = document.createElement("pre");
  body.tabIndex = 0;
  body.textContent = readable(shown).slice(0, SHOWN_AT_MOST);
  for (const old of place.querySelectorAll("a.save")) URL.revokeObjectURL(old.href);
  place.replaceChildren(verdict, links, body);
}

function readable(text) {
  const content = parsed(text);
  return content === undefined ? text : JSON.stringify(content, null, 2);
}

function isDone(answer, text) {
  const content = parsed(text);
  return answer.ok && !(content && content.codeRetour);
}

function addressOf(form) {
  let address = base + form.dataset.path;
  for (const input of form.querySelectorAll("[data-parameter]")) {
    address = address.replace(`{${input.dataset.parameter}}`, encodeURIComponent(input.value));
  }
  return address;
}

function replayKey(form) {
  const input = form.querySelector('[data-parameter="Idempotency-Key"]');
  return input && input.value ? { "Idempotency-Key": input.value } : {};
}

async function send(form) {
  const { method, media } = form.dataset;
  const place = form.querySelector("output");
  const name = form.closest("article").id;
  const body = media ? form.querySelector("textarea").value : undefined;
  const start = performance.now();
  try {
    const answer = await fetch(addressOf(form), { method, headers: { ...headers(media), ...replayKey(form) }, body });
    const text = await answer.text();
    const spent = Math.round(performance.now() - start);
    show(place, `HTTP ${answer.status} en ${spent} ms`, text, isDone(answer, text), name);
  } catch (error) {
    show(place, `Pas de réponse (${error.message})`, "", false, name);
  }
}

// The secrets stay out of what is copied: they are the variables of the first steps.
function curlOf(form) {
  const { method, media, open } = form.dataset;
  const quoted = (text) => `'${text.replaceAll("'", "'\\''")}'`;
  const lines = [`curl -X ${method} ${quoted(location.origin + addressOf(form))}`];
  if (!open) lines.push('-H "Authorization: Bearer $JETON"', '-H "cpro-account: $COMPTE"');
  for (const [name, value] of Object.entries(replayKey(form))) lines.push(`-H ${quoted(`${name}: ${value}`)}`);
  if (media) lines.push(`-H ${quoted(`Content-Type: ${media}`)}`, `-d ${quoted(form.querySelector("textarea").value)}`);
  return lines.join(" \\\n  ");
}

async function copy(button, text) {
  const label = button.dataset.label || button.textContent;
  button.dataset.label = label;
  try {
    await navigator.clipboard.writeText(text);
    button.textContent = "Copié";
  } catch {
    button.textContent = "Copie refusée par le navigateur";
  }
  setTimeout(() => { button.textContent = label; }, 2000);
}

for (const button of document.querySelectorAll("[data-copy]")) {
  button.addEventListener("click", () => copy(button, button.parentElement.querySelector("pre").textContent));
}

for (const button of document.querySelectorAll("[data-curl]")) {
  button.addEventListener("click", () => copy(button, curlOf(button.form)));
}

for (const form of document.querySelectorAll(".trial form")) {
  form.addEventListener("submit", async (event) => {
    event.preventDefault();
    const button = form.querySelector("button:not([type])");
    button.disabled = true;
    await send(form);
    button.disabled = false;
  });
}

// On one's own machine the demonstration's values are filled in: choosing an account is all that it takes.
const atHome = ["localhost", "127.0.0.1", "[::1]"].includes(location.hostname);
const demonstrated = connection.querySelectorAll("[data-demo]");
if (atHome) for (const input of demonstrated) input.value ||= input.dataset.demo;

for (const button of document.querySelectorAll("[data-login]")) {
  button.addEventListener("click", async () => {
    connection.elements.login.value = button.dataset.login;
    if (atHome) {
      for (const input of demonstrated) input.value ||= input.dataset.demo;
      if (!token) await getToken();
    }
    button.textContent = token ? "Compte pris" : "Compte pris : obtenez un jeton en haut de la page";
  });
}

async function syntaxOf(file, syntaxes) {
  const start = await file.slice(0, 4000).text();
  if (start.startsWith("%PDF")) return syntaxes["%PDF"];
  const root = start.replace(/<[?!][^>]*>/g, "").match(/<(?:[\w.-]+:)?([\w.-]+)/);
  return root ? syntaxes[root[1]] : undefined;
}

async function inHexadecimal(bytes) {
  const digest = new Uint8Array(await crypto.subtle.digest("SHA-256", bytes));
  return Array.from(digest, (byte) => byte.toString(16).padStart(2, "0")).join("");
}

for (const input of document.querySelectorAll("[data-file]")) {
  input.addEventListener("change", async () => {
    const [file] = input.files;
    if (!file) return;
    const bytes = new Uint8Array(await file.arrayBuffer());
    const area = input.form.querySelector("textarea");
    const asked = parsed(area.value) || {};
    if (input.dataset.file) {
      let binary = "";
      for (let start = 0; start < bytes.length; start += 32768) {
        binary += String.fromCharCode(...bytes.subarray(start, start + 32768));
      }
      asked[input.dataset.file] = btoa(binary);
    }
    const extension = file.name.includes(".") ? file.name.split(".").pop().toUpperCase() : "";
    const said = { nomFichier: file.name, pieceJointeNom: file.name, pieceJointeExtension: extension, taille: file.size };
    if (file.type) said.pieceJointeTypeMime = file.type;
    const syntax = await syntaxOf(file, JSON.parse(input.dataset.syntaxes));
    if (syntax) said.syntaxeFlux = syntax;
    if ("sha256" in asked && crypto.subtle) said.sha256 = await inHexadecimal(bytes);
    for (const [name, value] of Object.entries(said)) if (name in asked) asked[name] = value;
    area.value = JSON.stringify(asked, null, 2);
  });
}

// The search: from here to its end, nothing needs the page.
const plain = (text) => text.normalize("NFD").replace(/\p{Diacritic}/gu, "").toLowerCase().replace(/œ/g, "oe").replace(/æ/g, "ae");
// « rejeter » finds « rejetée » and « annulation » finds « annuler »: what is left of a word without its ending.
const ENDING = /^(.{4,}?)(?:ements?|ations?|ions?|ees?|es|er|ez|e|s|x)$/;
const stem = (word) => word.replace(ENDING, "$1");
// From the beginning of a word, or of a part of a name: « depot » finds dateDepot, « eur » does not find « erreur ».
const parts = (text) => ` ${plain(text.replace(/(\p{Ll}|\d)(\p{Lu})/gu, "$1 $2"))} ${plain(text)}`.replace(/[^\p{L}\d]+/gu, " ");
const together = (word) => word.replace(/[^\p{L}\d]+/gu, " ").trim();
const wantedOf = (text) => plain(text).split(/\s+/).map(together).filter(Boolean).map((word) => (word.includes(" ") ? word : stem(word)));
const has = (words, word) => words.includes(` ${word}`);
const rank = (title, wanted) => wanted.filter((word) => has(title, word)).length;
// Codes of findings (CHO-...) and terms of an invoice (BT-10, BG-3) are explained elsewhere.
const CODE = /^\s*((?:CHO|BR|G\d|PEPPOL|UBL|CII|BT|BG)-[\w.-]+)\s*$/i;
const pointer = (text) => {
  const code = (CODE.exec(text) || [])[1];
  if (!code) return "";
  if (/^B[TG]-/i.test(code)) return `${code.toUpperCase()} est un terme de la norme EN 16931 ; docs/messages.md a les messages qui citent ces termes.`;
  return `« chorale explain ${code.toUpperCase()} » l'explique ; docs/messages.md a tous les codes.`;
};
// The end of the search.
const summary = document.querySelector("nav");
const searched = Array.from(document.querySelectorAll("article, .guide"), (place) => {
  const fields = Array.from(place.querySelectorAll("details:has(table)"), (details) => ({ details, words: parts(details.textContent) }));
  const said = Array.from(place.querySelectorAll("header, h3, p, td"), (part) => part.textContent).join(" ");
  return {
    place,
    fields,
    words: parts(said),
    title: parts(Array.from(place.querySelectorAll("header, h3, header ~ p"), (part) => part.textContent).join(" ")),
    link: document.querySelector(`nav a[href="#${place.id}"]`).parentElement,
  };
});
const count = document.getElementById("count");
const opened = new Set();

document.getElementById("filter").addEventListener("input", (event) => {
  const wanted = wantedOf(event.target.value);
  let number = 0;
  for (const details of opened) details.open = false;
  opened.clear();
  for (const { place, fields, words, title, link } of searched) {
    const found = wanted.every((word) => has(words, word));
    number += found ? 1 : 0;
    place.hidden = !found;
    // In its chapter, what has the words in its title comes first.
    place.style.order = wanted.length - rank(title, wanted);
    link.style.order = place.style.order;
    link.hidden = !found;
    if (!found) continue;
    // A word that only a table of fields has: the table is opened.
    for (const { details, words: inside } of fields) {
      if (wanted.some((word) => has(inside, word) && !has(title, word)) && !details.open) {
        details.open = true;
        opened.add(details);
      }
    }
  }
  for (const group of document.querySelectorAll(".group")) {
    group.hidden = !group.querySelector("article:not([hidden]), .guide:not([hidden])");
    summary.querySelector(`h2:has(a[href="#${group.id}"])`).hidden = group.hidden;
  }
  // On a narrow screen the summary shows chapters only, and what was found is what one looks for.
  summary.classList.toggle("searching", wanted.length > 0);
  document.querySelector("main").classList.toggle("searching", wanted.length > 0);
  const told = number ? `${number} trouvé${number > 1 ? "s" : ""}` : "Rien de tel";
  count.textContent = wanted.length ? [told, pointer(event.target.value)].filter(Boolean).join(". ") : "";
});
