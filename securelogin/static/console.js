// Improves the console's pages, all of which work without it: buttons that copy, and say so.

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
