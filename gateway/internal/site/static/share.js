// The share sheet is made of links. A script is needed only to copy, and to open
// the share dialogue of the device; both stay hidden where the browser cannot.
// It sends nothing anywhere and remembers nothing.
const sheet = document.querySelector(".share");
const said = sheet.querySelector("[role=status]");
const field = sheet.querySelector("input");
const copy = sheet.querySelector("button.copy");
const device = sheet.querySelector("button.device");

if (field && copy) {
  field.addEventListener("focus", () => field.select());
  copy.hidden = false;
  copy.addEventListener("click", async () => {
    try {
      await copyText();
      said.textContent = sheet.dataset.copied;
    } catch {
      field.focus();
      field.select();
      said.textContent = sheet.dataset.notCopied;
    }
  });
}

// Browsers have the clipboard only on pages that came encrypted.
async function copyText() {
  if (navigator.clipboard) return navigator.clipboard.writeText(field.value);
  field.select();
  if (!document.execCommand("copy")) throw new Error("not copied");
  copy.focus();
}

if (device) {
  const { title, text } = sheet.dataset;
  const shared = { title, text: text ? title + "\n" + text : title, url: device.value };
  if (navigator.canShare?.(shared)) {
    device.closest("li").hidden = false;
    document.getElementById(device.getAttribute("aria-describedby")).hidden = false;
    device.addEventListener("click", async () => {
      try {
        await navigator.share(shared);
      } catch (problem) {
        // Who closes the dialogue has not shared, and need not be told.
        if (problem.name !== "AbortError") field?.focus();
      }
    });
  }
}
