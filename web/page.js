// The camera list with its pictures. Text from the daemon is only ever set as text, never as markup.

const cameras = document.getElementById("cameras");
const summary = document.getElementById("summary");
const cards = new Map();

function element(tag, className) {
  const made = document.createElement(tag);
  if (className) made.className = className;
  return made;
}

function makeCard() {
  const root = element("article");
  const picture = element("img");
  const title = element("h2");
  const state = element("p", "state");
  root.append(picture, title, state);
  cameras.append(root);
  return { root, picture, title, state, busy: false };
}

/** The next picture is asked for when the last has come: a slow line gets fewer, never a queue. */
function refresh(card, id) {
  if (card.busy || document.hidden) return;
  const next = new Image();
  card.busy = true;
  next.onload = () => { card.picture.src = next.src; card.busy = false; };
  next.onerror = () => { card.busy = false; };
  next.src = `/api/v1/cameras/${encodeURIComponent(id)}/snapshot.jpg?view=overlay&t=${Date.now()}`;
}

function show(camera) {
  if (!cards.has(camera.id)) cards.set(camera.id, makeCard());
  const card = cards.get(camera.id);
  card.root.className = camera.state;
  card.title.textContent = camera.name || camera.id;
  card.picture.alt = `Picture of ${camera.name || camera.id}`;
  const words = [camera.state, camera.health, camera.light, `${camera.fps_received.toFixed(1)} fps`, camera.reason];
  card.state.textContent = words.filter(Boolean).join(" · ");
  if (camera.state === "streaming") refresh(card, camera.id);
}

async function update() {
  try {
    const answer = await fetch("/api/v1/cameras");
    if (!answer.ok) throw new Error(`HTTP ${answer.status}`);
    const list = (await answer.json()).cameras;
    for (const [id, card] of cards) {
      if (!list.some((camera) => camera.id === id)) { card.root.remove(); cards.delete(id); }
    }
    list.forEach(show);
    const streaming = list.filter((camera) => camera.state === "streaming").length;
    summary.textContent = `${streaming} of ${list.length} cameras streaming`;
  } catch (error) {
    summary.textContent = `The daemon does not answer (${error.message})`;
  }
}

update();
setInterval(update, 1000);
