// Keeps the values of a page fresh until the reader pauses them. Without this module
// the page is complete and "Show again" does the same by hand.
const SECONDS = 5;

const pause = document.querySelector("[data-pause]");
const trouble = document.querySelector("[data-trouble]");
let paused = false;

pause.hidden = false;
pause.addEventListener("click", () => {
  paused = !paused;
  pause.setAttribute("aria-pressed", String(paused));
});

async function refresh() {
  const answer = await fetch(location.href, { headers: { Accept: "text/html" } });
  if (!answer.ok) throw new Error(String(answer.status));
  const page = new DOMParser().parseFromString(await answer.text(), "text/html");
  document.querySelector("[data-live]").replaceWith(page.querySelector("[data-live]"));
}

setInterval(async () => {
  if (paused || document.hidden) return;
  try {
    await refresh();
    trouble.hidden = true;
  } catch {
    trouble.hidden = false;
  }
}, SECONDS * 1000);
