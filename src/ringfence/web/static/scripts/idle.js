// Warns two minutes before an idle session ends, and lets its user stay. Other tabs count: the server is asked.
// What was typed into a form that says so is sent to be kept, in case nobody answers the warning.
const box = document.getElementById("idle");
const WARNING = 120;
const LOOK_AGAIN = 15;
let timer;

function later(seconds) {
  clearTimeout(timer);
  timer = setTimeout(look, Math.max(seconds, 1) * 1000);
}

function act(left) {
  if (left <= 0) {
    const here = location.pathname + location.search;
    location.assign(`${box.dataset.signIn}?next=${encodeURIComponent(here)}`);
  } else if (left <= WARNING) {
    if (!box.open) box.showModal();
    later(Math.min(left, LOOK_AGAIN));
  } else {
    if (box.open) box.close();
    later(left - WARNING);
  }
}

function typed(form) {
  if (form.dataset.keep === "unsaved") return true;
  return [...form.elements].some((field) => "defaultValue" in field && field.type !== "hidden" && field.value !== field.defaultValue);
}

async function keep(form) {
  const headers = { [box.dataset.keeping]: "1" };
  await fetch(form.action, { method: "POST", headers, body: new FormData(form), redirect: "manual" });
}

async function look() {
  try {
    // First: a session that has ended while the computer slept is known by the request that finds it so.
    await Promise.all([...document.querySelectorAll("form[data-keep]")].filter(typed).map(keep));
    const answer = await fetch(box.dataset.address, { headers: { Accept: "application/json" } });
    act((await answer.json()).left);
  } catch {
    later(LOOK_AGAIN);
  }
}

if (box) {
  const form = box.querySelector("form");
  form.addEventListener("submit", async (event) => {
    event.preventDefault();
    const answer = await fetch(form.action, { method: "POST", body: new FormData(form) });
    act(answer.ok ? (await answer.json()).left : 0);
  });
  // Closing it with Escape is staying, too.
  box.addEventListener("cancel", (event) => {
    event.preventDefault();
    form.requestSubmit();
  });
  later(Number(box.dataset.left) - WARNING);
}
