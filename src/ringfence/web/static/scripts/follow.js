// Follows work in the background: asks for the same page again until it is another one, without moving the reader.
const EVERY = 1000;

function take(old, fresh) {
  for (const { name } of [...old.attributes]) if (!fresh.hasAttribute(name)) old.removeAttribute(name);
  for (const { name, value } of fresh.attributes) if (old.getAttribute(name) !== value) old.setAttribute(name, value);
  if (old.innerHTML !== fresh.innerHTML) old.innerHTML = fresh.innerHTML;
}

async function look() {
  const box = document.querySelector("[data-follow]");
  try {
    const answer = await fetch(location.href, { headers: { Accept: "text/html" } });
    const page = new DOMParser().parseFromString(await answer.text(), "text/html");
    const fresh = page.querySelector("[data-follow]");
    if (!fresh) {
      location.reload();
      return;
    }
    for (const part of ["[role=status]", "progress"]) take(box.querySelector(part), fresh.querySelector(part));
  } catch {
    // The server is away for a moment: ask again.
  }
  setTimeout(look, EVERY);
}

setTimeout(look, EVERY);
