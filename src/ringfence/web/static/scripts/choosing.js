// A page of choices: the box in the head of the table ticks all rows shown, the count follows every tick, and
// ticks are sent to be kept when the page is left by a link. Without scripts buttons do the same.
const form = document.getElementById("choosing");
const boxes = [...form.querySelectorAll('input[name="tick"]')];
const whole = document.getElementById("whole-page");
const count = document.getElementById("selected");
const ticked = () => boxes.filter((box) => box.checked).length;
const number = (text) => Number(text.replaceAll(",", ""));
const FIGURE = /\d[\d,]*/;
let elsewhere = number(count.textContent.match(FIGURE)[0]) - ticked();
let sent = boxes.map((box) => box.checked).join();
let leaving = false;

function follow() {
  const here = ticked();
  if (whole) {
    whole.checked = here === boxes.length;
    whole.indeterminate = here > 0 && here < boxes.length;
  }
  count.textContent = count.textContent.replace(FIGURE, (elsewhere + here).toLocaleString("en-GB"));
}

whole?.addEventListener("change", () => {
  for (const box of boxes) box.checked = whole.checked;
  follow();
});
for (const box of boxes) box.addEventListener("change", follow);
follow();

form.addEventListener("submit", () => {
  leaving = true;
});

// The first button of the form stands in the head of the page, where the language is changed.
document.getElementById("search").addEventListener("keydown", (event) => {
  if (event.key !== "Enter") return;
  event.preventDefault();
  form.requestSubmit(form.querySelector('button[name="go"][value="search"]'));
});

addEventListener("pagehide", () => {
  const now = boxes.map((box) => box.checked).join();
  if (leaving || now === sent) return;
  sent = now;
  const ticks = new FormData(form);
  ticks.set("go", "keep");
  navigator.sendBeacon(form.action, ticks);
});
addEventListener("pageshow", () => {
  leaving = false;
});
