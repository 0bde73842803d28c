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

// A request for a document: no text of ours has to become markup.
function read() {
  return new Promise((resolve, reject) => {
    const request = new XMLHttpRequest();
    request.open("GET", location.href);
    request.responseType = "document";
    request.setRequestHeader("Accept", "text/html");
    request.onload = () =>
      request.status === 200 ? resolve(request.response) : reject(request.status);
    request.onerror = reject;
    request.send();
  });
}

async function refresh() {
  const page = await read();
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
