"use strict";
// Behind API Gateway the page is under a stage: /sandbox/docs. Everything is called beside it.
const base = location.pathname.replace(/\/docs\/?$/, "");
document.getElementById("description").href = `${base}/docs/openapi.json`;

const connection = document.getElementById("connection");
const connected = document.getElementById("connected");
let token = "";

const inBase64 = (text) => btoa(String.fromCharCode(...new TextEncoder().encode(text)));

function say(place, text, kind) {
  place.textContent = text;
  place.className = kind;
}

connection.addEventListener("submit", async (event) => {
  event.preventDefault();
  const given = new FormData(connection);
  const form = new URLSearchParams({
    grant_type: "client_credentials",
    client_id: given.get("client"),
    client_secret: given.get("secret"),
    scope: "openid",
  });
  try {
    const answer = await fetch(`${base}/api/oauth/token`, { method: "POST", body: form });
    const content = await answer.json();
    token = content.access_token || "";
    if (token) say(connected, `Jeton obtenu, valable ${Math.round(content.expires_in / 60)} minutes.`, "done");
    else say(connected, content.error_description || content.libelle || `HTTP ${answer.status}`, "refused");
  } catch (error) {
    say(connected, `Le service ne répond pas (${error.message}).`, "refused");
  }
});

function headers(media) {
  const given = new FormData(connection);
  const named = media ? { "Content-Type": media } : {};
  if (token) named.Authorization = `Bearer ${token}`;
  if (given.get("login")) named["cpro-account"] = inBase64(`${given.get("login")}:${given.get("password")}`);
  return named;
}

function show(place, status, text, done) {
  const verdict = document.createElement("p");
  say(verdict, status, done ? "done" : "refused");
  const body = document.createElement("pre");
  body.textContent = text;
  place.replaceChildren(verdict, body);
}

function readable(text) {
  try {
    return JSON.stringify(JSON.parse(text), null, 2);
  } catch {
    return text;
  }
}

function isDone(answer, text) {
  try {
    return answer.ok && !JSON.parse(text).codeRetour;
  } catch {
    return answer.ok;
  }
}

async function send(form) {
  const { method, path, media } = form.dataset;
  let address = base + path;
  for (const input of form.querySelectorAll("[data-parameter]")) {
    address = address.replace(`{${input.dataset.parameter}}`, encodeURIComponent(input.value));
  }
  const place = form.querySelector("output");
  const body = media ? form.querySelector("textarea").value : undefined;
  const start = performance.now();
  try {
    const answer = await fetch(address, { method, headers: headers(media), body });
    const text = await answer.text();
    const spent = Math.round(performance.now() - start);
    show(place, `HTTP ${answer.status} en ${spent} ms`, readable(text).slice(0, 200000), isDone(answer, text));
  } catch (error) {
    show(place, "Pas de réponse", error.message, false);
  }
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

for (const button of document.querySelectorAll("[data-login]")) {
  button.addEventListener("click", () => {
    connection.elements.login.value = button.dataset.login;
    button.textContent = "Compte pris";
  });
}

for (const input of document.querySelectorAll("[data-file]")) {
  input.addEventListener("change", async () => {
    const [file] = input.files;
    if (!file) return;
    const bytes = new Uint8Array(await file.arrayBuffer());
    let binary = "";
    for (let start = 0; start < bytes.length; start += 32768) {
      binary += String.fromCharCode(...bytes.subarray(start, start + 32768));
    }
    const area = input.form.querySelector("textarea");
    const asked = JSON.parse(area.value);
    asked[input.dataset.file] = btoa(binary);
    asked.nomFichier = file.name;
    area.value = JSON.stringify(asked, null, 2);
  });
}

document.getElementById("filter").addEventListener("input", (event) => {
  const wanted = event.target.value.trim().toLowerCase();
  for (const article of document.querySelectorAll("article")) {
    const found = article.querySelector("header").textContent.toLowerCase().includes(wanted);
    article.hidden = !found;
    document.querySelector(`nav a[href="#${article.id}"]`).parentElement.hidden = !found;
  }
  for (const group of document.querySelectorAll(".group")) {
    group.hidden = !group.querySelector("article:not([hidden])");
  }
});
