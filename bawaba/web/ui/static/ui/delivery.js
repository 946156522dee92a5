// The delivery lines of messages that are still on their way, looked at again a few times; without this file, on reload.
const SECONDS = [2, 4, 8, 16, 32];
const waiting = () => [...document.querySelectorAll('[data-waiting]')];
const passed = (seconds) => new Promise((resolve) => setTimeout(resolve, 1000 * seconds));

for (const seconds of SECONDS) {
  await passed(seconds);
  const [line] = waiting();
  if (!line) break;
  if (document.hidden) continue;
  const answer = await fetch(line.dataset.waiting).catch(() => null);
  if (!answer?.ok) break;
  const page = new DOMParser().parseFromString(await answer.text(), 'text/html');
  for (const old of waiting()) {
    const fresh = page.getElementById(old.id);
    if (fresh && fresh.textContent !== old.textContent) old.replaceChildren(...fresh.childNodes);   // announced: role=status
    if (fresh) old.className = fresh.className;
    if (!fresh?.dataset.waiting) old.removeAttribute('data-waiting');
  }
}
