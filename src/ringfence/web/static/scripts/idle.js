// Warns two minutes before an idle session ends, and lets its user stay. Other tabs count: the server is asked.
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

async function look() {
  try {
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
