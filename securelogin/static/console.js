// Improves the console's pages, all of which work without it: buttons that copy, and say so; and what htmx changes on a
// page is announced, or gives way to the whole page where the answer is another one, such as the login page.

const announced = document.getElementById("announced");

for (const button of document.querySelectorAll("[data-copies]")) {
  const field = document.getElementById(button.dataset.copies);
  const words = button.textContent;
  button.hidden = false;
  button.addEventListener("click", async () => {
    field.select();
    try {
      await navigator.clipboard.writeText(field.value);
    } catch {
      document.execCommand("copy"); // plain http, where there is no clipboard object
    }
    button.textContent = announced.textContent = button.dataset.copied;
    setTimeout(() => { button.textContent = words; announced.textContent = ""; }, 2000);
  });
}

// In a row of tabs that is too long for its window, the current one is to be seen.
for (const tab of document.querySelectorAll(".tabs [aria-current]")) {
  const row = tab.closest(".tabs");
  row.scrollLeft = tab.offsetLeft - (row.clientWidth - tab.offsetWidth) / 2;
}

document.addEventListener("htmx:beforeSwap", (event) => {
  const { xhr, pathInfo, isError } = event.detail;
  const asked = new URL(pathInfo.finalRequestPath, location.href);
  if (isError || new URL(xhr.responseURL).pathname !== asked.pathname) {
    event.detail.shouldSwap = false;
    location.assign(asked);
  }
});

document.addEventListener("htmx:beforeHistoryUpdate", ({ detail: { history } }) => {
  if (new URL(history.path, location.href).href === location.href) history.type = "replace"; // asked again: one step back
});

document.addEventListener("htmx:afterSettle", () => {
  announced.textContent = document.querySelector("[data-announced]")?.dataset.announced ?? "";
});
