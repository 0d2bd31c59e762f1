// Asks again for a page that is being worked out, says how far it has come, and shows it once it is there.
const told = document.getElementById("waiting");
const EVERY = 2000;

async function look() {
  try {
    const answer = await fetch(location.href, { redirect: "error" });
    const page = new DOMParser().parseFromString(await answer.text(), "text/html");
    const now = page.getElementById("waiting");
    if (!now) {
      location.reload();
      return;
    }
    told.textContent = now.textContent;
  } catch {
    // The network or the server is away for a moment; the button is there all the while.
  }
  setTimeout(look, EVERY);
}

if (told) setTimeout(look, EVERY);
